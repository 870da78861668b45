"""Groups of two partitions, matched: against every way to pair them, and by what must hold."""

from collections.abc import Iterator
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segdsl.evidence.label_matching import match_groups

Pairs = tuple[tuple[int, int], ...]


def match(before: list[int], now: list[int], counts: tuple[int, int] | None = None, least: float = 0.5) -> Pairs:
    sizes = counts or (max(before, default=-1) + 1, max(now, default=-1) + 1)
    return match_groups(np.array(before, np.int64), np.array(now, np.int64), sizes, least)


def shared_and_either(before: list[int], now: list[int], a: int, b: int) -> tuple[int, int]:
    own = {row for row, group in enumerate(before) if group == a}
    other = {row for row, group in enumerate(now) if group == b}
    return len(own & other), len(own | other)


def every_matching(allowed: list[tuple[int, int]]) -> Iterator[Pairs]:
    """All sets of pairs in which no group stands twice."""
    for size in range(len(allowed) + 1):
        for pairs in combinations(allowed, size):
            if len({a for a, _ in pairs}) == len({b for _, b in pairs}) == size:
                yield pairs


@st.composite
def partitions(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    rows = draw(st.integers(0, 12))
    groups = st.integers(-1, 3)
    return draw(st.lists(groups, min_size=rows, max_size=rows)), draw(st.lists(groups, min_size=rows, max_size=rows))


@given(partitions(), st.sampled_from([0.05, 0.25, 1 / 3, 0.5, 0.75, 1.0]))
def test_no_other_pairing_has_more_rows_in_both(both: tuple[list[int], list[int]], least: float) -> None:
    before, now = both
    figures = {(a, b): shared_and_either(before, now, a, b) for a in range(4) for b in range(4)}
    allowed = [pair for pair, (shared, either) in figures.items() if shared and shared >= least * either]
    most = max(sum(figures[pair][0] for pair in pairs) for pairs in every_matching(allowed))
    found = match(before, now, (4, 4), least)
    assert set(found) <= set(allowed)
    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)
    assert sum(figures[pair][0] for pair in found) == most


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60), st.permutations(range(6)))
def test_other_labels_for_the_same_groups_are_undone(now: list[int], order: list[int]) -> None:
    before = [order[group] for group in now]
    assert match(before, now, (6, 6)) == tuple((order[group], group) for group in sorted(set(now)))


@given(partitions())
def test_there_and_back_is_the_same(both: tuple[list[int], list[int]]) -> None:
    before, now = both
    there = match(before, now, (4, 4), 0.6)
    assert sorted((b, a) for a, b in there) == sorted(match(now, before, (4, 4), 0.6))


@given(partitions(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(both: tuple[list[int], list[int]], random: object) -> None:
    rows = list(zip(*both, strict=True))
    found = match(*both, (4, 4), 0.3)
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert match([a for a, _ in rows], [b for _, b in rows], (4, 4), 0.3) == found


def test_the_whole_is_better_than_the_best_single_pair() -> None:
    # Group 0 before shares 5 rows with 0 now and 4 with 1 now; group 1 before shares 4 with 0 now alone.
    before = [0] * 9 + [1] * 4
    now = [0] * 5 + [1] * 4 + [0] * 4
    assert match(before, now, least=0.1) == ((1, 0), (0, 1))


def test_a_group_that_fell_in_two_halves_goes_to_the_first() -> None:
    assert match([0, 0, 0, 0], [1, 1, 0, 0]) == ((0, 0),)
    assert match([1, 1, 0, 0], [0, 0, 0, 0]) == ((0, 0),)


@pytest.mark.parametrize(("kept", "same"), [(50, True), (49, False)])
def test_groups_that_are_more_apart_than_alike_are_not_the_same(kept: int, same: bool) -> None:
    before = [0] * 100
    now = [0] * kept + [1 + row for row in range(100 - kept)]
    assert bool(match(before, now)) is same


def test_nothing_is_like_an_empty_group() -> None:
    assert match([], [], (2, 2)) == ()
    assert match([0, 0], [1, 1], (2, 2)) == ((0, 1),)
    assert match([-1, -1], [0, 0], (1, 1)) == ()
    assert match([], [], (0, 3)) == ()


def test_all_permutations_of_four_equal_groups_are_told_apart() -> None:
    now = [0, 1, 2, 3] * 3
    for order in permutations(range(4)):
        assert {a: b for b, a in match([order[g] for g in now], now)} == {g: order[g] for g in range(4)}


def test_a_likeness_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        match([0], [0], least=0)
