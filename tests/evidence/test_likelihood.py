"""The search for a maximum, where the answer is known beforehand."""

import numpy as np
import pytest

from segdsl.evidence.likelihood import Maximum, Unfitted, maximise


def test_the_rate_of_waiting_times_is_one_over_their_mean() -> None:
    times = np.array([0.5, 1.5, 4.0, 2.0])
    found = maximise(lambda rate: (4 * np.log(rate[0]) - rate[0] * times.sum(), 4 / rate - times.sum()), [[1.0]])
    assert isinstance(found, Maximum)
    assert found.parameters == pytest.approx([0.5])
    assert found.errors == pytest.approx([0.5 / 2], rel=1e-6)
    assert found.log_likelihood == pytest.approx(4 * np.log(0.5) - 4)


def test_of_two_tops_the_higher_is_found() -> None:
    def value(logs: np.ndarray) -> float:
        return float(np.log(np.exp(-4 * (logs[0] + 2) ** 2) + 3 * np.exp(-4 * (logs[0] - 2) ** 2)))

    def two_tops(x: np.ndarray) -> tuple[float, np.ndarray]:
        logs, step = np.log(x), 1e-6
        return value(logs), np.array([(value(logs + step) - value(logs - step)) / (2 * step) / x[0]])

    found = maximise(two_tops, [[np.exp(-2.2)], [np.exp(1.7)]])
    assert isinstance(found, Maximum)
    assert found.parameters == pytest.approx([np.exp(2)], rel=1e-4)


@pytest.mark.parametrize("sign", [1, -1])
def test_what_always_grows_has_no_maximum(sign: int) -> None:
    found = maximise(lambda x: (sign * float(np.log(x[0])), sign / x), [[1.0]])
    assert isinstance(found, Unfitted) and "no maximum" in found.reason


def test_what_is_flat_has_no_maximum() -> None:
    assert isinstance(maximise(lambda x: (1.0, np.zeros(2)), [[1.0, 2.0]]), Unfitted)


def test_what_is_no_number_is_no_maximum() -> None:
    assert isinstance(maximise(lambda x: (float("nan"), np.full(2, np.nan)), [[1.0, 2.0]]), Unfitted)
