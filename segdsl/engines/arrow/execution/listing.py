"""Audiences: rows chosen, ordered, cut to size, with a control group held out."""

from collections.abc import Sequence
from fractions import Fraction
from hashlib import blake2b

import numpy as np
import pyarrow as pa

from segdsl.engines.arrow.aggregation.columns import Ints, Mask, ordered_codes, plain_text, truth, valid_mask
from segdsl.engines.arrow.execution.frames import frame_values, inside_mask
from segdsl.engines.arrow.execution.state import State, inside_slot
from segdsl.engines.arrow.physical import display_array
from segdsl.engines.arrow.reading.keys import match_keys
from segdsl.engines.arrow.results import AudienceTable
from segdsl.model.model import Audience
from segdsl.plan.steps import ListAudience


def list_audience(state: State, step: ListAudience) -> None:
    """Chooses, orders and cuts the rows of an audience."""
    audience, frame = step.audience, state.frames[step.table]
    chosen = np.flatnonzero(_chosen(state, step))
    ordered = chosen[_order(state, step.table, audience, chosen)]
    taken = _take(state, step.table, audience, ordered)
    held_out = _held_out(audience, [column.take(pa.array(taken)) for column in frame.key()])
    listed, control = taken[~held_out], taken[held_out]
    columns = audience.columns
    arrays = frame_values(state, step.table, [column.value for column in columns])
    # Plain texts: the order of a dictionary would tell in what order the rows were read.
    shown = {c.name: display_array(plain_text(a), c.value.type) for c, a in zip(columns, arrays, strict=True)}
    table, keys = pa.table(shown), pa.table(dict(zip(frame.source.key, frame.key(), strict=True)))
    asked = audience.hold_out is not None
    state.audiences[audience.name] = AudienceTable(
        table=_rows(table, listed),
        control=_rows(table, control) if asked else None,
        chosen=len(chosen),
        keys=_rows(keys, listed),
        control_keys=_rows(keys, control) if asked else None,
        to=audience.to,
        exporter=audience.exporter,
        title=audience.title or audience.name,
        types={column.name: column.value.type for column in columns},
    )


def _rows(table: pa.Table, rows: Ints) -> pa.Table:
    """Rows of a table in that order; nothing is copied where they are all of them."""
    if len(rows) == table.num_rows and np.array_equal(rows, np.arange(len(rows))):
        return table
    return table.take(pa.array(rows))


def _chosen(state: State, step: ListAudience) -> Mask:
    audience, frame = step.audience, state.frames[step.table]
    chosen = inside_mask(frame, audience.table)
    if audience.where is not None:
        values = frame_values(state, step.table, [audience.where])[0]
        chosen = chosen & truth(values, frame.length)[0]
    for name in audience.excluded:
        chosen = chosen & ~_is_among(state, step.table, name)
    return chosen


def _is_among(state: State, table: str, name: str) -> Mask:
    """Rows whose key is in an audience (its control group too), a population or a source."""
    mine = state.frames[table].key()
    found = np.zeros(state.frames[table].length, dtype=bool)
    for keys in _keys_of(state, name):
        if len(keys[0]):
            found |= match_keys(mine, keys).places >= 0
    return found


def _keys_of(state: State, name: str) -> list[list[pa.Array]]:
    audience = state.audiences.get(name)
    if audience is not None:
        tables = (audience.keys, audience.control_keys)
        return [[c.combine_chunks() for c in table.columns] for table in tables if table is not None]
    frames = state.frames.values()
    owner = next(frame for frame in frames if name == frame.source.name or inside_slot(name) in frame.slots)
    inside = pa.array(inside_mask(owner, name))
    return [[column.filter(inside) for column in owner.key()]]


def _order(state: State, table: str, audience: Audience, rows: Ints) -> Ints:
    """Places among the rows in the audience's order; missing values come last either way, ties go by the key.

    Rows are in the order of the key and the sort is stable.
    """
    keys = []
    arrays = frame_values(state, table, [key.value for key in audience.order])
    for key, array in zip(audience.order, arrays, strict=True):
        values = array.take(pa.array(rows))
        codes = ordered_codes(values)
        known = valid_mask(values)
        ranked = np.where(known, -codes if key.descending else codes, 0)
        keys += [~known, ranked]
    return np.lexsort(keys[::-1]).astype(np.int64) if keys else np.arange(len(rows))


def _take(state: State, table: str, audience: Audience, ordered: Ints) -> Ints:
    """The first rows, of all or of each value of `per`; rows without a value of `per` are a group of their own."""
    if audience.take is None:
        return ordered
    if audience.per is None:
        return ordered[: audience.take]
    per = frame_values(state, table, [audience.per])[0].take(pa.array(ordered))
    codes = np.where(valid_mask(per), np.unique(ordered_codes(per), return_inverse=True)[1], -1)
    by_group = np.argsort(codes, kind="stable")
    sorted_codes = codes[by_group]
    starts = np.searchsorted(sorted_codes, sorted_codes, side="left")
    place = np.empty(len(codes), dtype=np.int64)
    place[by_group] = np.arange(len(codes)) - starts
    return ordered[place < audience.take]


def _held_out(audience: Audience, key: Sequence[pa.Array]) -> Mask:
    """The control group: the share (rounded half up) of the rows with the lowest hash of key and audience name.

    The draw depends on nothing but the keys, so it is the same in every run and on every machine.
    """
    control = np.zeros(len(key[0]), dtype=bool)
    if audience.hold_out is None:
        return control
    texts = ["\x1f".join(map(str, row)) for row in zip(*(column.to_pylist() for column in key), strict=True)]
    size = int(Fraction(audience.hold_out) * len(texts) + Fraction(1, 2))
    hashes = [blake2b(text.encode(), key=_salt(audience.name), digest_size=16).digest() for text in texts]
    control[sorted(range(len(texts)), key=lambda row: hashes[row])[:size]] = True
    return control


def _salt(name: str) -> bytes:
    """A key for the hash of at most 64 bytes, from a name of any length."""
    return blake2b(name.encode()).digest()
