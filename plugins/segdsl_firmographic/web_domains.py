"""Reads the registrable web domain from a web address, a host or an e-mail address."""

from __future__ import annotations

import re
import unicodedata

from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypeAlias

import publicsuffixlist

LONGEST_ADDRESS = 4000
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_PARTED = str.maketrans(dict.fromkeys(",;|", " "))
_AFTER_HOST = re.compile(r"[/?#\\:]")
_DOTS = str.maketrans(dict.fromkeys("。．｡", "."))

# A public suffix rule ends at a node with an `_ENDS` entry: True for a rule of a registry (ICANN), False for a private one.
_Node: TypeAlias = "dict[str, _Node | bool]"
_ENDS = ""


class Lack(StrEnum):
    """Why an address has no domain."""

    FREE_MAIL = "e-mail addresses at a provider of free mail"
    NO_HOST = "e-mail addresses without a host"
    NUMBER = "addresses that are a bare IP number"
    SHARED = "hosts under which others register, such as `co.uk`"
    UNREADABLE = "texts that hold no web domain"


class Address(NamedTuple):
    """The host that a text names, in lower case and ASCII, and whether it came from an e-mail address."""

    host: str
    is_mail: bool


class Domain(NamedTuple):
    """A registrable domain, or why there is none."""

    name: str | None
    lack: Lack | None = None


def read_domain(text: str) -> Domain:
    """The registrable domain of a web address, a host or an e-mail address, by the Public Suffix List.

    `https://www.Acme.co.uk:8080/about` and `jo@mail.acme.co.uk` give `acme.co.uk`. International names are given in
    ASCII, as they are registered: `xn--mller-kva.de`. Of several addresses the first counts. An e-mail address at a
    provider of free mail has no domain.
    """
    address = read_address(text)
    if isinstance(address, Lack):
        return Domain(None, address)
    domain = registrable(address.host)
    if isinstance(domain, Lack):
        return Domain(None, domain)
    if address.is_mail and (address.host in free_mail() or domain in free_mail()):
        return Domain(None, Lack.FREE_MAIL)
    return Domain(domain)


def is_free_mail(text: str) -> bool | None:
    """Whether an e-mail address (or its host alone) is at a provider of free mail; None where there is no host."""
    address = read_address(text)
    if isinstance(address, Lack):
        return None
    domain = registrable(address.host)
    if isinstance(domain, Lack):
        return address.host in free_mail() or (None if domain is not Lack.SHARED else False)
    return address.host in free_mail() or domain in free_mail()


def read_address(text: str) -> Address | Lack:
    """The host of the first address in a text."""
    if len(text) > LONGEST_ADDRESS:
        return Lack.UNREADABLE
    words = text.lower().translate(_PARTED).split()
    mark = "@" if "@" in text and "://" not in text else "."
    word = next((word for word in words if mark in word), "")
    _, scheme, rest = word.rpartition("://")
    if not scheme:
        rest = rest.removeprefix("mailto:").removeprefix("//")
    place, _, _ = rest.partition("/")
    name, at, host = place.rpartition("@")
    is_mail = bool(at) and not scheme
    host = _AFTER_HOST.split(host.strip("<>()[]{}\"'"), maxsplit=1)[0].strip("<>()[]{}\"'.")
    if not host.isascii():
        host = _in_ascii(host)
    if _HOST.fullmatch(host) is None or len(host) > 253:
        return Lack.NO_HOST if is_mail or name else Lack.UNREADABLE
    return Address(host, is_mail)


def registrable(host: str) -> str | Lack:
    """The domain of a host that its owner registered: one label below the public suffix.

    Private suffixes count (`acme.github.io` stays whole), except that a provider's own host below a registry
    (`github.io` itself) is its domain. A suffix that isn't listed is none.
    """
    labels = host.removeprefix("www.").split(".")
    if len(labels) == 1 or labels[-1].isdigit():
        labels = host.split(".")
    suffix, registry = _suffix_lengths(labels)
    if len(labels) == suffix:
        suffix = registry
    if registry == 0:
        return Lack.NUMBER if labels[-1].isdigit() else Lack.UNREADABLE
    if len(labels) == suffix:
        return Lack.SHARED if host.count(".") < suffix else host
    name = labels[-suffix - 1]
    if name[0] == "-" or name[-1] == "-" or len(name) > 63:
        return Lack.UNREADABLE
    return ".".join(labels[-suffix - 1 :])


def _suffix_lengths(labels: list[str]) -> tuple[int, int]:
    """How many labels the public suffix has, and how many of them by the rules of registries; 0 without a rule."""
    node: _Node = _suffixes()
    longest = registry = 0
    for depth, label in enumerate(reversed(labels), 1):
        below = node.get("!" + label)
        if isinstance(below, dict):
            return depth - 1, depth - 1
        below = node.get(label, node.get("*"))
        if not isinstance(below, dict):
            break
        node = below
        if (by_registry := node.get(_ENDS)) is not None:
            longest = depth
            registry = depth if by_registry else registry
    return longest, registry


def _in_ascii(host: str) -> str:
    """A host in the form in which international names are registered (IDNA 2008), empty if that can't be."""
    labels = unicodedata.normalize("NFKC", host.translate(_DOTS)).lower().split(".")
    if not all(_is_label(label) for label in labels):
        return ""
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in labels
    )


def _is_label(label: str) -> bool:
    return 0 < len(label) <= 63 and all(
        sign.isalnum() or sign == "-" or unicodedata.category(sign)[0] == "M" for sign in label
    )


@cache
def _suffixes() -> _Node:
    """The Public Suffix List that the package publicsuffixlist carries, as a tree of labels from the right."""
    root: _Node = {}
    by_registry = True
    with open(publicsuffixlist.PSLFILE, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("// ===BEGIN"):
                by_registry = "ICANN" in line
            rule = line.strip().lower()
            if rule and not rule.startswith("//"):
                for spelling in {rule, rule if rule.isascii() else _rule_in_ascii(rule)}:
                    _grow(root, spelling, by_registry)
    return root


def _rule_in_ascii(rule: str) -> str:
    return ".".join(label if label.isascii() else _in_ascii(label) for label in rule.split("."))


def _grow(root: _Node, rule: str, by_registry: bool) -> None:
    node = root
    labels = rule.removeprefix("!").split(".")
    for depth, label in enumerate(reversed(labels), 1):
        if rule.startswith("!") and depth == len(labels):
            label = "!" + label
        below = node.setdefault(label, {})
        assert isinstance(below, dict)
        node = below
    node[_ENDS] = by_registry


@cache
def free_mail() -> frozenset[str]:
    """Domains of providers of free or throw-away mail."""
    text = (files("segdsl_firmographic") / "data" / "free_mail_domains.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


