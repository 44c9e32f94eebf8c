from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.stats import tango_interval
from quantassay.stats.tango import restricted_loss_probability, score


@given(st.integers(1, 500), st.data())
def test_restricted_estimate_maximizes_the_likelihood(n, data):
    b = data.draw(st.integers(0, n))
    c = data.draw(st.integers(0, n - b))
    loss = data.draw(st.floats(-0.95, 0.95))
    q = float(restricted_loss_probability(*(np.asarray(float(v)) for v in (b, c, n)), loss))
    low, high = max(loss, 0), (1 + loss) / 2
    assert low <= q <= high

    def likelihood(x):
        parts = [(b, x), (c, x - loss), (n - b - c, 1 - 2 * x + loss)]
        if any(k and p <= 0 for k, p in parts):
            return -np.inf
        return sum(k * np.log(p) for k, p in parts if k)

    grid = np.linspace(low, high, 200)
    assert max(likelihood(x) for x in grid) <= likelihood(q) + 1e-6 * n


@given(st.integers(1, 2000), st.data())
def test_limits_are_where_the_score_reaches_its_quantile(n, data):
    b = data.draw(st.integers(0, n))
    c = data.draw(st.integers(0, n - b))
    low, high = tango_interval(b, c, n, 0.025)
    assert -1 <= low <= (b - c) / n <= high <= 1
    if b < n:
        t = score(*(np.asarray(float(v)) for v in (b, c, n)), high)
        assert t == pytest.approx(1.959964, abs=1e-5)
    assert tango_interval(c, b, n, 0.025) == (-high, -low)


def test_score_is_zero_where_nothing_differs_and_nothing_is_lost():
    zero = np.asarray(0.0)
    assert score(zero, zero, np.asarray(10.0), zero) == 0


def test_no_pairs_have_no_interval():
    low, high = tango_interval([0, 1], [0, 1], [0, 9], 0.025)
    assert np.isnan([low[0], high[0]]).all()
    assert np.isfinite([low[1], high[1]]).all()
