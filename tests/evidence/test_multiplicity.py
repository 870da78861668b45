"""Corrected p-values against those of scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from segdsl.evidence.multiplicity import false_discovery


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_false_discovery_is_that_of_scipy(p: list[float]) -> None:
    assert false_discovery(np.array(p)) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)


def test_nothing_is_corrected_to_nothing() -> None:
    assert len(false_discovery(np.array([]))) == 0
