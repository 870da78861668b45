"""Types that a column might have: each reads every value with the kernels of a run and notes what it can't read."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Span
from segdsl.engines.arrow.reading.columns import read_cells
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.layouts import cell
from segdsl.engines.arrow.reading.rule import Rule, rule_of
from segdsl.model.source import ColumnContract, ReadOptions
from segdsl.types import BOOL, DATE, INT, NUMBER, RATIO, TIMESTAMP, Type, money

NOWHERE = Span("", 0, 0)

# Orders of day, month and year, two digits before one. ISO needs no pattern.
DATE_PATTERNS = (
    "YYYY-MM-DD",
    "DD/MM/YYYY",
    "MM/DD/YYYY",
    "D/M/YYYY",
    "M/D/YYYY",
    "DD.MM.YYYY",
    "D.M.YYYY",
    "DD-MM-YYYY",
    "MM-DD-YYYY",
    "YYYY/MM/DD",
    "YYYY.MM.DD",
    "YYYYMMDD",
)
ISO = DATE_PATTERNS[0]

# A candidate with more different failures than this is given up.
_MOST_FAILURES = 40
_FIRST_LOOK = 200


@dataclass(slots=True)
class Candidate:
    """A way to read a column. `failures` are the texts it can't read, with the rows they stand in."""

    rule: Rule
    failures: dict[str, int] = field(default_factory=dict)
    dead: bool = False

    def look(self, values: pa.Array, counts: np.ndarray) -> None:
        """Reads distinct values that stand in so many rows each."""
        for part in (slice(0, _FIRST_LOOK), slice(_FIRST_LOOK, None)):
            if not self.dead and len(values[part]):
                self._look(values[part], counts[part])

    def _look(self, values: pa.Array, counts: np.ndarray) -> None:
        flaws = read_cells(values, self.rule).flaws
        if flaws is None:
            return
        for place in np.flatnonzero(flaws > Flaw.NAN):
            text = str(cell(values, int(place)))
            self.failures[text] = self.failures.get(text, 0) + int(counts[place])
            if len(self.failures) > _MOST_FAILURES:
                self.dead = True
                return


def candidates() -> dict[str, Candidate]:
    """Every way to read a column, by name, but amounts, for which the currency must be known."""
    dates = ((pattern, ReadOptions(dates=None if pattern == ISO else pattern)) for pattern in DATE_PATTERNS)
    ways = {f"{kind} {pattern}": (type_, read) for pattern, read in dates for kind, type_ in _DAYS}
    found = {name: Candidate(rule_of(_contract(type_), read)) for name, (type_, read) in ways.items()}
    return {"bool": Candidate(rule_of(_contract(BOOL), ReadOptions())), **numbers(None), **found}


_DAYS = (("date", DATE), ("timestamp", TIMESTAMP))


def numbers(decimal: str | None) -> dict[str, Candidate]:
    """The ways to read a column as numbers with a decimal sign (None: a point)."""
    read = ReadOptions(decimal=decimal)
    contracts = {
        "int": _contract(INT),
        "lenient int": _contract(INT, lenient=True),
        "number": _contract(NUMBER),
        "lenient number": _contract(NUMBER, lenient=True),
        "ratio": _contract(RATIO, lenient=True),
    }
    return {name: Candidate(rule_of(contract, read)) for name, contract in contracts.items()}


def amounts(currency: str, decimal: str | None) -> Candidate:
    """The way to read a column of amounts in one currency."""
    return Candidate(rule_of(_contract(money(currency), lenient=True), ReadOptions(decimal=decimal)))


def _contract(type_: Type, lenient: bool = False) -> ColumnContract:
    return ColumnContract("column", "column", type_, NOWHERE, lenient=lenient)
