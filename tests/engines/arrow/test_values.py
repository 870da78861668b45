import math
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics import Span
from segdsl.engines.arrow.batch import Batch, EvaluationStopped, Lapse, Tally, UnboundExpression, spread
from segdsl.engines.arrow.functions import KERNELS
from segdsl.engines.arrow.values import evaluate
from segdsl.model.expression import (
    And,
    Arithmetic,
    Call,
    Column,
    Compare,
    Comparison,
    IsMissing,
    KnownTrue,
    Literal,
    Negate,
    Not,
    Operator,
    Or,
    ScoreOf,
    ScorePart,
)
from segdsl.types import (
    BOOL,
    CATEGORY,
    COUNT,
    DATE,
    DURATION,
    INT,
    NUMBER,
    RATIO,
    TEXT,
    TIMESTAMP,
    Duration,
    money,
)
from segdsl.types.function import FUNCTIONS
from tests.engines.arrow.rowwise import tallied, values_of

A, B, C = (Column(name, BOOL) for name in "abc")
X, Y = Column("x", NUMBER), Column("y", NUMBER)
N, M = Column("n", COUNT), Column("m", COUNT)

numbers = st.none() | st.floats(allow_nan=False, allow_infinity=False).map(lambda f: Decimal(repr(f)))

# Kleene's strong logic of three values, where false < unknown < true: `and` is the least, `or` the greatest.
ORDER = {False: 0, None: 1, True: 2}
TRIPLES = list(product(ORDER, repeat=3))
TRUTH = {column: [row[i] for row in TRIPLES] for i, column in enumerate((A, B, C))}


def test_and_or_and_not_follow_three_valued_logic():
    assert values_of(And((A, B, C)), TRUTH) == [min(row, key=ORDER.get) for row in TRIPLES]
    assert values_of(Or((A, B, C)), TRUTH) == [max(row, key=ORDER.get) for row in TRIPLES]
    assert values_of(Not(A), TRUTH) == [None if a is None else not a for a, _, _ in TRIPLES]


def test_a_constant_operand_counts_as_in_every_row():
    unknown, false = Literal(None, BOOL), Literal(False, BOOL)
    assert values_of(And((A, unknown)), TRUTH) == [False if a is False else None for a, _, _ in TRIPLES]
    assert values_of(Or((A, unknown)), TRUTH) == [True if a else None for a, _, _ in TRIPLES]
    assert values_of(And((A, false)), TRUTH) == [False] * len(TRIPLES)


def test_missing_and_unknown_can_be_asked_for():
    assert values_of(IsMissing(A), TRUTH) == [a is None for a, _, _ in TRIPLES]
    assert values_of(KnownTrue(A), TRUTH) == [a is True for a, _, _ in TRIPLES]


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=30))
def test_numbers_are_combined_as_floats_and_what_is_not_finite_is_missing_and_counted(rows):
    columns = {X: [a for a, _ in rows], Y: [b for _, b in rows]}
    operators = {
        Operator.ADD: float.__add__,
        Operator.SUBTRACT: float.__sub__,
        Operator.MULTIPLY: float.__mul__,
        Operator.DIVIDE: float.__truediv__,
    }
    for operator, compute in operators.items():
        expected, zero, lost = [], 0, 0
        for a, b in rows:
            if a is None or b is None:
                expected.append(None)
            elif operator is Operator.DIVIDE and b == 0:
                expected.append(None)
                zero += 1
            else:
                result = compute(float(a), float(b))
                lost += not math.isfinite(result)
                expected.append(result if math.isfinite(result) else None)
        found, lapses = tallied(Arithmetic(operator, X, Y, NUMBER), columns)
        assert [None if f is None else float(f) for f in found] == expected
        assert lapses.get("division by zero", 0) == zero
        assert lapses.get("result out of range", 0) == lost


def test_zero_never_has_a_minus():
    nothing = Literal(Decimal(0), NUMBER)
    operators = (Operator.MULTIPLY, Operator.DIVIDE)
    results = [Arithmetic(operator, nothing, X, NUMBER) for operator in operators]
    results += [Negate(X, NUMBER), *(Call(name, (X,), NUMBER) for name in ("round", "ceil", "floor", "abs"))]
    batch = Batch(4, {X: pa.array([-0.25, 0.0, 0.25, None])})
    for values in (evaluate(expr, batch).to_pylist() for expr in results):
        assert not [v for v in values if v == 0 and math.copysign(1, v) < 0]


def test_a_ratio_of_counts_is_a_float_and_missing_for_zero():
    ratio = Arithmetic(Operator.DIVIDE, N, M, RATIO.or_missing())
    found, lapses = tallied(ratio, {N: [1, 2, None, 0], M: [4, 0, 0, 3]})
    assert (found, lapses) == ([Decimal("0.25"), None, None, 0], {"division by zero": 1})


def test_mixed_whole_numbers_and_numbers_are_floats():
    half = Literal(Decimal("0.5"), NUMBER)
    assert values_of(Arithmetic(Operator.MULTIPLY, N, half, NUMBER), {N: [3, None]}) == [Decimal("1.5"), None]
    assert values_of(Negate(X, NUMBER), {X: [Decimal("1.5"), None]}) == [Decimal("-1.5"), None]
    assert values_of(Negate(N, INT), {N: [2, None]}) == [-2, None]


