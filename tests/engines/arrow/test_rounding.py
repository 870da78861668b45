import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.batch import EvaluationStopped
from segdsl.model.expression import Call, Column, Literal
from segdsl.types import DURATION, INT, NUMBER, Duration, money
from tests.engines.arrow.rowwise import values_of

USD = money("USD")
X, N, AMOUNT = Column("x", NUMBER), Column("n", INT), Column("amount", USD)

decimals = st.none() | st.decimals(-(10**6), 10**6, places=4)
amounts = st.none() | st.integers(-(10**15), 10**15).map(lambda n: Decimal(n).scaleb(-6))
halves = st.integers(-(10**6), 10**6).map(lambda n: Decimal(n * 10 + 5).scaleb(-3))


def half_up(value: Decimal | None, digits: int) -> Decimal | None:
    """A half away from zero, by the decimal module on the digits as written."""
    if value is None:
        return None
    with localcontext(prec=60):
        return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


@given(st.lists(decimals | halves, min_size=1, max_size=40), st.integers(-3, 6))
def test_a_number_is_rounded_as_its_decimal_digits_say_with_halves_away_from_zero(column, digits):
    rounded = Call("round", (X, Literal(digits, INT)), NUMBER)
    expected = [None if v is None else float(half_up(v, digits)) for v in column]
    found = values_of(rounded, {X: column})
    assert [None if v is None else float(v) for v in found] == expected


def test_a_half_that_a_float_holds_a_little_too_small_is_still_a_half():
    column = [Decimal(text) for text in ("2.675", "1.005", "-0.285", "1.0049999")]
    rounded = Call("round", (X, Literal(2, INT)), NUMBER)
    assert values_of(rounded, {X: column}) == [Decimal(text) for text in ("2.68", "1.01", "-0.29", "1.0")]


@given(st.lists(amounts, min_size=1, max_size=40), st.integers(-4, 7))
def test_money_is_rounded_exactly_with_halves_away_from_zero(column, digits):
    rounded = Call("round", (AMOUNT, Literal(digits, INT)), USD)
    assert values_of(rounded, {AMOUNT: column}) == [half_up(v, min(digits, 6)) for v in column]


@given(st.lists(st.none() | st.integers(-(10**12), 10**12), min_size=1, max_size=40), st.integers(-14, 3))
def test_a_whole_number_is_rounded_to_tens_and_thousands(column, digits):
    rounded = Call("round", (N, Literal(digits, INT)), INT)
    expected = [None if v is None else int(half_up(Decimal(v), min(digits, 0))) for v in column]
    assert values_of(rounded, {N: column}) == expected


def test_round_without_digits_gives_whole_numbers():
    assert values_of(Call("round", (X,), NUMBER), {X: [Decimal("2.5"), Decimal("-2.5"), Decimal("0.4")]}) == [
        3,
        -3,
        0,
    ]


@pytest.mark.parametrize("digits", [-400, -19, 19, 400])
def test_absurd_digits_do_no_harm(digits):
    big = Decimal("4e18")
    expected = big if digits > 0 else 0
    assert values_of(Call("round", (X, Literal(digits, INT)), NUMBER), {X: [big]}) == [expected]
    assert values_of(Call("round", (N, Literal(digits, INT)), INT), {N: [int(big)]}) == [expected]


def test_rounding_up_beyond_64_bits_stops_the_evaluation():
    with pytest.raises(EvaluationStopped):
        values_of(Call("round", (N, Literal(-19, INT)), INT), {N: [6 * 10**18]})
    with pytest.raises(EvaluationStopped):
        values_of(Call("ceil", (AMOUNT,), USD), {AMOUNT: [Decimal("9223372036854.7")]})


@given(st.lists(decimals, min_size=1, max_size=40), st.lists(amounts, min_size=1, max_size=40))
def test_floor_and_ceil_go_to_the_whole_unit_below_and_above(column, money_column):
    for name, function, mode in (("floor", math.floor, ROUND_FLOOR), ("ceil", math.ceil, ROUND_CEILING)):
        expected = [None if v is None else function(float(v)) for v in column]
        assert values_of(Call(name, (X,), NUMBER), {X: column}) == expected
        expected = [None if v is None else v.quantize(Decimal(1), mode) for v in money_column]
        assert values_of(Call(name, (AMOUNT,), USD), {AMOUNT: money_column}) == expected


def test_abs_takes_the_sign_away_from_every_kind():
    span = Column("span", DURATION)
    assert values_of(Call("abs", (X,), NUMBER), {X: [Decimal("-1.5"), None]}) == [Decimal("1.5"), None]
    assert values_of(Call("abs", (AMOUNT,), USD), {AMOUNT: [Decimal("-2")]}) == [2]
    assert values_of(Call("abs", (span,), DURATION), {span: [Duration(seconds=-5)]}) == [Duration(seconds=5)]
    with pytest.raises(EvaluationStopped):
        values_of(Call("abs", (N,), INT), {N: [-(2**63)]})
