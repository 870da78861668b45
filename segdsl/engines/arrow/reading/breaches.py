"""Breaches of a contract, gathered while rows stream by and told at the end, one finding a column and kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostic, RowExamples
from segdsl.engines.arrow.reading.findings import MOST_EXAMPLES, Breach, describe, describe_missing, is_outside, masked
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.layouts import cell
from segdsl.model.source import ColumnContract, Source
from segdsl.types import Kind

# Of the values of one kind of breach so many are told apart: they are counted to find a mend.
_MOST_VALUES = 1000


@dataclass(slots=True)
class Tally:
    """Breaches of one kind in one file: how many, and the first few with their row numbers."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    values: list[str] = field(default_factory=list)

    def add(self, count: int, examples: Iterable[tuple[int, str]]) -> None:
        self.count += count
        for row, value in examples:
            if len(self.rows) < MOST_EXAMPLES:
                self.rows.append(row)
                self.values.append(value)


def shown(value: object) -> str:
    """A value as a message shows it; amounts without zeros that say nothing."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


def examples_of(tallies: dict[str, Tally]) -> tuple[RowExamples, ...]:
    """By file; where nothing stands in any of the rows, their values are left out."""
    return tuple(
        RowExamples(file, t.count, tuple(t.rows), tuple(t.values) if any(t.values) else ())
        for file, t in tallies.items()
    )


class BreachLog:
    """What was found so far, by (column, flaw, what the file holds instead) and file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._tallies: dict[tuple[str, Flaw, str], dict[str, Tally]] = {}
        self._missing: dict[str, dict[str, Tally]] = {}
        self._values: dict[tuple[str, Flaw], dict[str, int]] = {}

    def add_flaws(
        self, file: str, contract: ColumnContract, flaws: np.ndarray, raw: pa.Array, rows: np.ndarray, mismatch: str
    ) -> None:
        """Counts the flawed rows of a batch; `raw` holds what the file says there."""
        for flaw in (Flaw(int(kind)) for kind in np.unique(flaws) if kind > Flaw.NAN):
            at = np.flatnonzero(flaws == flaw)
            tally = self._tallies.setdefault((contract.name, flaw, mismatch), {}).setdefault(file, Tally())
            free = MOST_EXAMPLES - len(tally.rows)
            tally.add(len(at), [(int(rows[i]), masked(shown(cell(raw, int(i))), contract)) for i in at[:free]])
            # Of a list of the wrong type it isn't known which item is wrong.
            is_single = contract.type.kind is not Kind.LIST
            if flaw is Flaw.OUTSIDE or (flaw is Flaw.WRONG_TYPE and is_single and not mismatch):
                self._note_values(contract, flaw, raw.take(pa.array(at)))

    def add_missing(self, file: str, contract: ColumnContract, where: np.ndarray, rows: np.ndarray) -> None:
        """Counts missing values of a required column."""
        at = np.flatnonzero(where)
        if len(at):
            tally = self._missing.setdefault(contract.name, {}).setdefault(file, Tally())
            tally.add(len(at), ((int(rows[i]), "") for i in at[:MOST_EXAMPLES]))

    def _note_values(self, contract: ColumnContract, flaw: Flaw, raw: pa.Array) -> None:
        found = self._values.setdefault((contract.name, flaw), {})
        counts = (raw.flatten() if pa.types.is_list(raw.type) else raw).value_counts()
        values = counts.field("values")
        for place, count in enumerate(counts.field("counts").to_pylist()):
            for text in _parts(shown(cell(values, place)), contract):
                told = flaw is Flaw.WRONG_TYPE or is_outside(text, contract)
                if told and (text in found or len(found) < _MOST_VALUES):
                    found[text] = found.get(text, 0) + count

    def diagnostics(self) -> list[Diagnostic]:
        """One finding a column and kind, in the order in which the spec declares the columns."""
        order = {column.name: place for place, column in enumerate(self._source.columns)}
        found = [(order[name], int(flaw), self._of_flaw(name, flaw, detail)) for name, flaw, detail in self._tallies]
        found += [(order[name], len(Flaw), self._of_missing(name)) for name in self._missing]
        return [finding for _, _, finding in sorted(found, key=lambda f: f[:2])]

    def _of_flaw(self, name: str, flaw: Flaw, mismatch: str) -> Diagnostic:
        values = sorted(self._values.get((name, flaw), {}).items(), key=lambda pair: (-pair[1], pair[0]))
        rows = examples_of(self._tallies[(name, flaw, mismatch)])
        breach = Breach(self._contract(name), flaw, mismatch, rows, tuple(values))
        return describe(breach, self._source.policies, self._source.read)

    def _of_missing(self, name: str) -> Diagnostic:
        return describe_missing(self._contract(name), examples_of(self._missing[name]))

    def _contract(self, name: str) -> ColumnContract:
        contract = self._source.column(name)
        assert contract is not None
        return contract


def _parts(text: str, contract: ColumnContract) -> list[str]:
    """The items of a cell of text, as the contract parts them."""
    separator = contract.split if contract.type.kind is Kind.LIST else None
    return [part.strip() for part in (text.split(separator) if separator else [text])]
