"""Cut-points: round, and where they should be."""

from decimal import Decimal as D

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.cut_points import cut_point, quantile_places

ASCENDING = st.lists(st.integers(-1000, 1000), min_size=2, max_size=60).map(sorted)


def test_a_cut_lies_between_its_neighbours_at_a_round_figure() -> None:
    assert cut_point(np.array([1.0, 487, 513, 900]), 2) == D(500)


def test_a_cut_may_move_over_as_many_values_as_it_is_allowed() -> None:
    values = np.array([90.0, 96, 97, 98, 103, 104, 105])
    assert cut_point(values, 3) == D(98)
    assert cut_point(values, 3, below=0, above=1) == D(100)


def test_neighbouring_doubles_are_still_parted() -> None:
    low = 0.1
    high = float(np.nextafter(low, 1))
    assert low < float(cut_point(np.array([low, high]), 1)) <= high


@given(ASCENDING, st.data())
def test_the_values_from_the_place_on_are_those_at_or_above_the_cut(values: list[int], data: st.DataObject) -> None:
    places = [place for place in range(1, len(values)) if values[place - 1] < values[place]]
    if places:
        place = data.draw(st.sampled_from(places))
        cut = cut_point(np.array(values, dtype=np.float64), place)
        assert sum(value >= cut for value in values) == len(values) - place


@given(ASCENDING, st.integers(2, 6))
def test_parts_begin_at_the_first_value_above_the_quantile(values: list[int], parts: int) -> None:
    places = quantile_places(np.array(values, dtype=np.float64), parts)
    for part, place in enumerate(places, start=1):
        # Type 7: the quantile lies at (n - 1) p, counted from 0, between two order statistics.
        at = (len(values) - 1) * part / parts
        low = int(at + 1e-9)
        high = min(low + 1, len(values) - 1)
        quantile = values[low] + (at - low) * (values[high] - values[low])
        assert all(value <= quantile + 1e-6 for value in values[:place])
        assert all(value > quantile - 1e-6 for value in values[place:])
