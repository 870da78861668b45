"""Cut-points as people would choose them."""

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.plugin import COUNT, DATE, DURATION, INT, NUMBER, RATIO, Duration, Type, money
from segdsl_tree.cut_points import choose_cut, cut_value


def days(*texts: str) -> np.ndarray:
    return np.array([(date.fromisoformat(text) - date(1970, 1, 1)).days for text in texts], float)


@pytest.mark.parametrize(
    ("below", "above", "type_", "cut"),
    [
        (475, 510, COUNT, 500),
        (487, 488, COUNT, 488),
        (12, 13, COUNT, 13),
        (999, 4_000, COUNT, 2_500),
        (1_994, 1_998, INT, 1_995),
        (1_994, 2_004, INT, 2_000),
        (1_370.55, 1_409.9, money("USD"), 1_400),
        (0.131, 0.162, RATIO, Fraction(15, 100)),
        (0.131, 0.142, RATIO, Fraction(14, 100)),
        (-0.04, 0.03, NUMBER, 0),
        (-7.3, -4.9, NUMBER, -5),
        (1.234, 1.2345, NUMBER, Fraction("1.2345")),
        (80 * 1440, 101 * 1440, DURATION, 90 * 1440),
        (83 * 1440, 86 * 1440, DURATION, 84 * 1440),
    ],
)
def test_the_roundest_value_between_two_neighbours_is_chosen(
    below: float, above: float, type_: Type, cut: Fraction | int
) -> None:
    assert choose_cut(np.array([1.0 * below, above]), above, type_) == cut


@pytest.mark.parametrize(
    ("below", "above", "cut"),
    [
        ("2023-11-20", "2024-03-05", "2024-01-01"),
        ("2024-02-20", "2024-05-05", "2024-04-01"),
        ("2024-04-20", "2024-06-05", "2024-05-01"),
        ("2024-04-20", "2024-05-01", "2024-05-01"),
        ("2024-04-20", "2024-04-21", "2024-04-21"),
        ("1969-11-20", "1970-02-05", "1970-01-01"),
    ],
)
def test_dates_are_cut_at_the_start_of_a_year_a_quarter_or_a_month(below: str, above: str, cut: str) -> None:
    values = days(below, above)
    assert cut_value(choose_cut(values, values[1], DATE), DATE) == date.fromisoformat(cut)


def test_few_rows_may_move_for_a_rounder_value() -> None:
    values = np.array([*range(1, 488), *range(488, 1_001)], float)
    # 488 to 499 are 12 rows of 1,000; with 10 rows the cut may be from 478 to 498.
    assert choose_cut(values, 488, COUNT, 0.0, 0.012) == 500
    assert choose_cut(values, 488, COUNT) == 490
    assert choose_cut(values, 488, COUNT, 0.0, 0.0) == 488


def test_a_round_cut_moves_no_row_for_a_rounder_one() -> None:
    values = np.concatenate([np.arange(1.0, 500.0), np.arange(500.0, 1_001.0)])
    assert choose_cut(values, 500, COUNT, 0.9, 0.9) == 500


@given(
    st.lists(st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda v: round(v, 4)), min_size=2, max_size=60),
    st.floats(0, 0.3),
    st.data(),
)
def test_no_more_rows_move_than_are_allowed(values: list[float], moved: float, data: st.DataObject) -> None:
    known = np.array(values)
    distinct = sorted(set(values))
    if len(distinct) < 2:
        return
    edge = data.draw(st.sampled_from(distinct[1:]))
    for up, down in ((0.0, 0.0), (moved, 0.0), (0.0, moved), (moved, moved)):
        sides = known >= float(choose_cut(known, edge, NUMBER, up, down))
        assert (sides & (known < edge)).sum() <= up * len(known)
        assert (~sides & (known >= edge)).sum() <= down * len(known)
        assert 0 < sides.sum() < len(known)


def test_a_duration_is_given_in_seconds() -> None:
    assert cut_value(Fraction(90 * 1440), DURATION) == Duration(seconds=90 * 86_400)
