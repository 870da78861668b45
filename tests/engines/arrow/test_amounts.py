from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.diagnostics import Span
from segdsl.engines.arrow.batch import EvaluationStopped
from segdsl.model.expression import Arithmetic, Column, Literal, Negate, Operator
from segdsl.types import COUNT, DURATION, INT, NUMBER, RATIO, Duration, Type, money
from tests.engines.arrow.rowwise import tallied, values_of

USD = money("USD")
AMOUNT = Column("amount", USD)
OTHER = Column("other", USD)
SEATS = Column("seats", COUNT)
FACTOR = Column("factor", NUMBER)

amounts = st.none() | st.integers(-(10**17), 10**17).map(lambda units: Decimal(units).scaleb(-6))
small_amounts = st.none() | st.integers(-(10**13), 10**13).map(lambda units: Decimal(units).scaleb(-6))
factors = st.decimals("-1000", "1000", allow_nan=False, places=4) | st.decimals("-1", "1", allow_nan=False, places=11)


def rounded(exact: Fraction | None) -> Decimal | None:
    """Half-even to millionths, by Python's own rounding of fractions."""
    return None if exact is None else Decimal(round(exact * 10**6)).scaleb(-6)


def pairs(first: st.SearchStrategy, second: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(st.tuples(first, second), min_size=1, max_size=40)


@given(st.lists(amounts, min_size=1, max_size=40), factors)
def test_money_times_a_stated_number_is_exact_and_rounded_half_even_once(column, factor):
    product = Arithmetic(Operator.MULTIPLY, AMOUNT, Literal(factor, NUMBER), USD)
    expected = [None if a is None else rounded(Fraction(a) * Fraction(factor)) for a in column]
    in_range = all(e is None or abs(e) < Decimal(2**63).scaleb(-6) for e in expected)
    if not in_range:
        with pytest.raises(EvaluationStopped):
            values_of(product, {AMOUNT: column})
        return
    assert values_of(product, {AMOUNT: column}) == expected


@given(st.lists(small_amounts, min_size=1, max_size=40), factors.filter(bool))
def test_money_divided_by_a_stated_number_is_exact_and_rounded_half_even_once(column, divisor):
    # Divisors so small that the quotient leaves 64 bits are for another test.
    divisor = divisor if abs(divisor) > 1 else divisor + 2 * (1 if divisor > 0 else -1)
    quotient = Arithmetic(Operator.DIVIDE, AMOUNT, Literal(divisor, NUMBER), USD)
    expected = [None if a is None else rounded(Fraction(a) / Fraction(divisor)) for a in column]
    assert values_of(quotient, {AMOUNT: column}) == expected


@given(pairs(small_amounts, st.none() | st.integers(-5, 1000)))
def test_money_divided_by_a_count_is_exact_and_missing_for_zero(rows):
    column, counts = map(list, zip(*rows, strict=True))
    quotient = Arithmetic(Operator.DIVIDE, AMOUNT, SEATS, USD.or_missing())
    expected = [rounded(Fraction(a) / n) if a is not None and n else None for a, n in rows]
    found, lapses = tallied(quotient, {AMOUNT: column, SEATS: counts})
    assert found == expected
    assert lapses.get("division by zero", 0) == sum(a is not None and n == 0 for a, n in rows)


@given(pairs(amounts, amounts), st.sampled_from([Operator.ADD, Operator.SUBTRACT]))
def test_sums_and_differences_of_money_are_exact(rows, operator):
    left, right = map(list, zip(*rows, strict=True))
    sign = 1 if operator is Operator.ADD else -1
    with localcontext(prec=60):
        expected = [None if a is None or b is None else a + sign * b for a, b in rows]
    assert values_of(Arithmetic(operator, AMOUNT, OTHER, USD), {AMOUNT: left, OTHER: right}) == expected


@given(pairs(small_amounts, st.none() | st.floats(-100, 100).map(lambda f: Decimal(repr(f)))))
def test_money_times_a_number_of_the_data_is_the_float_product_rounded_half_even(rows):
    column, by = map(list, zip(*rows, strict=True))
    expected = [
        None if a is None or f is None else Decimal(round(float(int(a.scaleb(6))) * float(f))).scaleb(-6)
        for a, f in rows
    ]
    product = Arithmetic(Operator.MULTIPLY, AMOUNT, FACTOR, USD)
    assert values_of(product, {AMOUNT: column, FACTOR: by}) == expected
    mirrored = Arithmetic(Operator.MULTIPLY, FACTOR, AMOUNT, USD)
    assert values_of(mirrored, {AMOUNT: column, FACTOR: by}) == expected


def test_halves_of_the_smallest_unit_go_to_the_even_neighbour():
    column = [Decimal(n).scaleb(-6) for n in (1, 3, 5, -1, -3)]
    half = Arithmetic(Operator.MULTIPLY, AMOUNT, Literal(Decimal("0.5"), RATIO), USD)
    assert values_of(half, {AMOUNT: column}) == [Decimal(n).scaleb(-6) for n in (0, 2, 2, 0, -2)]


def test_a_constant_expression_is_as_exact_as_a_literal():
    one_less_fifth = Arithmetic(Operator.SUBTRACT, Literal(1, INT), Literal(Decimal("0.2"), RATIO), NUMBER)
    discounted = Arithmetic(Operator.MULTIPLY, AMOUNT, one_less_fifth, USD)
    column = [Decimal("9007199254.740993")]
    with localcontext(prec=60):
        expected = (column[0] * Decimal("0.8")).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
    assert values_of(discounted, {AMOUNT: column}) == [expected]


def test_rupiah_are_kept_to_thousandths():
    rupiah = money("IDR")
    column = Column("amount", rupiah)
    third = Arithmetic(Operator.DIVIDE, column, Literal(3, INT), rupiah)
    assert values_of(third, {column: [Decimal(100)]}) == [Decimal("33.333")]


def test_a_ratio_of_amounts_is_missing_for_a_zero_divisor_and_counted_where_both_are_known():
    ratio = Arithmetic(Operator.DIVIDE, AMOUNT, OTHER, RATIO.or_missing())
    rows = {
        AMOUNT: [Decimal(3), Decimal(1), None, Decimal(0)],
        OTHER: [Decimal(4), Decimal(0), Decimal(0), Decimal(0)],
    }
    assert tallied(ratio, rows) == ([Decimal("0.75"), None, None, None], {"division by zero": 2})


@pytest.mark.parametrize(
    "expr",
    [
        Arithmetic(Operator.ADD, AMOUNT, AMOUNT, USD),
        Arithmetic(Operator.SUBTRACT, Negate(AMOUNT, USD), AMOUNT, USD),
        Arithmetic(Operator.MULTIPLY, AMOUNT, Literal(2, INT), USD),
        Arithmetic(Operator.MULTIPLY, AMOUNT, Literal(Decimal("1.5"), NUMBER), USD),
        Arithmetic(Operator.MULTIPLY, AMOUNT, SEATS, USD),
        Arithmetic(Operator.MULTIPLY, AMOUNT, FACTOR, USD),
        Arithmetic(Operator.DIVIDE, AMOUNT, Literal(Decimal("0.5"), NUMBER), USD),
        Arithmetic(Operator.DIVIDE, AMOUNT, Negate(FACTOR, NUMBER), USD),
    ],
)
def test_an_amount_beyond_64_bits_stops_the_evaluation(expr):
    rows = {
        AMOUNT: [Decimal("9e12"), None],
        SEATS: [2, None],
        FACTOR: [Decimal("0.9") if expr.operator is Operator.DIVIDE else Decimal(2), None],
    }
    with pytest.raises(EvaluationStopped) as stopped:
        values_of(expr, rows)
    assert stopped.value.diagnostic.code == "SEG612"
    assert "9,223,372,036,854 USD" in stopped.value.diagnostic.expected


def test_nothing_times_an_absurd_number_is_nothing():
    product = Arithmetic(Operator.MULTIPLY, AMOUNT, Literal(Decimal("1e30"), NUMBER), USD)
    assert values_of(product, {AMOUNT: [Decimal(0), None]}) == [0, None]


def test_a_stated_zero_divisor_is_counted_like_any_other():
    quotient = Arithmetic(Operator.DIVIDE, AMOUNT, Literal(0, INT), USD.or_missing())
    assert tallied(quotient, {AMOUNT: [Decimal(1), None]}) == ([None, None], {"division by zero": 1})


def test_the_negative_of_a_missing_constant_is_missing():
    for type_ in (USD, DURATION, NUMBER):
        assert values_of(Negate(Literal(None, type_), type_), {}) == [None]


def test_the_diagnostic_points_at_the_expression():
    span = Span("fit.seg", 3, 9)
    expr = Arithmetic(Operator.MULTIPLY, SEATS, SEATS, COUNT, span)
    with pytest.raises(EvaluationStopped) as stopped:
        values_of(expr, {SEATS: [2**40]})
    assert stopped.value.diagnostic.span == span


@given(pairs(st.none() | st.integers(-(2**40), 2**40), st.none() | st.integers(-1000, 1000)))
def test_whole_numbers_stay_whole_and_exact(rows):
    left, right = map(list, zip(*rows, strict=True))
    other = Column("other", INT)
    for operator, compute in (
        (Operator.ADD, int.__add__),
        (Operator.SUBTRACT, int.__sub__),
        (Operator.MULTIPLY, int.__mul__),
    ):
        expected = [None if a is None or b is None else compute(a, b) for a, b in rows]
        assert values_of(Arithmetic(operator, SEATS, other, INT), {SEATS: left, other: right}) == expected


@pytest.mark.parametrize(
    ("factor", "type_", "expected"),
    [(3, INT, Duration(seconds=270)), (Decimal("0.5"), NUMBER, Duration(seconds=45))],
)
def test_a_duration_is_scaled_exactly(factor: Decimal, type_: Type, expected: Duration):
    span = Column("span", DURATION)
    product = Arithmetic(Operator.MULTIPLY, span, Literal(factor, type_), DURATION)
    assert values_of(product, {span: [Duration(seconds=90), None]}) == [expected, None]
