"""Links: which row of the parent each row points to, and rows that point to none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Diagnostics, Label, RowExamples, Span
from segdsl.engines.arrow.reading.breaches import shown
from segdsl.engines.arrow.reading.facts import ROW_COLUMN, Places
from segdsl.engines.arrow.reading.findings import MOST_EXAMPLES, masked, mended
from segdsl.engines.arrow.reading.keys import KeyColumn, match_keys
from segdsl.model.expression import LinkPath
from segdsl.model.source import Source


@dataclass(frozen=True, slots=True)
class LinkMatch:
    """For each row of the child table the row of its parent (int64, -1 for none).

    `kept` tells which rows stay under `on orphan drop`, a byte a row; None: all.
    """

    parent_rows: np.ndarray
    kept: np.ndarray | None


def check_links(
    source: Source, table: pa.Table, link: LinkPath, parent_keys: Sequence[KeyColumn], places: Places = Places()
) -> tuple[LinkMatch, Diagnostics]:
    """Follows a link of a table. `parent_keys` are the key columns of the parent, in the order of the link's columns;
    their keys are distinct and known. A missing link value points nowhere and is no orphan.

    Row numbers in messages come from the table's ROW_COLUMN, read with `places`; without it only values are told.
    """
    columns = [table.column(name) for name in link.columns]
    matches = match_keys(columns, parent_keys)
    orphans = matches.known & (matches.places < 0)
    if not orphans.any():
        return LinkMatch(matches.places, None), ()
    rows = _examples(source, table, link, np.flatnonzero(orphans), places)
    span = _span(source, link)
    if source.policies.drop_orphans:
        found = f"row| of `{source.name}` whose `{', '.join(link.columns)}` is not among `{link.parent}`"
        return LinkMatch(matches.places, ~orphans), (mended(span, found, "dropped", rows),)
    return LinkMatch(matches.places, None), (_finding(source, link, int(orphans.sum()), rows),)


def _span(source: Source, link: LinkPath) -> Span:
    column = source.column(link.columns[0])
    return column.span if column is not None else source.span


def _finding(source: Source, link: LinkPath, count: int, rows: tuple[RowExamples, ...]) -> Diagnostic:
    name = ", ".join(link.columns)
    which = "1 row" if count == 1 else f"{count:,} rows"
    return Diagnostic(
        "SEG608",
        f"{which} of `{source.name}` whose `{name}` is not among the keys of `{link.parent}`",
        (Label(_span(source, link)),),
        expected=f"a key of `{link.parent}`, or a missing value",
        help="say `on orphan drop` to leave such rows out, or `replace ... with ...` if they are misspelt",
        rows=rows,
    )


def _examples(
    source: Source, table: pa.Table, link: LinkPath, at: np.ndarray, places: Places
) -> tuple[RowExamples, ...]:
    """By file: all counted, some shown; values that differ first, for they tell more."""
    texts = [_text(source, table, link, int(i)) for i in at[:1000]]
    first = list(dict.fromkeys(texts))[:MOST_EXAMPLES]
    chosen = [texts.index(text) for text in first]
    if ROW_COLUMN not in table.column_names:
        return (RowExamples("", len(at), (), ()),)
    numbers = table.column(ROW_COLUMN).to_numpy()[at]
    starts = np.asarray(places.starts or (1,))
    files = np.searchsorted(starts, numbers, side="right") - 1
    examples = []
    for file in np.unique(files):
        mine = [i for i in chosen if files[i] == file]
        rows = tuple(places.locate(int(numbers[i]))[1] for i in mine)
        name = places.files[int(file)] if places.files else ""
        examples.append(RowExamples(name, int((files == file).sum()), rows, tuple(texts[i] for i in mine)))
    return tuple(examples)


def _text(source: Source, table: pa.Table, link: LinkPath, at: int) -> str:
    parts = []
    for name in link.columns:
        text = shown(table.column(name)[at].as_py())
        contract = source.column(name)
        parts.append(masked(text, contract) if contract is not None else text)
    return ", ".join(parts)
