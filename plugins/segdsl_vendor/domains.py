"""Registrable domains of sites and e-mail addresses; none for hosts that many firms share."""

import re
from collections.abc import Sequence
from functools import cache

from publicsuffixlist import PublicSuffixList

from segdsl_vendor.tables import read_table

_LONGEST = 2000  # characters of an address
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://|^mailto:|^//")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")


def read_domains(texts: Sequence[str | None]) -> list[str | None]:
    """The domain that each address's owner registered, `acme.co.uk` for `https://shop.acme.co.uk/x`.

    None for what is no domain, and for free mail, site builders and social networks (`data/shared_hosts.csv`). Owners
    of names below a shared suffix, such as `acme.github.io`, count as registered (publicsuffix.org).
    """
    suffixes, shared = _suffixes(), _shared_hosts()
    domains = (_registrable(text, suffixes) for text in texts)
    return [None if domain is None or domain in shared else domain for domain in domains]


def _registrable(text: str | None, suffixes: PublicSuffixList) -> str | None:
    if text is None or len(text) > _LONGEST:
        return None
    address = _SCHEME.sub("", text.strip().casefold())
    host = re.split(r"[/?#\s,;]", address, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].rstrip(".")
    if not host.isascii():
        host = _in_ascii(host)
    if not _HOST.fullmatch(host):
        return None
    found = suffixes.privatesuffix(host)
    return str(found) if found else None


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


@cache
def _shared_hosts() -> frozenset[str]:
    return frozenset(row["domain"] for row in read_table("shared_hosts"))
