"""Constants where a spec gives a value of a known type: defaults, ranges, parameters, given rows."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from segdsl.language.terms import Constant, ListConstant, Reference
from segdsl.model.expression import Expr, SegmentOf
from segdsl.model.scope import Scope
from segdsl.model.units import text_as_date, with_unit
from segdsl.record import replace
from segdsl.types import Kind, Type, Value, money_places
from segdsl.types.column_type import TEXTUAL, WHOLE

# What mends an unknown name where nothing says what was meant.
DECLARE_IT = "declare it in the source, or in `derive`"


def constant_value(scope: Scope, constant: Constant | ListConstant, wanted: Type) -> Value:
    """The constant as a value of a type; None after reporting one that doesn't fit."""
    if wanted.is_unknown:
        return _items(constant) if isinstance(constant, ListConstant) else constant.value
    if isinstance(constant, ListConstant):
        return _list_value(scope, constant, wanted)
    if constant.type.is_unknown:
        return None
    value = _fit(constant, wanted)
    if value is None:
        scope.report("SEG302", f"`{constant.text}` is no {_words(wanted)}", constant.span, _mend(constant, wanted))
        return None
    if not _can_be_held(value, wanted):
        largest = f"{_LARGEST / 10 ** _places(wanted):,f}"
        mend = f"write at most {' '.join(part for part in (largest, wanted.currency) if part)}"
        scope.report("SEG307", f"`{constant.text}` is too large to be held exactly", constant.span, mend)
        return None
    if wanted.values is not None and value not in wanted.values:
        report_outside(scope, constant, wanted)
    return value


# Whole numbers, and amounts in the smallest unit that is kept, are held in 64 bits.
_LARGEST = Decimal(2**63 - 1)


def _can_be_held(value: Value, wanted: Type) -> bool:
    if wanted.kind not in WHOLE and wanted.kind is not Kind.MONEY:
        return True
    assert isinstance(value, int | Decimal)
    fits: bool = abs(Fraction(value)) * 10 ** _places(wanted) <= _LARGEST
    return fits


def _places(wanted: Type) -> int:
    return money_places(wanted.currency) if wanted.currency is not None else 0


def check_member(scope: Scope, constant: Constant, category: Type, of: Expr) -> None:
    """A text that is compared with `of` is one of the category's values."""
    if category.values is None or not isinstance(constant.value, str) or constant.value in category.values:
        return
    if isinstance(of, SegmentOf):
        report_no_segment(scope, constant, category, f"{of.scheme}.micro" if of.micro else of.scheme)
    else:
        report_outside(scope, constant, category)


def report_outside(scope: Scope, constant: Constant, wanted: Type) -> None:
    """Say that a text isn't one of a closed category's values."""
    values = wanted.values or ()
    near = scope.suggestions.closest(str(constant.value), values)
    listed = ", ".join(f'"{v}"' for v in values[:8]) + (", ..." if len(values) > 8 else "")
    mend = f'did you mean `"{near}"`?' if near is not None else "correct it, or add it to the category"
    scope.report("SEG304", f"{constant.text} is not in the category", constant.span, mend, expected=listed)


def report_no_segment(scope: Scope, constant: Constant, wanted: Type, scheme: str) -> None:
    """Say that a text isn't the name of one of a segmentation's segments."""
    near = scope.suggestions.closest(str(constant.value), wanted.values or ())
    mend = f'did you mean `"{near}"`?' if near is not None else "name one of its segments"
    message = f"segmentation `{scheme}` has no segment `{constant.value}`; {segments_it_has(wanted.values or ())}"
    scope.report("SEG304", message, constant.span, mend)


