"""Rates are found by day, and amounts times a rate are those of exact arithmetic, whatever the order of rows."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from segdsl.engines.arrow.rates import convert, days_of, make_rates

START = date(1969, 12, 25)
CODES = ("GBP", "JPY", "CHF")
days = st.integers(0, 20).map(lambda n: START + timedelta(n))
# Digits as they are written in a file of rates.
written = st.decimals("0.000001", "99999", places=6, allow_nan=False)
units = st.integers(-(2**62), 2**62) | st.integers(-(10**10), 10**10)
books = st.dictionaries(st.tuples(st.sampled_from(CODES), days), written, max_size=25)


@given(books, st.lists(st.tuples(st.none() | st.sampled_from([*CODES, "XXX", ""]), days), min_size=1), st.randoms())
def test_the_rate_is_the_latest_on_or_before_the_day(book, asked, random) -> None:  # type: ignore[no-untyped-def]
    rows = list(book.items())
    random.shuffle(rows)
    currency = pa.array([code for (code, _), _ in rows], pa.string())
    rates = make_rates(
        currency,
        pa.array([day for (_, day), _ in rows], pa.date32()),
        pa.array([float(rate) for _, rate in rows], pa.float64()),
    )
    names = pa.array([code for code, _ in asked], pa.string())
    for column in (names, names.dictionary_encode()):
        values, found = rates.find(column, days_of(pa.array([day for _, day in asked], pa.date32())))
        for place, (code, day) in enumerate(asked):
            earlier = [(when, rate) for (other, when), rate in book.items() if other == code and when <= day]
            assert bool(found[place]) == bool(earlier)
            if earlier:
                assert values[place] == float(max(earlier)[1])


@given(st.lists(st.tuples(units, written), min_size=1))
def test_a_converted_amount_is_the_exact_product_rounded_half_even(rows) -> None:  # type: ignore[no-untyped-def]
    amounts = np.array([amount for amount, _ in rows], np.int64)
    result, too_large = convert(amounts, np.array([float(rate) for _, rate in rows]))
    for (amount, rate), given_back, large in zip(rows, result.tolist(), too_large.tolist(), strict=True):
        # Fractions round half to even.
        exact = round(amount * Fraction(rate))
        if abs(exact) < 2**63 - 2**14:
            assert not large
            assert given_back == exact
        elif abs(exact) >= 2**63:
            assert large


def test_halves_go_to_the_even_neighbour_whichever_way_the_float_is_off() -> None:
    # 1.005 is a little less as a float, 1.015 a little more; their products with 100 and 300 are half a unit.
    result, _ = convert(np.array([100, 300, 500, -100, 3, 5]), np.array([1.005, 1.005, 1.015, 1.005, 0.5, 0.5]))
    assert result.tolist() == [100, 302, 508, -100, 2, 2]


def test_a_rate_with_a_missing_part_says_nothing() -> None:
    rates = make_rates(
        pa.array(["GBP", None, "GBP"]),
        pa.array([date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]),
        pa.array([1.25, 9.0, None]),
    )
    values, found = rates.find(pa.array(["GBP", None]), days_of(pa.array([date(2026, 1, 9)] * 2)))
    assert values.tolist()[0] == 1.25
    assert found.tolist() == [True, False]


def test_a_moment_belongs_to_its_day_in_utc() -> None:
    moments = [datetime(1969, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), None]
    assert days_of(pa.array(moments, pa.timestamp("us", "UTC"))).tolist() == [-1, 20454, 0]
