from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from quantassay.stats import clopper_pearson, discordance_upper


@given(st.integers(1, 500), st.data())
def test_scipy_agrees(n, data):
    k = data.draw(st.integers(0, n))
    expected = binomtest(k, n).proportion_ci(0.95, "exact")
    assert clopper_pearson(k, n, 0.025) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_no_trials_have_no_interval():
    low, high = clopper_pearson([0, 1], [0, 4], 0.025)
    assert np.isnan([low[0], high[0]]).all()
    assert 0 < low[1] < 0.25 < high[1] < 1


def test_upper_bound_of_discordance():
    assert discordance_upper(0, 200) == pytest.approx(1 - 0.2 ** (1 / 200))
    assert discordance_upper(6, 200) > 0.03
    assert discordance_upper(200, 200) == 1


def test_more_successes_than_trials_are_refused():
    with pytest.raises(ValueError, match="losses"):
        clopper_pearson(5, 4, 0.025)
