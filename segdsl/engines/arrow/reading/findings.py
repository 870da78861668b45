"""The words for breaches of a column's contract: what was found, what was expected, one mend."""

from dataclasses import dataclass
from decimal import Decimal

from segdsl.diagnostics import Diagnostic, Label, RowExamples, Span
from segdsl.diagnostics.suggestion import closest
from segdsl.engines.arrow.reading.flaws import Flaw
from segdsl.engines.arrow.reading.mends import type_mend
from segdsl.model.source import BreachPolicies, ColumnContract, ReadOptions
from segdsl.types import Duration, Kind, Value
from segdsl.types.column_type import repr_text

MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Breach:
    """One kind of flaw in one column: where it stands, what the file's column holds where that is another type
    altogether, and the values outside a closed list or of the wrong type with their counts, the most frequent first."""

    contract: ColumnContract
    flaw: Flaw
    mismatch: str
    rows: tuple[RowExamples, ...]
    values: tuple[tuple[str, int], ...]

    @property
    def count(self) -> int:
        return sum(r.count for r in self.rows)


def masked(value: str, contract: ColumnContract) -> str:
    """The value as messages may show it: of personal data only the first sign."""
    return f"{value[:1]}***" if contract.pii else value


def closed_list(contract: ColumnContract) -> tuple[str, ...]:
    """The values of a closed category, or of a list of one; empty for any other column."""
    kind = contract.type.element if contract.type.kind is Kind.LIST else contract.type
    return (kind.values if kind is not None else None) or ()


def is_outside(text: str, contract: ColumnContract) -> bool:
    """Whether a trimmed text is a value outside the closed list, `empty` and `replace` considered."""
    closed = closed_list(contract)
    return bool(text) and text not in contract.empty and dict(contract.replace).get(text, text) not in closed


def mended(span: Span, found: str, done: str, rows: tuple[RowExamples, ...]) -> Diagnostic:
    """A breach that a policy of the spec took care of.

    `found` says what there was, with a bar behind the noun that is counted ("row| without a key"), `done` what became
    of it ("dropped").
    """
    total = sum(r.count for r in rows)
    thing, _, rest = found.partition("|")
    text = f"1 {thing}{rest} was {done}" if total == 1 else f"{total:,} {thing}s{rest} were {done}"
    return Diagnostic("SEG613", text, (Label(span),), rows=rows)


def describe_missing(contract: ColumnContract, rows: tuple[RowExamples, ...]) -> Diagnostic:
    total = sum(r.count for r in rows)
    return Diagnostic(
        "SEG605",
        f"the required column `{contract.name}` has {total:,} missing {'value' if total == 1 else 'values'}",
        (Label(contract.span),),
        "a value in every row",
        f"write `{contract.name} : {contract.type}?` if it may be missing, or give it a default: `= ...`",
        rows=rows,
    )


def describe(breach: Breach, policies: BreachPolicies, read: ReadOptions) -> Diagnostic:
    """The finding about one kind of flaw: a warning where a policy made the values missing, else an error."""
    contract = breach.contract
    if breach.flaw is Flaw.OUTSIDE and contract.other_as_missing:
        found = f"value| of `{contract.name}` outside its list"
        return mended(contract.span, found, "taken as missing", breach.rows)
    if policies.broken_as_missing:
        done = f"taken as missing ({_titles(breach.flaw)})"
        return mended(contract.span, f"broken value| of `{contract.name}`", done, breach.rows)
    match breach.flaw:
        case Flaw.OUTSIDE:
            return _outside(breach)
        case Flaw.OUT_OF_RANGE:
            mend = "correct the data or the range"
            return _finding("SEG603", breach, "out of its range", _range_words(contract), mend)
        case Flaw.INFINITE:
            mend = 'say `empty "inf"` if it stands for a missing value, or `on broken as missing`'
            return _finding("SEG609", breach, "beyond any number", "finite numbers", mend)
        case Flaw.NO_RATE:
            return _no_rate(breach)
        case Flaw.BEYOND_CALENDAR:
            mend = "correct the data, or say `on broken as missing`"
            return _finding("SEG602", breach, "beyond the calendar", "days of the years 1 to 9999", mend)
        case Flaw.TOO_LARGE:
            mend = "check the unit of the amounts"
            return _finding("SEG612", breach, "too large to be kept exactly", _largest_words(contract), mend)
        case _:
            return _wrong_type(breach, read)


def _titles(flaw: Flaw) -> str:
    return flaw.name.lower().replace("_", " ")


