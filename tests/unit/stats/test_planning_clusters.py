from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats

PAIRS = stats.cluster_mix([2] * 300)


def test_planned_power_is_reached():
    """Half of the samples of a cluster change together."""
    rng, sizes, psi, m = np.random.default_rng(4), np.full(100, 10), 0.05, 0.05
    n = float(stats.cluster_sample_size(stats.cluster_mix(sizes), m, psi**0.5, 1.0, 0.25))
    count, draws = round(n / 10), 2000
    alike = rng.binomial(10, 0.5, (draws, count))
    change = rng.choice([-1, 0, 1], (draws, count), p=[psi / 2, 1 - psi, psi / 2])
    other = rng.binomial(10 - alike, psi)
    totals = alike * change + other - 2 * rng.binomial(other, 0.5)
    cells = np.repeat(np.arange(draws), count)
    high = stats.cluster_bounds(np.full(totals.size, 10), totals.ravel(), 1.0, 0.025, cells)[1]
    assert (high < m).mean() == pytest.approx(0.9, abs=0.03)


def test_size_inverts_power_and_reach():
    n = stats.cluster_sample_size(PAIRS, 0.02, 0.2, 1.0, 0.5)
    assert stats.cluster_power(PAIRS, 0.02, 0.2, 1.0, 0.5, n=n) == pytest.approx(0.9, abs=5e-3)
    here = stats.smallest_detectable_cluster(PAIRS, 0.2, 1.0, 0.5)
    assert stats.cluster_power(PAIRS, here, 0.2, 1.0, 0.5) == pytest.approx(0.9, abs=1e-6)


def test_single_samples_are_a_mean():
    mix = stats.cluster_mix([1] * 5000)
    alone = stats.cluster_sample_size(mix, 0.02, 0.2, 1.0, 0.0)
    assert alone == pytest.approx(float(stats.mean_sample_size(0.02, 0.2, 1.0)), rel=0.02)


def test_correlation_costs_samples_and_none_is_below_the_floor():
    sizes = stats.cluster_sample_size(PAIRS, 0.05, 0.2, 1.0, [0.0, 0.3, 1.0])
    assert np.all(np.diff(sizes) > 0)
    least = 2 * stats.cluster_floor(1.0, 0.05, 0.025)
    assert stats.cluster_sample_size(PAIRS, 0.05, 0.0, 1.0, 0.0) >= least
    assert stats.cluster_power(PAIRS, 0.05, 0.1, 1.0, 0.0, n=least - 2) == 0


def test_a_mix_holds_what_the_interval_needs():
    mix = stats.cluster_mix([1, 1, 4], copies=10)
    assert (mix.samples, mix.clusters, mix.mean_square) == (60, 0.5, 3)
    assert 2 < mix.worst <= 4


def test_hopeless_and_undefined():
    found = stats.cluster_sample_size(PAIRS, 0.02, [0.1, np.nan], 1.0, 0.1, [0.02, 0.0])
    assert np.isinf(found[0])
    assert np.isnan(found[1])
    assert np.isnan(stats.cluster_power(PAIRS, 0.02, np.nan, 1.0, 0.1))


def test_design_effect():
    assert stats.expected_design_effect(10, 0, 0.3) == pytest.approx(3.7)
    assert stats.expected_design_effect(10, 1, 0.3) == pytest.approx(6.7)
    assert stats.expected_design_effect(1, 0, 0.9) == 1
    for bad in ((0.5, 0, 0.1), (5, -1, 0.1), (5, 0, 1.1)):
        with pytest.raises(ValueError, match="clusters"):
            stats.expected_design_effect(*bad)


def test_bad_arguments_are_refused():
    for bad in ([3], [2, 0], [[1, 2]]):
        with pytest.raises(ValueError, match="two clusters"):
            stats.cluster_mix(bad)
    for spread, correlation in ((-1, 0.1), (0.1, -0.1)):
        with pytest.raises(ValueError, match="deviation"):
            stats.cluster_sample_size(PAIRS, 0.1, spread, 1.0, correlation)
