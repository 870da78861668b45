"""Weights against scikit-learn and a general minimiser, areas against scikit-learn, points against their definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from segdsl.evidence.out_of_sample import area_of, choose_strength, judge_scorecard
from segdsl.evidence.regression_tree import Feature
from segdsl.evidence.scorecard import LEAST_POINTS, fit_weights, learn_scorecard, log_odds, penalty, point_sums


def some_features(rng: np.random.Generator, rows: int, ordered: bool = False) -> list[Feature]:
    """Three features, the first with missing values."""
    first = rng.integers(0, 5, rows)
    return [
        Feature(first.astype(np.uint16), 4, ordered),
        Feature(rng.integers(0, 3, rows).astype(np.uint16), 3, False),
        Feature((rng.random(rows) < 0.3).astype(np.uint16), 2, ordered),
    ]


def one_hot(features: list[Feature]) -> np.ndarray:
    return np.concatenate([np.eye(one.bins + 1)[one.codes] for one in features], axis=1)


def some_wanted(rng: np.random.Generator, features: list[Feature], strength: float = 1.0) -> np.ndarray:
    odds = strength * (features[0].codes == 2) + strength * features[2].codes - 1
    return np.asarray(rng.random(len(odds)) < 1 / (1 + np.exp(-odds)))


@pytest.mark.parametrize("strength", [0.5, 3.0, 100.0])
def test_weights_of_categories_are_those_of_scikit_learn(strength: float) -> None:
    rng = np.random.default_rng(1)
    features = some_features(rng, 500)
    wanted = some_wanted(rng, features)
    own = fit_weights(features, wanted, strength)
    theirs = LogisticRegression(C=1 / strength, tol=1e-10, max_iter=10_000).fit(one_hot(features), wanted)
    assert own.intercept == pytest.approx(theirs.intercept_[0], abs=1e-4)
    np.testing.assert_allclose(np.concatenate(own.levels), theirs.coef_[0], atol=1e-4)


def test_weights_of_ordered_levels_are_where_a_general_minimiser_ends() -> None:
    rng = np.random.default_rng(2)
    features = some_features(rng, 400, ordered=True)
    wanted = some_wanted(rng, features)
    matrix, strength, n = one_hot(features), 4.0, 400

    def lost(at: np.ndarray) -> float:
        odds = at[0] + matrix @ at[1:]
        levels = np.split(at[1:], [5, 9])
        # Neighbours of the known levels, a tenth of each of these, and the missing ones; the second is a category.
        steps = sum(np.square(np.diff(own[:-1])).sum() for own in (levels[0], levels[2]))
        sizes = sum(0.1 * np.square(own[:-1]).sum() + own[-1] ** 2 for own in (levels[0], levels[2]))
        whole = np.square(levels[1]).sum()
        return float(np.logaddexp(0, np.where(wanted, -odds, odds)).sum() + strength / 2 * (steps + sizes + whole))

    found = minimize(lost, np.zeros(matrix.shape[1] + 1), method="BFGS", options={"gtol": 1e-6})
    own = fit_weights(features, wanted, strength)
    np.testing.assert_allclose(np.concatenate(([own.intercept], *own.levels)), found.x, atol=1e-4)
    assert lost(np.concatenate(([own.intercept], *own.levels))) <= found.fun + 1e-6
    assert penalty(features).shape == (13, 13)
    np.testing.assert_allclose(log_odds(own, features), own.intercept + matrix @ np.concatenate(own.levels))
    assert len(log_odds(own, features, np.arange(7))) == 7 < n


def test_levels_that_separate_rows_have_finite_weights_and_those_without_rows_none() -> None:
    codes = np.repeat([0, 1], 50).astype(np.uint16)
    weights = fit_weights([Feature(codes, 4, False)], codes == 1, 1.0)
    assert np.isfinite(weights.levels[0]).all()
    assert weights.levels[0][1] > 2 > -2 > weights.levels[0][0]
    np.testing.assert_allclose(weights.levels[0][2:], 0, atol=1e-9)


@given(st.integers(0, 10**6), st.sampled_from([3.0, 30.0]), st.booleans())
def test_points_are_scaled_weights_from_zero_up(seed: int, strength: float, ordered: bool) -> None:
    rng = np.random.default_rng(seed)
    features = some_features(rng, 300, ordered)
    wanted = some_wanted(rng, features, 2.0)
    card = learn_scorecard(features, wanted, strength)
    kept = [place for place, points in enumerate(card.points) if points.any()]
    assert kept
    weights = fit_weights([features[place] for place in kept], wanted, strength)
    reach = 0.0
    for place, levels in zip(kept, weights.levels, strict=True):
        points, counts = card.points[place], np.bincount(features[place].codes, minlength=len(levels))
        filled = np.where(counts > 0, levels, np.average(levels, weights=counts))
        reach += np.ptp(filled)
        assert points.min() == 0
        assert points.max() >= LEAST_POINTS or len(kept) == 1
        assert np.abs(points - (filled - filled.min()) * card.per_unit).max() <= 0.5 + 1e-2
    assert reach * card.per_unit == pytest.approx(100, rel=1e-3)
    by_row = sum(card.points[place][features[place].codes] for place in kept)
    np.testing.assert_array_equal(point_sums(card, features), by_row)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2, max_size=40))
def test_the_area_is_that_of_scikit_learn(rows: list[tuple[bool, int]]) -> None:
    wanted, values = np.array([w for w, _ in rows]), np.array([float(v) for _, v in rows])
    if 0 < wanted.sum() < len(rows):
        assert area_of(wanted, values) == pytest.approx(roc_auc_score(wanted, values))


def test_bands_out_of_sample_have_the_shares_of_held_out_rows() -> None:
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 2, 2_000).astype(np.uint16)
    wanted = rng.random(2_000) < np.where(codes == 1, 0.6, 0.1)
    features = [Feature(codes, 2, True)]
    judged = judge_scorecard(features, wanted, 3.0, [codes.mean(), 1 - codes.mean()], 0)
    # There are two levels only, so that every fold learns the same order, and the areas are those of the codes.
    assert judged.area == pytest.approx(roc_auc_score(wanted, codes), abs=0.01)
    assert judged.low < judged.area < judged.high
    assert judged.shares[0] == pytest.approx(wanted[codes == 1].mean(), abs=0.02)
    assert judged.shares[1] == pytest.approx(wanted[codes == 0].mean(), abs=0.02)


def test_rows_that_get_no_points_are_judged_as_chance() -> None:
    rng = np.random.default_rng(5)
    same = [Feature(np.zeros(80, np.uint16), 2, True)]
    judged = judge_scorecard(same, rng.permutation(80) < 20, 3.0, [1.0], 0)
    assert judged.area == 0.5
    assert judged.low < 0.4 < 0.6 < judged.high


def test_a_stronger_effect_needs_a_weaker_penalty() -> None:
    rng = np.random.default_rng(6)
    features = some_features(rng, 1_000)
    assert choose_strength(features, some_wanted(rng, features, 3.0), 0) <= 10
    assert choose_strength(features, rng.random(1_000) < 0.25, 0) >= 30


@pytest.mark.slow
@pytest.mark.parametrize("rows", [80, 300])
def test_noise_is_found_to_be_better_than_chance_in_at_most_one_of_twenty_data_sets(rows: int) -> None:
    found = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        features = [
            *(Feature(rng.integers(0, 6, rows).astype(np.uint16), 6, True) for _ in range(3)),
            *(Feature(rng.integers(0, 10, rows).astype(np.uint16), 11, False) for _ in range(2)),
            *(Feature((rng.random(rows) < 0.3).astype(np.uint16), 2, True) for _ in range(3)),
        ]
        wanted = rng.permutation(rows) < rows // 4
        found += judge_scorecard(features, wanted, choose_strength(features, wanted, 0), [1.0], 0).low > 0.5
    assert found <= 15


@pytest.mark.slow
def test_the_interval_holds_the_area_in_rows_never_seen() -> None:
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        features, unseen = some_features(rng, 300), some_features(rng, 20_000)
        wanted, others = some_wanted(rng, features), some_wanted(rng, unseen)
        strength = choose_strength(features, wanted, 0)
        judged = judge_scorecard(features, wanted, strength, [1.0], 0)
        true = area_of(others, point_sums(learn_scorecard(features, wanted, strength), unseen).astype(np.float64))
        held += judged.low <= true <= judged.high
    assert 180 <= held <= 200