def _finding(code: str, breach: Breach, words: str, expected: str, mend: str) -> Diagnostic:
    values = "1 value" if breach.count == 1 else f"{breach.count:,} values"
    message = f"`{breach.contract.name}` has {values} {words}"
    return Diagnostic(code, message, (Label(breach.contract.span),), expected, mend, rows=breach.rows)


def _wrong_type(breach: Breach, read: ReadOptions) -> Diagnostic:
    contract = breach.contract
    expected = _EXPECTED.get(contract.type.kind, f"values of type {contract.type}")
    if not breach.mismatch:
        words = f"that can't be read as {contract.type}"
        return _finding("SEG602", breach, words, expected, type_mend(contract, read, breach.values))
    mend = "declare the column with the type that the file has"
    if "split" in breach.mismatch:
        mend = f'say what parts the items: `{contract.name} : {contract.type} split ";"`'
    message = f"the file's column `{contract.header}` holds {breach.mismatch}, not {contract.type}"
    return Diagnostic("SEG602", message, (Label(contract.span),), expected, mend, rows=breach.rows)


def _no_rate(breach: Breach) -> Diagnostic:
    by = breach.contract.conversion
    assert by is not None
    expected = (
        f"a currency in `{by.currency_column}`, a date in `{by.date_column}`, and in `{by.rates}` a rate of that "
        f"currency in {breach.contract.type.currency} on or before that date"
    )
    mend = f"add the rates to `{by.rates}`, correct the rows, or say `on broken as missing`"
    return _finding("SEG614", breach, f"without a rate in `{by.rates}`", expected, mend)


def _outside(breach: Breach) -> Diagnostic:
    contract = breach.contract
    closed = closed_list(contract)
    first = breach.values[:MOST_EXAMPLES]
    mend = "add the value to the list, or say `other as missing`"
    near = next(((value, meant) for value, _ in first if (meant := closest(value, closed))), None)
    if near is not None and not contract.pii:
        mend = f"say `replace {repr_text(near[0])} with {repr_text(near[1])}`, or `other as missing`"
    listed = [f"{repr_text(masked(value, contract))} {count:,} {_times(count)}" for value, count in first]
    return Diagnostic(
        "SEG604",
        f"`{contract.name}` has {breach.count:,} {'value' if breach.count == 1 else 'values'} outside its list",
        (Label(contract.span),),
        "one of " + ", ".join(repr_text(v) for v in closed),
        mend,
        (f"outside the list: {', '.join(listed)}",) if len(breach.values) > 1 else (),
        breach.rows,
    )


def _times(count: int) -> str:
    return "time" if count == 1 else "times"


def _range_words(contract: ColumnContract) -> str:
    low, high = _bound(contract.low, contract), _bound(contract.high, contract)
    if contract.low is None:
        return f"at most {high}"
    return f"at least {low}" if contract.high is None else f"between {low} and {high}"


def _bound(value: Value, contract: ColumnContract) -> str:
    match value:
        case Decimal():
            return " ".join(part for part in (f"{value:,f}", contract.type.currency) if part)
        case int():
            return f"{value:,}"
        case Duration(months=0):
            return f"{float(value.days):g} days"
        case Duration(seconds=0):
            return f"{value.months} months"
        case Duration():
            return f"{value.months} months and {value.seconds / 86_400:g} days"
        case _:
            return str(value)


def _largest_words(contract: ColumnContract) -> str:
    if contract.type.kind is Kind.DURATION:
        return "durations of up to 292,000 years"
    if contract.type.kind is not Kind.MONEY:
        return "whole numbers of up to 9.2 quintillion"
    return f"amounts of up to 9.2 trillion {contract.type.currency}, more where the unit is small"


_EXPECTED = {
    Kind.COUNT: "whole numbers from 0 on, such as `1234`",
    Kind.INT: "whole numbers such as `-12` or `1234`",
    Kind.NUMBER: "numbers such as `1234`, `-12.5` or `1e5`",
    Kind.RATIO: "ratios such as `0.12`",
    Kind.MONEY: "amounts such as `1234` or `-12.50`",
    Kind.TIMESTAMP: "timestamps such as `2026-01-31T09:00:00Z`",
    Kind.DATE: "dates such as `2026-01-31`, or as `read { dates: ... }` says",
    Kind.DURATION: "durations such as `90 days`, `12 months` or `P90D`",
    Kind.BOOL: "true or false, yes or no, y or n, t or f, 1 or 0",
}
