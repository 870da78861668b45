"""Signatures of the aggregate functions, over the rows of a link or of a whole table, as data."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from segdsl.record import dataclass
from segdsl.types.column_type import BOOL, COUNT, NUMBER, NUMERIC, ORDERED, TEXTUAL, WHOLE, Kind, Type
from segdsl.types.function import kinds_text


class AggregateResult(StrEnum):
    """How the type of a result follows from the type of the value that is aggregated."""

    COUNT = "count"
    BOOL = "bool"
    SAME = "type of the value"
    SUM = "type of the value, number for a ratio"
    MEAN = "type of the value, number for whole numbers"


class Parameter(StrEnum):
    """The constant after the value: the level of a quantile (0 to 1), or the n of the nth largest."""

    LEVEL = "level"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate: the kinds of value it takes (`accepts` None: it takes no value) and where it may stand.

    `never_missing`: a group without values has a result, `of_none`. `ordered`: it needs `by`.
    `optional_value`: the value may be left out.
    """

    name: str
    accepts: frozenset[Kind] | None
    result: AggregateResult
    doc: str
    example: str
    over_link: bool = True
    over_table: bool = True
    never_missing: bool = False
    of_none: str = "missing"
    ordered: bool = False
    parameter: Parameter | None = None


def aggregate(name: str) -> Aggregate | None:
    """The aggregate of that name, if there is one."""
    return AGGREGATES.get(name)


def aggregate_type(called: Aggregate, value: Type | None) -> Type | str:
    """The type of an aggregate of values of a type (None: no value), or the reason why it can't be.

    The reason is a sentence without its full stop. Unless it is never missing, the result is optional: there
    may be no row, or none with a known value.
    """
    if called.accepts is None:
        return _base_type(called, COUNT) if value is None else f"`{called.name}` takes no value, only rows"
    if value is None:
        return f"`{called.name}` needs a value, such as `{called.example}`"
    if not value.is_unknown and value.kind not in called.accepts:
        return f"`{called.name}` takes {kinds_text(called.accepts)}, not {value}"
    return _base_type(called, value).or_missing(not called.never_missing)


def _base_type(called: Aggregate, value: Type) -> Type:
    match called.result:
        case AggregateResult.COUNT:
            return COUNT
        case AggregateResult.BOOL:
            return BOOL
        case AggregateResult.SUM if value.kind is Kind.RATIO:
            return NUMBER
        case AggregateResult.MEAN if value.kind in WHOLE:
            return NUMBER
        case AggregateResult.SAME | AggregateResult.SUM | AggregateResult.MEAN:
            return value


_MEASURES = NUMERIC | {Kind.MONEY, Kind.DURATION}
_ANY = frozenset(Kind) - {Kind.UNKNOWN}
_CONDITION = frozenset({Kind.BOOL})

_AGGREGATES = (
    Aggregate(
        "count",
        None,
        AggregateResult.COUNT,
        "How many rows there are.",
        'count(deals where stage == "Won")',
        never_missing=True,
        of_none="0",
    ),
    Aggregate(
        "sum",
        _MEASURES,
        AggregateResult.SUM,
        "The sum of the known values; sums of money are exact.",
        "sum(invoices.amount)",
        never_missing=True,
        of_none="0",
    ),
    Aggregate(
        "mean",
        _MEASURES,
        AggregateResult.MEAN,
        "The mean of the known values; money is rounded half-even to the places it is kept to.",
        "mean(orders.discount)",
    ),
    Aggregate(
        "median",
        _MEASURES,
        AggregateResult.MEAN,
        "The middle of the known values in order, or the mean of the two in the middle.",
        "median(deals.closed_on - deals.engaged_on)",
    ),
    Aggregate(
        "min",
        ORDERED,
        AggregateResult.SAME,
        "The least known value; of texts the first by code point.",
        "min(orders.ordered_on)",
    ),
    Aggregate(
        "max",
        ORDERED,
        AggregateResult.SAME,
        "The greatest known value; of texts the last by code point.",
        "max(orders.ordered_on)",
    ),
    Aggregate(
        "distinct",
        _ANY - {Kind.LIST},
        AggregateResult.COUNT,
        "How many different known values there are.",
        "distinct(orders.product)",
        never_missing=True,
        of_none="0",
    ),
    Aggregate(
        "any",
        _CONDITION,
        AggregateResult.BOOL,
        "Whether the condition is true in at least one row; rows where it is unknown don't count.",
        "any(tickets.escalated)",
        never_missing=True,
        of_none="false",
    ),
    Aggregate(
        "all",
        _CONDITION,
        AggregateResult.BOOL,
        "Whether the condition is false in no row; rows where it is unknown don't count.",
        "all(invoices.paid)",
        never_missing=True,
        of_none="true",
    ),
    Aggregate(
        "first",
        _ANY,
        AggregateResult.SAME,
        "The known value of the row with the least `by`; ties go by the key of the rows.",
        "first(events.kind by at)",
        over_table=False,
        ordered=True,
    ),
    Aggregate(
        "last",
        _ANY,
        AggregateResult.SAME,
        "The known value of the row with the greatest `by`; ties go by the key of the rows.",
        "last(events.kind by at)",
        over_table=False,
        ordered=True,
    ),
    Aggregate(
        "quantile",
        _MEASURES,
        AggregateResult.MEAN,
        "The value below which that share of the known values lies, with linear interpolation (type 7 of "
        "Hyndman and Fan, The American Statistician 50, 1996).",
        "quantile(mrr, 0.99 over accounts)",
        over_link=False,
        parameter=Parameter.LEVEL,
    ),
    Aggregate(
        "nth_largest",
        ORDERED - TEXTUAL,
        AggregateResult.SAME,
        "The known value that stands at that place from the largest; equal values take a place each.",
        "nth_largest(mrr, 2 over customers)",
        over_link=False,
        parameter=Parameter.PLACE,
    ),
    Aggregate(
        "rank",
        ORDERED - TEXTUAL,
        AggregateResult.COUNT,
        "The place of the row's own value, 1 for the largest; equal values share the best place.",
        "rank(mrr over customers per industry)",
        over_link=False,
    ),
)

AGGREGATES: Mapping[str, Aggregate] = MappingProxyType({a.name: a for a in _AGGREGATES})
