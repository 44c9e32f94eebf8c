from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay import stats


def test_a_huge_cap_costs_samples():
    """NLL clipped at 10, spread .1, margin .01."""
    assert stats.mean_sample_size(0.01, 0.1, None) == pytest.approx(1050, abs=5)
    assert stats.mean_sample_size(0.01, 0.1, 10) == pytest.approx(6178, abs=5)


def test_planned_power_is_reached():
    rng = np.random.default_rng(2)
    n = int(stats.mean_sample_size(0.05, 0.3, 1.0, 0.01))
    d = rng.uniform(-np.sqrt(3) * 0.3, np.sqrt(3) * 0.3, (3000, n)) - 0.01
    high = stats.mean_bounds(n, d.sum(1), (d**2).sum(1), 1.0, 0.025)[1]
    assert (high < 0.05).mean() == pytest.approx(0.9, abs=0.025)
    assert stats.mean_power(n, 0.05, 0.3, 1.0, 0.01) == pytest.approx(0.9, abs=0.01)


@given(st.integers(2, 10**6), st.floats(0, 2), st.sampled_from([None, 0.5, 10.0]))
def test_smallest_detectable_inverts_sample_size(n, spread, cap):
    margin = stats.smallest_detectable_mean(n, spread, cap)
    if margin > 1e-9:
        assert stats.mean_sample_size(margin * 1.0001, spread, cap) <= max(
            n, 2 if cap is None else stats.mean_floor(cap, margin, 0.025)
        )
        assert stats.mean_sample_size(margin * 0.99, spread, cap) > min(n, 3)


@given(st.floats(0.001, 0.5), st.floats(0, 0.5), st.floats(-0.2, 0.2))
def test_never_below_the_floor(margin, spread, loss):
    n = stats.mean_sample_size(margin, spread, 1.0, loss)
    assert n >= stats.mean_floor(1.0, margin, 0.025)
    assert np.isinf(n) == (loss >= margin)


def test_cells_side_by_side_and_undefined():
    n = stats.mean_sample_size([0.01, 0.01, np.nan, 0.01], [0.1, np.nan, 0.1, 0.1], 1, [0, 0, 0, 1])
    assert np.isnan(n).tolist() == [False, True, True, False]
    assert np.isinf(n[3])
    assert np.isnan(stats.smallest_detectable_mean([0, 1, 9], [0.1, 0.1, np.nan], None)).all()
    assert np.isnan(stats.mean_power(9000, 0.01, np.nan, 1))
    assert stats.mean_power([100, 477], 0.01, 0.0, 1).tolist() == [0, 1]


def test_tails_cost_samples():
    plain = stats.mean_sample_size(0.02, 0.1, 1.0)
    tails = stats.mean_sample_size(0.02, 0.1, 1.0, skewness=[10, -10, 0], kurtosis=[0, 0, 97])
    assert tails[1] == plain
    assert plain < tails[2] < tails[0]
    assert stats.mean_power(tails[0], 0.02, 0.1, 1.0, skewness=10) == stats.mean_power(
        tails[0], 0.02, 0.1, 1.0, skewness=10, kurtosis=98
    )


def test_rare_large_losses_reach_their_power_once_their_tails_are_given():
    """1 % lose the cap, all others gain 1/99."""
    rng, p = np.random.default_rng(3), 0.01
    spread = (1 + 1 / 99) * np.sqrt(p * (1 - p))
    skewness = (1 - 2 * p) / np.sqrt(p * (1 - p))
    n = int(stats.mean_sample_size(0.01, spread, 1.0, skewness=skewness))
    lost = rng.binomial(n, p, 20_000)
    total, square = (n - lost) / 99 - lost, (n - lost) / 99**2 + lost
    high = stats.mean_bounds(n, total, square, 1.0, 0.025)[1]
    assert (high < 0.01).mean() == pytest.approx(0.9, abs=0.03)


def test_a_negative_spread_is_refused():
    with pytest.raises(ValueError, match="deviation"):
        stats.mean_sample_size(0.1, -1, 1)
