from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay import stats


@st.composite
def clusters(draw, smallest=2):
    groups = draw(st.integers(smallest, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    sizes = rng.integers(1, draw(st.sampled_from([1, 5, 80])) + 1, groups)
    return sizes, rng.integers(-sizes, sizes + 1)


def test_single_samples_are_a_mean():
    """Only the degrees of freedom differ, by the pseudo-clusters."""
    d = np.random.default_rng(0).integers(-1, 2, 400)
    ones = np.ones(400)
    by_cluster = stats.cluster_bounds(ones, d, 1, 0.025)
    np.testing.assert_allclose(
        by_cluster, stats.mean_bounds(400, d.sum(), d @ d, 1, 0.025), atol=1e-5
    )
    assert stats.effective_clusters(ones) == 400
    assert stats.design_effect(ones, d, d @ d) == pytest.approx(1)


@given(clusters(), st.sampled_from([0.2, 0.05, 0.025, 0.000125]))
def test_bounds_mirror_and_p_agrees(cell, alpha):
    sizes, totals = cell
    low, high = stats.cluster_bounds(sizes, totals, 1, alpha)
    assert stats.cluster_bounds(sizes, -totals, 1, alpha) == (-high, -low)
    assert -1 <= low <= high <= 1
    if high < 1 - 1e-9:
        assert stats.cluster_p_within(sizes, totals, 1, high + 1e-9) <= alpha
        assert stats.cluster_p_within(sizes, totals, 1, high - 1e-7) >= alpha * (1 - 1e-5)
    if low > -1 + 1e-9:
        assert stats.cluster_p_beyond(sizes, totals, 1, low - 1e-9) <= alpha
        assert stats.cluster_p_beyond(sizes, totals, 1, low + 1e-7) >= alpha * (1 - 1e-5)


@given(clusters())
def test_stricter_levels_widen(cell):
    ends = [stats.cluster_bounds(*cell, 1, a) for a in (0.2, 0.05, 0.025, 0.005, 0.0005)]
    lows, highs = zip(*ends, strict=True)
    assert np.all(np.diff(lows) <= 1e-9)
    assert np.all(np.diff(highs) >= -1e-9)


def test_ratio_estimate_by_hand():
    sizes, totals = np.array([1.0, 3.0, 8.0]), np.array([0.0, -1.0, 2.0])
    typical = 74 / 12
    n = np.r_[sizes, typical, typical]
    loss = np.r_[-totals, typical, typical]
    mean = loss.sum() / n.sum()
    error = np.sqrt(5 / 4 * ((loss - mean * n) ** 2).sum()) / n.sum()
    df = stats.effective_clusters(sizes) - 1
    assert df == pytest.approx(144 / 74 - 1)
    t = 12.81  # rounded up: the cap ends the interval at so few clusters
    assert stats.cluster_bounds(sizes, totals, 1, 0.025)[1] == min(1, mean + t * error)


@pytest.mark.parametrize("how", ["whole clusters", "the larger half", "correlated"])
def test_clusters_at_their_margin_seldom_pass(how):
    rng = np.random.default_rng(11)
    share, passes, rounds = 0.2, 0, 1500
    for _ in range(rounds):
        n = np.ceil(rng.lognormal(2, 1, 80))
        q = np.full(80, share)
        if how == "the larger half":
            q = np.where(n > np.median(n), 2 * share, 0)
        if how == "correlated":
            totals = -rng.binomial(n.astype(int), rng.beta(share * 7 / 3, (1 - share) * 7 / 3, 80))
        else:
            totals = -n * (rng.random(80) < q)
        true = (n * q).sum() / n.sum()
        passes += stats.cluster_bounds(n, totals, 1, 0.025)[1] < true
    # .025 plus three standard errors
    assert passes / rounds <= 0.037


def test_ignoring_clusters_would_pass_too_often():
    """The simulation above can fail: samples taken as independent break the level."""
    rng = np.random.default_rng(5)
    passes = 0
    for _ in range(500):
        lost = rng.binomial(10, rng.beta(0.2 * 7 / 3, 0.8 * 7 / 3, 80)).sum()
        passes += stats.mean_bounds(800, -lost, lost, 1, 0.025)[1] < 0.2
    assert passes / 500 > 0.08


def test_effective_clusters_and_floor():
    assert stats.effective_clusters([5, 5, 5, 5]) == 4
    assert stats.effective_clusters([97, 1, 1, 1]) == pytest.approx(1.0625, abs=1e-3)
    assert stats.full_clusters([5, 5, 5, 5]) == 4
    assert stats.full_clusters([97, 1, 1, 1]) == pytest.approx(100 / 97)
    assert np.isnan(stats.full_clusters([]))
    assert np.isnan(stats.effective_clusters([]))
    assert stats.cluster_floor(1, [0.05, 0.9, np.nan], 0.025).tolist()[:2] == [94, 20]
    assert np.isnan(stats.cluster_floor(1, np.nan, 0.025))


def test_correlation_and_design_effect_recover_what_was_put_in():
    rng = np.random.default_rng(1)
    x = rng.normal(0, np.sqrt(0.3), (4000, 1)) + rng.normal(0, np.sqrt(0.7), (4000, 10))
    sizes, totals, square = np.full(4000, 10), x.sum(axis=1), (x**2).sum()
    assert stats.intraclass_correlation(sizes, totals, square) == pytest.approx(0.3, abs=0.02)
    assert stats.design_effect(sizes, totals, square) == pytest.approx(1 + 9 * 0.3, abs=0.2)
    constant = np.full(5, 3.0)
    assert stats.intraclass_correlation(constant, [0, 3, 0, 3, 0], 6) == pytest.approx(1)


def test_undefined_figures_are_nan():
    assert np.isnan(stats.cluster_bounds([50], [-10], 1, 0.025)).all()
    assert np.isnan(stats.cluster_p_within([50], [-10], 1, 0.1))
    assert np.isnan(stats.cluster_p_within([5, 5], [0, 1], 1, np.nan))
    assert np.isnan(stats.design_effect([50], [-10], 10))
    assert np.isnan(stats.design_effect([5, 5], [0, 0], 0))
    assert np.isnan(stats.intraclass_correlation([1, 1], [0, 1], 1))
    assert np.isnan(stats.intraclass_correlation([2, 2], [0, 0], 0))


def test_total_ruin_has_p_one():
    assert stats.cluster_p_within([4, 4, 4], [-4, -4, -4], 1, 0.5) == 1


@pytest.mark.parametrize(
    ("sizes", "totals"),
    [([1, 2], [0]), ([0, 2], [0, 0]), ([1, 2], [0, 3]), ([1, 2], [0, np.nan]), ([[1]], [[0]])],
)
def test_bad_clusters_are_refused(sizes, totals):
    with pytest.raises(ValueError, match="cluster"):
        stats.cluster_bounds(sizes, totals, 1, 0.025)