def test_what_depends_on_no_column_stays_a_scalar():
    batch = Batch(1000, {})
    two, text = Literal(2, INT), Literal("Abc", TEXT)
    for expr in (
        two,
        Arithmetic(Operator.DIVIDE, two, Literal(Decimal(8), NUMBER), NUMBER),
        Compare(Comparison.LESS, two, two),
        And((Compare(Comparison.LESS, two, two), Literal(None, BOOL))),
        Call("lower", (text,), TEXT),
        Call("domain_of", (text,), TEXT),
        Call("log", (two,), NUMBER),
        Call("max_of", (two, Literal(None, INT)), INT),
        Call("year", (Literal(None, DATE),), INT),
    ):
        assert isinstance(evaluate(expr, batch), pa.Scalar)


def test_a_scalar_is_spread_over_the_rows_on_request():
    assert spread(pa.scalar(3), 2).to_pylist() == [3, 3]
    rows = pa.array([1, 2])
    assert spread(rows, 2) is rows


def test_an_empty_batch_has_empty_results():
    bound = {N: pa.array([], pa.int64()), X: pa.array([], pa.float64())}
    expr = Arithmetic(Operator.MULTIPLY, N, X, NUMBER)
    assert len(evaluate(Compare(Comparison.MORE, expr, Literal(2, INT)), Batch(0, bound))) == 0
    money_column = Column("amount", money("USD"))
    third = Arithmetic(Operator.DIVIDE, money_column, Literal(3, INT), money("USD"))
    assert len(evaluate(third, Batch(0, {money_column: pa.array([], pa.int64())}))) == 0


def test_equal_nodes_are_computed_once_wherever_they_stand():
    here = Arithmetic(Operator.DIVIDE, N, M, RATIO, Span("a.seg", 0, 5))
    there = Arithmetic(Operator.DIVIDE, N, M, RATIO, Span("a.seg", 40, 45))
    batch = Batch(1, {N: pa.array([1]), M: pa.array([0])})
    assert evaluate(here, batch) is evaluate(there, batch)
    assert batch.tally.counts == {(Lapse.ZERO_DIVISOR, Span("a.seg", 0, 5)): 1}


def test_what_is_bound_is_not_computed():
    score = ScoreOf("quality", ScorePart.VALUE, NUMBER)
    above = Compare(Comparison.MORE, score, Literal(1, INT))
    assert evaluate(above, Batch(2, {score: pa.array([0.5, 2.0])})).to_pylist() == [False, True]
    with pytest.raises(UnboundExpression):
        evaluate(above, Batch(2, {}))


def test_tallies_add_up():
    span = Span("a.seg", 0, 1)
    total, part = Tally(), Tally()
    total.add(Lapse.ZERO_DIVISOR, span, 2)
    part.add(Lapse.ZERO_DIVISOR, span, 3)
    part.add(Lapse.UNDEFINED, None, 1)
    part.add(Lapse.OUT_OF_RANGE, None, 0)
    total.merge(part)
    assert total.counts == {(Lapse.ZERO_DIVISOR, span): 5, (Lapse.UNDEFINED, None): 1}


def test_every_built_in_function_has_its_kernel():
    assert set(KERNELS) == set(FUNCTIONS)


def test_logarithms_and_roots_are_missing_and_counted_where_there_are_none():
    column = [Decimal("100"), Decimal(0), Decimal("-1"), None]
    cases = {
        "log": ([math.log(100), None, None, None], {"no result for such a number": 2}),
        "log10": ([2, None, None, None], {"no result for such a number": 2}),
        "sqrt": ([10, 0, None, None], {"no result for such a number": 1}),
        "exp": ([math.exp(100), 1, math.exp(-1), None], {}),
    }
    for name, (expected, counts) in cases.items():
        found, lapses = tallied(Call(name, (X,), NUMBER.or_missing()), {X: column})
        assert [None if f is None else float(f) for f in found] == [
            None if e is None else pytest.approx(e, rel=1e-15) for e in expected
        ]
        assert lapses == counts
    found, lapses = tallied(Call("exp", (X,), NUMBER.or_missing()), {X: [Decimal(1000)]})
    assert (found, lapses) == ([None], {"result out of range": 1})


def test_the_least_and_the_greatest_are_missing_where_a_value_is():
    rows = {N: [1, 5, None], X: [Decimal("1.5"), Decimal(-2), Decimal(3)]}
    assert values_of(Call("min_of", (N, X), NUMBER), rows) == [1, -2, None]
    assert values_of(Call("max_of", (N, X, Literal(2, INT)), NUMBER), rows) == [2, 5, None]


@pytest.mark.parametrize(
    ("type_", "low", "high"),
    [
        (COUNT, 1, 2),
        (NUMBER, Decimal("-0.5"), Decimal("0.5")),
        (money("USD"), Decimal("-1"), Decimal("0.000001")),
        (DATE, date(1, 1, 1), date(9999, 12, 31)),
        (TIMESTAMP, datetime(1960, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)),
        (DURATION, Duration(seconds=-1), Duration(seconds=1)),
        (TEXT, "Z", "é"),
        (CATEGORY, "", "a"),
    ],
)
def test_every_kind_with_an_order_has_a_least_and_a_greatest(type_, low, high):
    first, second = Column("first", type_), Column("second", type_)
    rows = {first: [low, high, None, low], second: [high, low, low, low]}
    assert values_of(Call("min_of", (first, second), type_), rows) == [low, low, None, low]
    assert values_of(Call("max_of", (first, second), type_), rows) == [high, high, None, low]


def test_a_literal_beyond_64_bits_stops_the_evaluation_only_where_it_must_be_held():
    amount = Column("amount", money("USD"))
    too_large = Literal(Decimal(10**13), money("USD"))
    assert values_of(Compare(Comparison.LESS, amount, too_large), {amount: [Decimal(1)]}) == [True]
    with pytest.raises(EvaluationStopped):
        evaluate(too_large, Batch(1, {}))
