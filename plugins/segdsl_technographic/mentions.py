"""Who uses what: the mentions of tools in a column, as rows of accounts and numbers of tools."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.plugin import Asked, Call, Refused
from segdsl_technographic.catalogue import Catalogue
from segdsl_technographic.names import fold

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_PARTED = r"[,;|\n\r\t]"
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of tools in one column. All numbers are int64.

    `rows` is the account of each mention and `tools` its tool: a place in `names`, which are sorted as people sort
    them. `places` is the place in the catalogue of each name, -1 for one that isn't there. `days` are the days since
    1970 on which the mentions were seen, and `dated` says which have one; None where no dates were given.
    `missing` are the accounts whose tools are missing, `length` is the number of accounts.
    """

    rows: Ints
    tools: Ints
    names: tuple[str, ...]
    places: Ints
    days: Ints | None
    dated: Bools | None
    missing: Bools
    length: int

    @property
    def unknown(self) -> Bools:
        """Which of `names` aren't in the catalogue."""
        return self.places < 0


def read_mentions(call: Call, asked: Asked, catalogue: Catalogue) -> Mentions:
    """The mentions in the first input of a column, with the days in the second if there is one.

    Each distinct spelling is looked up once. Empty names are passed over, and so are rows that point to no account
    and mentions seen after the clock. A mention without a day counts as seen.
    """
    values = asked.inputs[0]
    holders, spelled = _flatten(values)
    encoded = pc.dictionary_encode(spelled)
    numbers = _ints(encoded.indices, -1)
    names, places, meaning = _settle(encoded.dictionary.to_pylist(), numbers, catalogue)
    # One more, so that the number -1 of a missing name means no tool.
    tools = np.append(meaning, -1)[numbers]
    owners = _owners(call, asked)
    rows = holders if owners is None else owners[holders]
    kept = (tools >= 0) & (rows >= 0)
    days, dated = _days(asked, holders)
    if days is not None and dated is not None:
        kept &= ~dated | (days <= (call.clock - _EPOCH).days)
        days, dated = days[kept], dated[kept]
    missing = np.zeros(call.length, bool) if owners is not None else _bools(values.is_null())
    return Mentions(rows[kept], tools[kept], names, places, days, dated, missing, call.length)


def _flatten(values: Any) -> tuple[Ints, Any]:
    """The row and the text of each item. A list is taken as it is, a text is parted."""
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        return _ints(pc.list_parent_indices(values), 0), pc.list_flatten(values).cast(pa.string())
    encoded = pc.dictionary_encode(values.cast(pa.string()))
    parted = pc.split_pattern_regex(encoded.dictionary, _PARTED)
    return _flatten(parted.take(encoded.indices))


def _settle(spelled: list[str], numbers: Ints, catalogue: Catalogue) -> tuple[tuple[str, ...], Ints, Ints]:
    """The names of tools that spellings stand for, their places in the catalogue, and the name of each spelling.

    Spellings that differ in case and punctuation only are one unknown tool, named as it is most often written.
    """
    counts = np.bincount(numbers + 1, minlength=len(spelled) + 1)[1:]
    found = [catalogue.find(name) if name.strip() else None for name in spelled]
    written: dict[str, Counter[str]] = {}
    for name, place, count in zip(spelled, found, counts.tolist(), strict=True):
        if place is None and name.strip():
            written.setdefault(fold(name), Counter())[" ".join(name.split())] += count
    unknown = {key: min(own, key=lambda name: (-own[name], name)) for key, own in written.items()}
    known = {place: catalogue.tools[place].name for place in found if place is not None}
    listed = [(name.casefold(), name, place, "") for place, name in known.items()]
    listed += [(name.casefold(), name, -1, key) for key, name in unknown.items()]
    listed.sort()
    by_identity = {(place, key): number for number, (_, _, place, key) in enumerate(listed)}
    meaning = [
        by_identity.get((-1, fold(name)) if place is None else (place, ""), -1) if name.strip() else -1
        for name, place in zip(spelled, found, strict=True)
    ]
    names = tuple(name for _, name, _, _ in listed)
    return names, np.array([place for _, _, place, _ in listed], np.int64), np.array(meaning, np.int64)


def _owners(call: Call, asked: Asked) -> Ints | None:
    """The account that each row of a linked table points to, -1 for none; None for a column of the table itself."""
    linked = _linked(call, asked)
    if linked is None:
        return None
    tables = {column.table for column in asked.columns}
    if len(tables) > 1:
        raise Refused(f"`{asked.name}` is made from {' and '.join(sorted(tables))}, and needs columns of one table")
    if linked.rows is None:
        source = asked.columns[0].table
        raise Refused(
            f"`{asked.name}` can't be made: no single link leads from `{source}` to `{call.table}`",
            help=f"link a column of `{source}` to `{call.table}`",
        )
    return _ints(linked.rows, -1)


def _linked(call: Call, asked: Asked) -> Any:
    tables: Mapping[str, Any] = call.tables
    name = asked.columns[0].table if asked.columns else call.table
    return None if name == call.table else tables.get(name)


def _days(asked: Asked, holders: Ints) -> tuple[Ints | None, Bools | None]:
    """The day of each mention and which have one, from the second input."""
    if len(asked.inputs) < 2:
        return None, None
    seen = asked.inputs[1].cast(pa.date32(), safe=False)
    return _ints(seen.cast(pa.int32()), 0)[holders], ~_bools(seen.is_null())[holders]


def _ints(array: Any, missing: int) -> Ints:
    result: Ints = pc.fill_null(array.cast(pa.int64()), missing).to_numpy(zero_copy_only=False)
    return result


def _bools(array: Any) -> Bools:
    result: Bools = array.to_numpy(zero_copy_only=False)
    return result
