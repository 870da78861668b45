"""Keys that occur more than once: found, told, or settled by keeping one row of each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segdsl.diagnostics import Diagnostic, Label, RowExamples
from segdsl.engines.arrow.reading.breaches import shown
from segdsl.engines.arrow.reading.facts import Places
from segdsl.engines.arrow.reading.findings import MOST_EXAMPLES, masked, mended
from segdsl.engines.arrow.reading.keys import KeyColumn, key_codes, plain
from segdsl.model.source import Keep, Source


def duplicate_codes(columns: Sequence[KeyColumn]) -> np.ndarray | None:
    """The rows' key codes if any key occurs twice, else None. Keys that are sorted already cost one pass."""
    codes = key_codes(columns)
    if len(codes) < 2 or bool((codes[1:] > codes[:-1]).all()):
        return None
    ordered = np.sort(codes)
    return codes if bool((ordered[1:] == ordered[:-1]).any()) else None


@dataclass(frozen=True, slots=True)
class _Pair:
    """The first two rows of a key, by row number, and the key's text."""

    first: int
    second: int
    text: str


def duplicate_finding(
    source: Source, columns: Sequence[KeyColumn], rows: np.ndarray, places: Places
) -> Diagnostic | None:
    """The error about keys that occur more than once, if one does. `rows` are the rows' numbers over all files."""
    codes = duplicate_codes(columns)
    if codes is None:
        return None
    order = np.lexsort((rows, codes))
    again = np.flatnonzero(codes[order][1:] == codes[order][:-1]) + 1
    starts = again[np.concatenate(([True], np.diff(again) > 1))] - 1
    starts = starts[np.argsort(rows[order[starts]])][:MOST_EXAMPLES]
    pairs = [_pair(source, columns, rows, order[at], order[at + 1]) for at in starts]
    name = ", ".join(f"`{k}`" for k in source.key)
    times = "1 row repeats" if len(again) == 1 else f"{len(again):,} rows repeat"
    return Diagnostic(
        "SEG606",
        f"{times} a key of `{source.name}` that stands before",
        tuple(Label(c.span) for c in source.columns if c.is_key) or (Label(source.span),),
        expected=f"each {name} once",
        help="say `on duplicate keep last by ...` with a column that orders the rows, or choose another key",
        notes=tuple(_words(pair, places) for pair in pairs),
        rows=_examples(pairs, len(again), places),
    )


def _pair(source: Source, columns: Sequence[KeyColumn], rows: np.ndarray, first: int, second: int) -> _Pair:
    contracts = [source.column(k) for k in source.key]
    texts = [
        masked(shown(column[int(first)].as_py()), contract) if contract else ""
        for column, contract in zip(columns, contracts, strict=True)
    ]
    return _Pair(int(rows[first]), int(rows[second]), ", ".join(texts))


def _words(pair: _Pair, places: Places) -> str:
    (file, row), (other_file, other_row) = places.locate(pair.first), places.locate(pair.second)
    if file != other_file:
        return f"`{pair.text}` in row {row} of `{file}` and row {other_row} of `{other_file}`"
    return f"`{pair.text}` in rows {row} and {other_row}"


def _examples(pairs: list[_Pair], count: int, places: Places) -> tuple[RowExamples, ...]:
    """Both rows of each pair, by file; the count stands with the first file."""
    by_file: dict[str, list[tuple[int, str]]] = {}
    for pair in pairs:
        for row in (pair.first, pair.second):
            file, number = places.locate(row)
            by_file.setdefault(file, []).append((number, pair.text))
    return tuple(
        RowExamples(file, count if at == 0 else 0, tuple(r for r, _ in found), tuple(v for _, v in found))
        for at, (file, found) in enumerate(by_file.items())
    )


def keep_one(
    source: Source, table: pa.Table, rows: np.ndarray, places: Places
) -> tuple[pa.Table, np.ndarray, Diagnostic | None]:
    """One row of each key: the one with the greatest (or least) value of the policy's column.

    A missing value there loses against any known one; ties are settled by the row's own values, in declared order,
    missing ones last, never by where the row stands. Gives the rows that stay, in file order, their numbers, and a
    warning with the count. `table` has all columns of the contract.
    """
    policy = source.policies.duplicate
    assert policy is not None
    columns = [table.column(k) for k in source.key]
    codes = duplicate_codes(columns)
    if codes is None:
        return table, rows, None
    _, group, size = np.unique(codes, return_inverse=True, return_counts=True)
    contested = np.flatnonzero(size[group] > 1)
    order = _preference(source, table.take(pa.array(contested)), group[contested])
    ranked = contested[order]
    firsts = np.concatenate(([True], group[ranked][1:] != group[ranked][:-1]))
    dropped = np.sort(ranked[~firsts])
    kept = np.ones(len(rows), np.bool_)
    kept[dropped] = False
    which = f"kept the {policy.which.value} by `{policy.by}`"
    warning = mended(
        source.span,
        "row| with a key that occurs again",
        f"dropped ({which})",
        _dropped(source, table, rows, dropped, places),
    )
    return table.filter(pa.array(kept)), rows[kept], warning


def _preference(source: Source, table: pa.Table, group: np.ndarray) -> np.ndarray:
    """The rows sorted by group, best row first."""
    policy = source.policies.duplicate
    assert policy is not None
    direction = "descending" if policy.which is Keep.LAST else "ascending"
    # Equal in the policy's column and in all others: either row will do.
    keys = [("#group", "ascending"), ("#by", direction)]
    sortable = pa.table({"#group": group, "#by": plain(table.column(policy.by))})
    for at, column in enumerate(source.columns):
        if column.name in table.column_names:
            sortable = sortable.append_column(f"#{at}", _sortable(table.column(column.name)))
            keys.append((f"#{at}", "ascending"))
    return np.asarray(pc.sort_indices(sortable, sort_keys=keys).to_numpy())


def _sortable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Lists can't be sorted by; their items joined can."""
    if not pa.types.is_list(column.type):
        return plain(column)
    return pa.chunked_array([pa.array([None if v is None else repr(v) for v in column.to_pylist()], pa.string())])


def _dropped(
    source: Source, table: pa.Table, rows: np.ndarray, dropped: np.ndarray, places: Places
) -> tuple[RowExamples, ...]:
    first = [int(i) for i in dropped[:MOST_EXAMPLES]]
    by_file: dict[str, list[tuple[int, str]]] = {}
    for at in first:
        file, number = places.locate(int(rows[at]))
        texts = [shown(table.column(k)[at].as_py()) for k in source.key]
        contracts = [source.column(k) for k in source.key]
        text = ", ".join(masked(t, c) if c else t for t, c in zip(texts, contracts, strict=True))
        by_file.setdefault(file, []).append((number, text))
    return tuple(
        RowExamples(file, len(dropped) if at == 0 else 0, tuple(r for r, _ in found), tuple(v for _, v in found))
        for at, (file, found) in enumerate(by_file.items())
    )
