"""Small random rule sets with an evaluator of their own, and the nearest change by trying everything."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any

from hypothesis import strategies as st

from segdsl.diagnostics import Span
from segdsl.model.expression import (
    And,
    Arithmetic,
    Column,
    Compare,
    Comparison,
    Expr,
    InValues,
    IsMissing,
    Literal,
    Not,
    Operator,
    Or,
)
from segdsl.model.source import BreachPolicies, ColumnContract, FileOrigin, ReadOptions, Source
from segdsl.types import BOOL, COUNT, INT, Type, category

SPAN = Span("spec", 0, 0)
LETTERS = ("a", "b", "c")
TYPES: Mapping[str, Type] = {
    "n": COUNT,
    "m": COUNT.or_missing(),
    "k": INT,
    "c": category(*LETTERS),
    "d": category(*LETTERS).or_missing(),
    "f": BOOL.or_missing(),
}
NUMBERS = ("n", "m", "k")
# Rows have values up to 7. The whole grid goes beyond every cut-point; `k` has a declared range.
GRID: Mapping[str, tuple[Any, ...]] = {
    "n": tuple(range(13)),
    "m": (*range(13), None),
    "k": tuple(range(7)),
    "c": LETTERS,
    "d": (*LETTERS, None),
    "f": (True, False, None),
}
ROW_VALUES = {
    name: tuple(v for v in grid if not isinstance(v, int) or isinstance(v, bool) or v < 8)
    for name, grid in GRID.items()
}
MISSING_COSTS = 1_000.0


def source() -> Source:
    columns = [ColumnContract("id", "id", INT, SPAN, is_key=True)]
    for name, type_ in TYPES.items():
        ends = (0, 6) if name == "k" else (None, None)
        columns.append(ColumnContract(name, name, type_, SPAN, low=ends[0], high=ends[1]))
    origin = FileOrigin("x.csv", "", SPAN)
    return Source("t", origin, "t", tuple(columns), ("id",), (), ReadOptions(), BreachPolicies(), None, SPAN)


def column(name: str) -> Column:
    return Column(name, TYPES[name])


def _number(value: int) -> Literal:
    return Literal(value, COUNT)


_names = st.sampled_from(NUMBERS)
_comparison = st.sampled_from([c for c in Comparison if c is not Comparison.UNEQUAL])
_order = st.sampled_from([Comparison.MORE, Comparison.AT_MOST])
_pairs = st.tuples(_names, _names).filter(lambda pair: pair[0] != pair[1])
_atoms: st.SearchStrategy[Expr] = st.one_of(
    st.builds(lambda o, n, v: Compare(o, column(n), _number(v)), _comparison, _names, st.integers(1, 6)),
    st.builds(
        lambda n, v: InValues(column(n), tuple(sorted(v))),
        st.sampled_from("cd"),
        st.sets(st.sampled_from(LETTERS), min_size=1, max_size=2),
    ),
    st.just(column("f")),
    st.builds(lambda n: IsMissing(column(n)), st.sampled_from("mdf")),
    st.builds(lambda o, p: Compare(o, column(p[0]), column(p[1])), _order, _pairs),
    st.builds(
        lambda o, p, v: Compare(
            o, Arithmetic(Operator.ADD, column(p[0]), column(p[1]), INT.or_missing()), Literal(v, INT)
        ),
        _order,
        _pairs,
        st.integers(2, 10),
    ),
)
conditions: st.SearchStrategy[Expr] = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.builds(lambda parts: And(tuple(parts)), st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda parts: Or(tuple(parts)), st.lists(inner, min_size=2, max_size=2)),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)
rows = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in ROW_VALUES.items()})
populations = st.lists(rows, min_size=5, max_size=20)


def truth(expr: Expr, row: Mapping[str, Any]) -> Any:
    """Three-valued logic by the book (Kleene); None is unknown or missing."""
    match expr:
        case Column(name=name):
            return row[name]
        case Literal(value=value):
            return value
        case Arithmetic(left=left, right=right):
            one, other = truth(left, row), truth(right, row)
            return None if one is None or other is None else one + other
        case Compare(operator=operator, left=left, right=right):
            one, other = truth(left, row), truth(right, row)
            if one is None or other is None:
                return None
            answers = {">": one > other, "<": one < other, ">=": one >= other, "<=": one <= other, "==": one == other}
            return answers[operator.value]
        case InValues(operand=operand, values=values):
            found = truth(operand, row)
            return None if found is None else found in values
        case IsMissing(operand=operand):
            return truth(operand, row) is None
        case And(operands=parts):
            answers_of = [truth(part, row) for part in parts]
            return False if False in answers_of else None if None in answers_of else True
        case Or(operands=parts):
            answers_of = [truth(part, row) for part in parts]
            return True if True in answers_of else None if None in answers_of else False
        case Not(operand=operand):
            found = truth(operand, row)
            return None if found is None else not found
    raise AssertionError(expr)


def first_true(rules: Sequence[Expr], row: Mapping[str, Any]) -> int:
    return next((place for place, rule in enumerate(rules) if truth(rule, row) is True), -1)


def unit_and_middle(values: Sequence[Any]) -> tuple[float, float]:
    """Interquartile range and median with linear interpolation, from their textbook formula."""
    known = sorted(v for v in values if v is not None)
    if not known:
        return 1.0, 0.0

    def quantile(share: float) -> float:
        place = (len(known) - 1) * share
        low = int(place)
        high = min(low + 1, len(known) - 1)
        return known[low] + (known[high] - known[low]) * (place - low)

    return (quantile(0.75) - quantile(0.25)) or (known[-1] - known[0]) or 1.0, quantile(0.5)


def by_trying_everything(
    rules: Sequence[Expr], row: Mapping[str, Any], population: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> tuple[int, float] | None:
    """Fields changed and distance of the nearest change, over the whole grid of values of up to three fields."""
    measures = {name: unit_and_middle([one[name] for one in population]) for name in NUMBERS}

    def distance(name: str, value: Any) -> float:
        if value is None:
            return MISSING_COSTS
        if name not in NUMBERS:
            return 1.0
        unit, middle = measures[name]
        return abs(value - (middle if row[name] is None else row[name])) / unit

    present = first_true(rules, row)
    for count in (1, 2, 3):
        best = None
        for fields in combinations(names, count):
            for values in product(*[[v for v in GRID[n] if v != row[n]] for n in fields]):
                landed = first_true(rules, {**row, **dict(zip(fields, values, strict=True))})
                if landed >= 0 and landed != present:
                    far = sum(distance(n, v) for n, v in zip(fields, values, strict=True))
                    best = far if best is None else min(best, far)
        if best is not None:
            return count, best
    return None
