"""On planted data `lookalike` ranks accounts never seen better than size by industry, and than nearness to the best."""

import numpy as np
import pytest

from tests.acceptance.segmenters.planted_likeness import lift_and_areas, measure

SEEDS = 20


def test_gains_of_the_method_s_example() -> None:
    """Method, section 7: segments of 90/10 and 50/50 of 100 accounts, no information and the perfect model."""
    rows = [{"quality": -place} for place in range(100)]
    poor, half = [place < 90 for place in range(100)], [place < 50 for place in range(100)]
    for ranked, lift, area in (
        ([0] * 100, 1, 0.5),
        (poor, 10 / 9, 0.55),
        (half, 2, 0.75),
        ([place < 25 for place in range(100)], 4, 0.875),
    ):
        found = lift_and_areas([float(one) for one in ranked], rows)
        assert found[:2] == (pytest.approx(lift), pytest.approx(area))


@pytest.mark.slow
def test_out_of_sample_it_beats_size_by_industry_and_nearness_to_the_best() -> None:
    found = [measure(seed) for seed in range(SEEDS)]
    for bands in (5, 10):
        own = np.array([one[f"lookalike, {bands} bands"] for one in found])
        for other in ("size x industry", "nearest to the best"):
            better = own - np.array([one[other] for one in found])
            # Lift at 25 %, area under the gains curve, area under the ROC curve.
            assert (better > 0).mean(axis=0).min() >= 0.95, (bands, other)
            low = better.mean(axis=0) - 2.09 * better.std(axis=0, ddof=1) / np.sqrt(SEEDS)
            assert (low > (0.1, 0.02, 0.03)).all(), (bands, other, low)
