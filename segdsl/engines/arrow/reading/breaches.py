"""Breaches of a contract, gathered while rows stream by and told at the end, one finding a column and kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa

from segdsl.diagnostics import Diagnostic, Label, RowExamples, Span
from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.model.source import ColumnContract, Source
from segdsl.types import Kind
from segdsl.types.column_type import repr_text

MOST_EXAMPLES = 5
_MOST_OUTSIDE = 1000

_CODES = {
    Flaw.WRONG_TYPE: "SEG602",
    Flaw.INFINITE: "SEG609",
    Flaw.TOO_LARGE: "SEG612",
    Flaw.OUT_OF_RANGE: "SEG603",
    Flaw.OUTSIDE: "SEG604",
}


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


def masked(value: str, contract: ColumnContract) -> str:
    """The value as messages may show it: of personal data only the first sign."""
    return f"{value[:1]}***" if contract.pii else value


def shown(value: object) -> str:
    """A value as a message shows it; amounts without zeros that say nothing."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value)


class BreachLog:
    """What was found so far, by (column, code, detail) and file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._tallies: dict[tuple[str, Flaw, str], dict[str, Tally]] = {}
        self._missing: dict[str, dict[str, Tally]] = {}
        self._outside: dict[str, dict[str, int]] = {}

    def add_flaws(
        self, file: str, contract: ColumnContract, flaws: np.ndarray, raw: pa.Array, rows: np.ndarray, mismatch: str
    ) -> None:
        """Counts the flawed rows of a batch; `raw` holds what the file says there."""
        for flaw in (Flaw(int(kind)) for kind in np.unique(flaws) if kind > Flaw.NAN):
            at = np.flatnonzero(flaws == flaw)
            tally = self._tallies.setdefault((contract.name, flaw, mismatch), {}).setdefault(file, Tally())
            free = MOST_EXAMPLES - len(tally.rows)
            first = [(int(rows[i]), masked(shown(raw[int(i)].as_py()), contract)) for i in at[:free]]
            tally.add(len(at), first)
            if flaw is Flaw.OUTSIDE:
                self._note_outside(contract, raw, at)

    def add_missing(self, file: str, contract: ColumnContract, where: np.ndarray, rows: np.ndarray) -> None:
        """Counts missing values of a required column."""
        at = np.flatnonzero(where)
        if len(at):
            tally = self._missing.setdefault(contract.name, {}).setdefault(file, Tally())
            tally.add(len(at), ((int(rows[i]), "") for i in at[:MOST_EXAMPLES]))

    def _note_outside(self, contract: ColumnContract, raw: pa.Array, at: np.ndarray) -> None:
        found = self._outside.setdefault(contract.name, {})
        counts = raw.take(pa.array(at)).value_counts()
        for value, count in zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True):
            for text in _items(value, contract):
                if text in found or len(found) < _MOST_OUTSIDE:
                    found[text] = found.get(text, 0) + count

    def diagnostics(self) -> list[Diagnostic]:
        """One finding a column and kind, in the order in which the spec declares the columns."""
        order = {column.name: place for place, column in enumerate(self._source.columns)}
        found = [(order[name], int(flaw), self._of_flaw(name, flaw, detail)) for name, flaw, detail in self._tallies]
        found += [(order[name], len(Flaw), self._of_missing(name)) for name in self._missing]
        return [finding for _, _, finding in sorted(found, key=lambda f: f[:2])]

    def _of_flaw(self, name: str, flaw: Flaw, mismatch: str) -> Diagnostic:
        contract = self._source.column(name)
        assert contract is not None
        rows = examples_of(self._tallies[(name, flaw, mismatch)])
        policies = self._source.policies
        if flaw is Flaw.OUTSIDE and contract.other_as_missing:
            return mended(contract.span, f"values of `{name}` outside its list were taken as missing", rows)
        if policies.broken_as_missing:
            return mended(contract.span, f"broken values of `{name}` were taken as missing ({_TITLES[flaw]})", rows)
        total = sum(r.count for r in rows)
        match flaw:
            case Flaw.OUTSIDE:
                return self._outside_list(contract, rows, total)
            case Flaw.OUT_OF_RANGE:
                message = f"{_values(total)} of `{name}` out of its range"
                return _finding(contract, flaw, message, _range_words(contract), "correct the data or the range", rows)
            case Flaw.INFINITE:
                message = f"{_values(total)} of `{name}` infinite"
                mend = 'say `empty "inf"` if it stands for a missing value, or `on broken as missing`'
                return _finding(contract, flaw, message, "finite numbers", mend, rows)
            case Flaw.TOO_LARGE:
                message = f"{_values(total)} of `{name}` too large to be kept exactly"
                return _finding(
                    contract, flaw, message, _largest_words(contract), "check the unit of the amounts", rows
                )
            case _:
                return self._wrong_type(contract, rows, total, mismatch)

    def _wrong_type(
        self, contract: ColumnContract, rows: tuple[RowExamples, ...], total: int, mismatch: str
    ) -> Diagnostic:
        expected = _type_words(contract)
        if mismatch:
            message = f"the file's column `{contract.header}` holds {mismatch}, not {contract.type}"
            mend = "declare the column with the type that the file has"
            if "split" in mismatch:
                mend = f'say what parts the items: `{contract.name} : {contract.type} split ";"`'
            return _finding(contract, Flaw.WRONG_TYPE, message, expected, mend, rows)
        message = f"{_values(total)} of `{contract.name}` not read as {contract.type}"
        return _finding(contract, Flaw.WRONG_TYPE, message, expected, _type_mend(contract, rows), rows)

    def _outside_list(self, contract: ColumnContract, rows: tuple[RowExamples, ...], total: int) -> Diagnostic:
        closed = _closed(contract)
        outside = sorted(self._outside.get(contract.name, {}).items(), key=lambda pair: (-pair[1], pair[0]))
        mend = "add the value to the list, or say `other as missing`"
        for value, _ in outside[:MOST_EXAMPLES]:
            near = closest(value, closed)
            if near is not None and not contract.pii:
                mend = f"say `replace {repr_text(value)} with {repr_text(near)}`, or `other as missing`"
                break
        several = [f"{repr_text(masked(value, contract))} ({count:,} rows)" for value, count in outside[:MOST_EXAMPLES]]
        notes = (f"outside the list: {', '.join(several)}",) if len(outside) > 1 else ()
        expected = "one of " + ", ".join(repr_text(v) for v in closed)
        message = f"{_values(total)} of `{contract.name}` outside its list"
        return Diagnostic("SEG604", message, (Label(contract.span),), expected, mend, notes, rows)

    def _of_missing(self, name: str) -> Diagnostic:
        contract = self._source.column(name)
        assert contract is not None
        rows = examples_of(self._missing[name])
        total = sum(r.count for r in rows)
        mend = f"write `{name} : {contract.type}?` if it may be missing, or give it a default: `= ...`"
        return Diagnostic(
            "SEG605",
            f"{total:,} missing {'value' if total == 1 else 'values'} in the required column `{name}`",
            (Label(contract.span),),
            "a value in every row",
            mend,
            rows=rows,
        )


_TITLES = {
    Flaw.WRONG_TYPE: "wrong type",
    Flaw.INFINITE: "infinite",
    Flaw.TOO_LARGE: "too large",
    Flaw.OUT_OF_RANGE: "out of range",
    Flaw.OUTSIDE: "outside the list",
}


def mended(span: Span, message: str, rows: tuple[RowExamples, ...]) -> Diagnostic:
    """A breach that a policy of the spec took care of."""
    total = sum(r.count for r in rows)
    return Diagnostic("SEG613", f"{total:,} {message}", (Label(span),), rows=rows)


def examples_of(tallies: dict[str, Tally]) -> tuple[RowExamples, ...]:
    return tuple(RowExamples(file, t.count, tuple(t.rows), tuple(t.values)) for file, t in tallies.items())


def _items(value: object, contract: ColumnContract) -> list[str]:
    """The items outside the closed list of one raw cell, as the contract reads them."""
    if isinstance(value, list):
        texts = [shown(v) for v in value]
    elif contract.type.kind is Kind.LIST:
        texts = shown(value).split(contract.split or ";")
    else:
        texts = [shown(value)]
    closed = _closed(contract)
    meant = dict(contract.replace)
    stripped = [t.strip() for t in texts]
    return [t for t in stripped if t and t not in closed and t not in contract.empty and meant.get(t) not in closed]


def _closed(contract: ColumnContract) -> tuple[str, ...]:
    kind = contract.type.element if contract.type.kind is Kind.LIST else contract.type
    return (kind.values if kind is not None else None) or ()


def _finding(
    contract: ColumnContract, flaw: Flaw, message: str, expected: str, mend: str, rows: tuple[RowExamples, ...]
) -> Diagnostic:
    return Diagnostic(_CODES[flaw], message, (Label(contract.span),), expected, mend, rows=rows)


def _values(total: int) -> str:
    return "1 value" if total == 1 else f"{total:,} values"


def _range_words(contract: ColumnContract) -> str:
    low, high = contract.low, contract.high
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"between {low} and {high}"


def _largest_words(contract: ColumnContract) -> str:
    kind = contract.type
    return f"amounts of up to 9.2 trillion {kind.currency}" if kind.kind is Kind.MONEY else "up to 9.2 quintillion"


_EXPECTED = {
    Kind.COUNT: "whole numbers from 0 on, such as `1234`",
    Kind.INT: "whole numbers such as `-12` or `1234`",
    Kind.NUMBER: "numbers such as `1234`, `-12.5` or `1e5`",
    Kind.RATIO: "ratios such as `0.12`",
    Kind.MONEY: "amounts such as `1234` or `-12.50`",
    Kind.TIMESTAMP: "timestamps such as `2026-01-31T09:00:00Z`",
    Kind.DATE: "dates such as `2026-01-31`",
    Kind.DURATION: "durations such as `90 days`, `12 months` or `P90D`",
    Kind.BOOL: "true or false, yes or no, y or n, t or f, 1 or 0",
}


def _type_words(contract: ColumnContract) -> str:
    return _EXPECTED.get(contract.type.kind, f"values of type {contract.type}")


def _type_mend(contract: ColumnContract, rows: tuple[RowExamples, ...]) -> str:
    first = next((value for r in rows for value in r.values), "")
    empty = f"if it stands for a missing value say `empty {repr_text(first)}`" if first and not contract.pii else ""
    kind = contract.type.kind
    if kind in (Kind.DATE, Kind.TIMESTAMP):
        return 'say how dates are written, as in `read { dates: "DD/MM/YYYY" }`' + (f"; {empty}" if empty else "")
    if contract.type.is_numeric or kind is Kind.MONEY:
        lenient = "" if contract.lenient else "say `lenient` to read numbers as people write them"
        return "; ".join(part for part in (lenient, empty) if part) or "say `on broken as missing`"
    return empty or "say `on broken as missing`, or declare the column as text"
