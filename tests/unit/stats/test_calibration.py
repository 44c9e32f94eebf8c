from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats

from quantassay.stats import between_draws, fresh_draw_interval


def crossed(between, samples, both, shape=(8, 400), seed=0):
    rng = np.random.default_rng(seed)
    return (
        between * rng.standard_normal((shape[0], 1))
        + samples * rng.standard_normal(shape[1])
        + both * rng.standard_normal(shape)
    )


def test_interaction_is_subtracted():
    """Two hundred repeats, so that the mean of the estimates is known to a few percent."""
    d = [crossed(0.05, 0.2, 0.4, (20, 100), seed) for seed in range(200)]
    found = np.mean([between_draws(one).estimate ** 2 for one in d])
    naive = np.mean([one.mean(axis=1).var(ddof=1) for one in d])
    assert found == pytest.approx(0.05**2, rel=0.15)
    assert naive == pytest.approx(0.05**2 + 0.4**2 / 100, rel=0.1)


def test_without_interaction_it_is_the_deviation_of_the_means():
    d = crossed(0.05, 0.2, 0.0)
    found, spread = between_draws(d), d.mean(axis=1).std(ddof=1)
    assert found.estimate == pytest.approx(spread)
    assert found.low / spread == pytest.approx(0.66, abs=0.005)
    assert found.high / spread == pytest.approx(2.04, abs=0.005)


def test_draws_that_differ_less_than_chance_vary_by_nothing():
    found = between_draws(np.tile([[1.0, -1.0], [-1.0, 1.0]], (4, 50)))
    assert (found.estimate, found.low, found.high) == (0, 0, 0)


def test_fresh_draw_by_hand():
    d = crossed(0.05, 0.2, 0.1)
    found = fresh_draw_interval(d, 0.9)
    among_draws = scipy_stats.t.ppf(0.95, 7) * d.mean(axis=1).std(ddof=1) * np.sqrt(9 / 8)
    among_samples = scipy_stats.t.ppf(0.95, 399) * d.mean(axis=0).std(ddof=1) / 20
    assert found.estimate == pytest.approx(-d.mean())
    assert found.high - found.estimate == pytest.approx(np.hypot(among_draws, among_samples))
    assert found.high - found.estimate == pytest.approx(found.estimate - found.low)


@pytest.mark.parametrize("shape", [(1, 50), (8, 1)])
def test_one_draw_or_sample_says_nothing_of_others(shape):
    d = np.full(shape, -0.25)
    assert np.isnan([*vars(between_draws(d)).values()]).all()
    found = fresh_draw_interval(d)
    assert found.estimate == 0.25
    assert np.isnan([found.low, found.high]).all()
    assert np.isnan(fresh_draw_interval(np.empty((0, 0))).estimate)


@pytest.mark.parametrize("function", [between_draws, fresh_draw_interval])
@pytest.mark.parametrize("d", [[1.0, 2.0], [[1.0, np.nan]]])
def test_bad_differences_are_refused(function, d):
    with pytest.raises(ValueError, match="differences"):
        function(d)
