"""Reads the domains of a batch of addresses; most are told by array, as they are written in the usual way.

`web_domains.read_web` is what an address tells. Here usual addresses under suffixes without special rules are read
alike, and all others by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl_firmographic.batches import Ints, as_bools, other_rows, put_together, rows_where
from segdsl_firmographic.web_domains import LONGEST_HOST, Lack, free_mail, is_plain_suffix, read_web, suffixes

# A scheme or the name of a mailbox, a host, and a path without the signs that part addresses.
_LEAD = r"(?:https?://|[A-Za-z0-9._+-]+@)"
_USUAL = rf"^{_LEAD}?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[!-+\--9<-{{}}~]*)?\z"
_MOST_LABELS = 3


class Addresses(NamedTuple):
    """Domains, why there is none, whether they are of free mail, and whether a text that is written has no host."""

    domain: pa.Array
    lack: pa.Array
    is_free: pa.Array
    has_no_host: pa.Array


class _Hosts(NamedTuple):
    """Rows with their hosts, the registrable domains of those, and whether an address was of a mailbox."""

    rows: Ints
    host: pa.Array
    domain: pa.Array
    is_mail: pa.Array


def read_addresses(texts: pa.Array) -> Addresses:
    """Addresses as `read_web` reads them; a missing or blank one has neither domain nor lack."""
    usual = _read_usual(texts)
    is_free = pc.or_(_is_free(usual.host), _is_free(usual.domain))
    lost = pc.and_(usual.is_mail, is_free)
    usual_columns = (pc.if_else(lost, None, usual.domain), pc.if_else(lost, Lack.FREE_MAIL.value, None), is_free)
    others = other_rows(usual.rows, texts)
    written = [text if text.strip() else None for text in texts.take(pa.array(others)).to_pylist()]
    readings = [text and read_web(text) for text in written]
    columns = (
        pa.array([reading and reading.domain for reading in readings], pa.string()),
        pa.array([reading and reading.lack for reading in readings], pa.string()),
        pa.array([reading and reading.is_free for reading in readings], pa.bool_()),
    )
    domain, lack, free = (
        put_together([(usual.rows, one), (others, other)], len(texts), other.type)
        for one, other in zip(usual_columns, columns, strict=True)
    )
    hostless = np.zeros(len(texts), np.bool_)
    hostless[others] = [reading is not None and reading.is_free is None for reading in readings]
    return Addresses(domain, lack, free, pa.array(hostless))


def _read_usual(texts: pa.Array) -> _Hosts:
    """The addresses that are written in the usual way, and lie under a suffix without special rules."""
    usual = pc.and_(pc.match_substring_regex(texts, _USUAL), pc.less_equal(pc.binary_length(texts), LONGEST_HOST))
    rows = rows_where(usual)
    hosts, is_mail = _split_hosts(texts.take(pa.array(rows)))
    parts = list(_registrable(hosts))
    domains = put_together(parts, len(hosts), pa.string())
    found = domains.is_valid()
    return _Hosts(rows[as_bools(found)], hosts.filter(found), domains.filter(found), is_mail.filter(found))


def _split_hosts(addresses: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Hosts in lower case, and whether each was after the name of a mailbox."""
    bare = pc.replace_substring_regex(addresses, r"^https?://", "")
    place = pc.list_element(pc.split_pattern(bare, "/", max_splits=1), 0)
    parts = pc.split_pattern(place, "@", max_splits=1)
    ends = parts.offsets.to_numpy()
    return pc.ascii_lower(parts.values.take(pa.array(ends[1:] - 1))), pa.array(np.diff(ends) == 2)


def _registrable(hosts: pa.Array) -> Iterator[tuple[Ints, pa.Array]]:
    """Registrable domains, by ever longer suffixes, with their rows."""
    split = pc.split_pattern(hosts, ".")
    labels, ends = split.values, split.offsets.to_numpy()
    rows, count, last = np.arange(len(hosts)), np.diff(ends), ends[1:]
    suffix = labels.take(pa.array(last - 1))
    for depth in range(1, _MOST_LABELS + 1):
        deeper = count[rows] > depth
        rows, suffix = rows[deeper], suffix.filter(pa.array(deeper))
        label = labels.take(pa.array(last[rows] - depth - 1))
        longer = pc.binary_join_element_wise(label, suffix, ".")
        ends_here = pc.and_not(pc.is_in(suffix, _plain_suffixes()), pc.is_in(longer, _known_suffixes()))
        good = pc.and_(ends_here, _is_label(label))
        yield rows[as_bools(good)], longer.filter(good)
        more = pc.invert(ends_here)
        rows, suffix = rows[as_bools(more)], longer.filter(more)


def _is_label(labels: pa.Array) -> pa.Array:
    edges = pc.or_(pc.starts_with(labels, "-"), pc.ends_with(labels, "-"))
    return pc.and_not(pc.less_equal(pc.binary_length(labels), 63), edges)


def _is_free(names: pa.Array) -> pa.Array:
    return pc.is_in(names, _free_mail())


@cache
def _free_mail() -> pa.Array:
    return pa.array(sorted(free_mail()))


@cache
def _plain_suffixes() -> pa.Array:
    """Suffixes of registries below which every name is registered, but for longer suffixes."""
    return pa.array(sorted(filter(is_plain_suffix, suffixes().rules)))


@cache
def _known_suffixes() -> pa.Array:
    """Suffixes, and what longer suffixes end with."""
    return pa.array(sorted({*suffixes().rules, *suffixes().inner}))
