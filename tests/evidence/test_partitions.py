"""Agreement of partitions: against scikit-learn, sets, and what is true of any."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from segdsl.evidence.partitions import adjusted_rand, best_likeness

PAIRS = st.lists(st.tuples(st.integers(-1, 4), st.integers(-1, 3)), min_size=1, max_size=40)


def sides(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one for one, _ in pairs], np.int64), np.array([other for _, other in pairs], np.int64)


@given(PAIRS)
def test_the_index_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    one, other = sides(pairs)
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other), abs=1e-12)


def test_the_published_example_of_hubert_and_arabie() -> None:
    # A table of 3 by 3 groups with the cells 1 1 0, 1 2 1, 0 0 4, worked out in Yeung & Ruzzo (2001): .313.
    cells = {(0, 0): 1, (0, 1): 1, (1, 0): 1, (1, 1): 2, (1, 2): 1, (2, 2): 4}
    one, other = sides([pair for pair, count in cells.items() for _ in range(count)])
    assert adjusted_rand(one, other) == pytest.approx(0.313, abs=5e-4)


def test_no_rows_agree() -> None:
    assert adjusted_rand(np.zeros(0, np.int64), np.zeros(0, np.int64)) == 1


@given(PAIRS)
def test_likeness_is_that_of_sets(pairs: list[tuple[int, int]]) -> None:
    one, other = sides(pairs)
    found = best_likeness(one, other, 5)
    for group in range(5):
        own = set(np.flatnonzero(one == group))
        if not own:
            assert np.isnan(found[group])
            continue
        theirs = [set(np.flatnonzero(other == name)) for name in range(4)]
        assert found[group] == pytest.approx(max(len(own & them) / len(own | them) for them in theirs))