def propose_quotes(scope: Scope, since: int, written: object, compared_with: Type) -> None:
    """Where a name that is compared with a text was reported as unknown since then, it lacks its quotes.

    A value of a closed category is meant for certain. One that it is a misspelling of, or with other texts any name,
    is meant unless a name of the spec is as near.
    """
    if not isinstance(written, Reference) or not compared_with.is_textual:
        return
    text, values = written.dotted, compared_with.values
    for place, one in enumerate(scope.found[since:], since):
        if one.code != "SEG201" or one.span != written.span:
            continue
        if values is None:
            meant = text if one.help == DECLARE_IT else None
        else:
            alike = (value for value in values if value.casefold() == text.casefold())
            meant = (
                text
                if text in values
                else next(alike, scope.suggestions.closest(text, values) if one.help == DECLARE_IT else None)
            )
        if meant is not None:
            scope.found[place] = replace(one, help=f'a text stands in quotes: write `"{meant}"`')


def segments_it_has(names: Sequence[str]) -> str:
    """The first names of segments, in words."""
    listed = ", ".join(f"`{name}`" for name in names[:8]) + (", ..." if len(names) > 8 else "")
    return f"it has {listed}" if listed else "it has none"


def _items(constant: ListConstant) -> tuple[str, ...]:
    return tuple(str(item.value) for item in constant.items)


def _list_value(scope: Scope, constant: ListConstant, wanted: Type) -> Value:
    if wanted.kind is not Kind.LIST or wanted.element is None:
        scope.report(
            "SEG302",
            f"A list stands where {_words(wanted)} is expected",
            constant.span,
            "leave the brackets out",
        )
        return None
    values = [constant_value(scope, item, wanted.element) for item in constant.items]
    return tuple(v for v in values if v is not None)


def _fit(constant: Constant, wanted: Type) -> Value:
    """The value in the wanted kind, or None."""
    value, kind = constant.value, constant.type.kind
    match wanted.kind:
        case Kind.TEXT | Kind.CATEGORY:
            return value if kind in TEXTUAL else None
        case Kind.COUNT:
            return value if kind in WHOLE and isinstance(value, int) and value >= 0 else None
        case Kind.INT:
            return value if kind in WHOLE else None
        case Kind.NUMBER:
            return (
                Decimal(value)
                if isinstance(value, int | Decimal) and kind in (*WHOLE, Kind.NUMBER, Kind.RATIO)
                else None
            )
        case Kind.RATIO:
            if kind is Kind.RATIO or (kind in WHOLE and value in (0, 1)):
                return Decimal(value)  # type: ignore[arg-type]
            return None
        case Kind.MONEY:
            return value if constant.type.currency == wanted.currency and kind is Kind.MONEY else None
        case _:
            return value if kind is wanted.kind else None


def _words(wanted: Type) -> str:
    return str(wanted.or_missing(False))


def _mend(constant: Constant, wanted: Type) -> str:
    kind = constant.type.kind
    if kind in (Kind.INT, Kind.NUMBER) and wanted.kind in (Kind.MONEY, Kind.DURATION, Kind.RATIO):
        return f"write `{with_unit(constant.text, wanted)}`"
    if wanted.kind in TEXTUAL:
        return f'write it as a text: `"{constant.text}"`'
    if kind is Kind.TEXT and wanted.kind is Kind.DATE and str(constant.value)[:1].isdigit():
        return text_as_date(str(constant.value))
    if kind is Kind.TEXT and str(constant.value)[:1].isdigit():
        return "write it without quotes"
    examples = {
        Kind.COUNT: "a whole number from 0 on",
        Kind.INT: "a whole number",
        Kind.NUMBER: "a number",
        Kind.RATIO: "a ratio such as `20%`",
        Kind.DATE: "a date such as `2026-01-31`",
        Kind.TIMESTAMP: "a timestamp such as `2026-01-31T09:00:00Z`",
        Kind.DURATION: "a duration such as `90 days`",
        Kind.BOOL: "`true` or `false`",
        Kind.LIST: 'a list such as `["a", "b"]`',
        Kind.MONEY: f"an amount in {wanted.currency}",
    }
    return f"write {examples.get(wanted.kind, _words(wanted))}"
