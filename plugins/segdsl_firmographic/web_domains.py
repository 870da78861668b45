"""Reads the registrable web domain from a web address, a host or an e-mail address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import cache
from typing import NamedTuple

import publicsuffixlist

from segdsl_firmographic.tables import read_lines

LONGEST_ADDRESS = 4000
LONGEST_HOST = 253
# How nearly all addresses are written; each part ends at a sign that it can't hold.
_USUAL = re.compile(r"(?:https?://|([A-Za-z0-9._+-]+@))?([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)/?")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_PARTED = str.maketrans(dict.fromkeys(",;|", " "))
_AFTER_HOST = re.compile(r"[/?#\\:]")
_DOTS = str.maketrans(dict.fromkeys("。．｡", "."))


class _Rule(Enum):
    """Who made a rule of the Public Suffix List: a registry (ICANN), a provider, or that it is an exception."""

    REGISTRY = 1
    PRIVATE = 2
    EXCEPTION = 3


class Suffixes(NamedTuple):
    """Rules of the Public Suffix List by suffix, those of wildcards by what follows the `*.`.

    `inner` are the suffixes that longer rules end with.
    """

    rules: Mapping[str, _Rule]
    wild: Mapping[str, _Rule]
    inner: frozenset[str]


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


class Reading(NamedTuple):
    """What an address tells: its registrable domain or why it has none, and whether its host gives free mail.

    `is_free` is None where there is no host.
    """

    domain: str | None
    lack: Lack | None
    is_free: bool | None


def read_web(text: str) -> Reading:
    """The registrable domain of an address as `read_domain` gives it, and free mail as `is_free_mail` does."""
    address = read_address(text)
    if isinstance(address, Lack):
        return Reading(None, address, None)
    domain = registrable(address.host)
    if isinstance(domain, Lack):
        is_free = address.host in free_mail() or (None if domain is not Lack.SHARED else False)
        return Reading(None, domain, is_free)
    is_free = address.host in free_mail() or domain in free_mail()
    if address.is_mail and is_free:
        return Reading(None, Lack.FREE_MAIL, is_free)
    return Reading(domain, None, is_free)


def read_domain(text: str) -> Domain:
    """The registrable domain of a web address, a host or an e-mail address, by the Public Suffix List.

    `https://www.Acme.co.uk:8080/about` and `jo@mail.acme.co.uk` give `acme.co.uk`. International names are given in
    ASCII, as they are registered: `xn--mller-kva.de`. Of several addresses the first counts. An e-mail address at a
    provider of free mail has no domain.
    """
    reading = read_web(text)
    return Domain(reading.domain, reading.lack)


def is_free_mail(text: str) -> bool | None:
    """Whether an e-mail address (or its host alone) is at a provider of free mail; None where there is no host."""
    return read_web(text).is_free


def read_address(text: str) -> Address | Lack:
    """The host of the first address in a text."""
    usual = _USUAL.fullmatch(text) if len(text) <= LONGEST_HOST else None
    if usual is not None:
        return Address(usual[2].lower(), usual[1] is not None)
    if len(text) > LONGEST_ADDRESS:
        return Lack.UNREADABLE
    words = (text if text.isascii() else text.translate(_DOTS)).lower().translate(_PARTED).split()
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
    if _HOST.fullmatch(host) is None or len(host) > LONGEST_HOST:
        return Lack.NO_HOST if is_mail or name else Lack.UNREADABLE
    return Address(host, is_mail)


def registrable(host: str) -> str | Lack:
    """The domain of a host that its owner registered: one label below the public suffix.

    Private suffixes count (`acme.github.io` stays whole), except that a provider's own host below a registry
    (`github.io` itself) is its domain. A suffix that isn't listed is none.
    """
    suffix, registry = _public_suffixes(host)
    if not registry:
        return Lack.NUMBER if host.replace(".", "").isdigit() else Lack.UNREADABLE
    if suffix != registry and host in (suffix, "www." + suffix):
        host, suffix = suffix, registry
    if len(suffix) == len(host):
        return Lack.SHARED
    end = len(host) - len(suffix) - 1
    name = host[host.rfind(".", 0, end) + 1 : end]
    if name[0] == "-" or name[-1] == "-" or len(name) > 63:
        return Lack.UNREADABLE
    return f"{name}.{suffix}"


def is_plain_suffix(name: str) -> bool:
    """Whether a registry's rule makes a name a suffix, and no rule with a wildcard is about the names below it."""
    return suffixes().rules.get(name) is _Rule.REGISTRY and name not in suffixes().wild


def _public_suffixes(host: str) -> tuple[str, str]:
    """The public suffix of a host, and what of it is by a registry's rule; empty without a rule."""
    rules, wild, inner = suffixes()
    longest = registry = parent = ""
    end = len(host)
    while end > 0:
        start = host.rfind(".", 0, end) + 1
        suffix = host[start:]
        rule = rules.get(suffix) or wild.get(parent)
        if rule is _Rule.EXCEPTION:
            return parent, parent
        if rule is not None:
            longest = suffix
            registry = suffix if rule is _Rule.REGISTRY else registry
        if suffix not in inner:
            break
        parent, end = suffix, start - 1
    return longest, registry


def _in_ascii(host: str) -> str:
    """A host in the form in which international names are registered (IDNA 2008), empty if that can't be."""
    labels = unicodedata.normalize("NFKC", host).lower().split(".")
    if not all(_is_label(label) for label in labels):
        return ""
    return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in labels)


def _is_label(label: str) -> bool:
    return 0 < len(label) <= 63 and all(
        sign.isalnum() or sign == "-" or unicodedata.category(sign)[0] == "M" for sign in label
    )


@cache
def suffixes() -> Suffixes:
    """The Public Suffix List that the package publicsuffixlist carries, international names in ASCII."""
    rules: dict[str, _Rule] = {}
    wild: dict[str, _Rule] = {}
    rule = _Rule.REGISTRY
    with open(publicsuffixlist.PSLFILE, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("// ===BEGIN"):
                rule = _Rule.REGISTRY if "ICANN" in line else _Rule.PRIVATE
            elif (suffix := line.strip().lower()) and not suffix.startswith("//"):
                bare = suffix.removeprefix("!")
                name = ".".join(label if label.isascii() else _in_ascii(label) for label in bare.split("."))
                if name.startswith("*."):
                    wild[name[2:]] = rule
                else:
                    rules[name] = rule if bare == suffix else _Rule.EXCEPTION
    parents = {*(name.partition(".")[2] for name in rules), *wild}
    inner = {parent.split(".", depth)[-1] for parent in parents for depth in range(parent.count(".") + 1)}
    return Suffixes(rules, wild, frozenset(inner))


@cache
def free_mail() -> frozenset[str]:
    """Domains of providers of free or throw-away mail."""
    return frozenset(read_lines("free_mail_domains.txt"))
