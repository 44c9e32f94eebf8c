from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
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


@settings(max_examples=25)
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


@settings(max_examples=25)
@given(clusters())
def test_stricter_levels_widen(cell):
    ends = [stats.cluster_bounds(*cell, 1, a) for a in (0.2, 0.05, 0.025, 0.005, 0.0005)]
    lows, highs = zip(*ends, strict=True)
    assert np.all(np.diff(lows) <= 1e-9)
    assert np.all(np.diff(highs) >= -1e-9)


def test_one_huge_cluster_never_makes_a_stricter_level_narrower():
    sizes = np.r_[50.0, np.ones(1000)]
    levels = np.geomspace(0.5, 1e-9, 60)
    highs = [stats.cluster_bounds(sizes, np.zeros(1001), 1, a)[1] for a in levels]
    assert np.all(np.diff(highs) >= -1e-12)


@settings(max_examples=20)
@given(st.lists(clusters(), min_size=1, max_size=4), st.sampled_from([0.05, 0.025, 0.000125]))
def test_many_cells_at_once_are_each_of_them_alone(found, alpha):
    sizes, totals = (np.concatenate(column) for column in zip(*found, strict=True))
    cells = np.repeat(np.arange(len(found)), [len(cell[0]) for cell in found])
    order = np.random.default_rng(0).permutation(len(cells))
    together = sizes[order], totals[order]
    low, high = stats.cluster_bounds(*together, 1, alpha, cells[order])
    p = stats.cluster_p_within(*together, 1, 0.1, cells[order])
    beyond = stats.cluster_p_beyond(*together, 1, 0.1, cells[order])
    counts = stats.equivalent_clusters(together[0], alpha, cells[order])
    for g, cell in enumerate(found):
        assert (low[g], high[g]) == pytest.approx(stats.cluster_bounds(*cell, 1, alpha))
        assert p[g] == pytest.approx(stats.cluster_p_within(*cell, 1, 0.1))
        assert beyond[g] == pytest.approx(stats.cluster_p_beyond(*cell, 1, 0.1))
        assert counts[g] == pytest.approx(stats.equivalent_clusters(cell[0], alpha))


def test_a_cell_without_clusters_is_undefined_and_the_others_are_not():
    sums = stats.cluster_sums([5, 5, 5], [0, -1, 0], [0, 2, 2], 4)
    assert sums.clusters.tolist() == [1, 0, 2, 0]
    low, high = sums.bounds(1, 0.025)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, False, True]
    assert np.isnan(sums.p_within(1, np.full(4, 0.1))).tolist() == [True, True, False, True]
    assert np.isnan(sums.equivalent(0.025)).tolist() == [False, True, False, True]


def test_ratio_estimate_by_hand():
    sizes, totals = np.tile([1.0, 3.0, 8.0], 20), np.tile([0.0, -1.0, 2.0], 20)
    size = sizes.sum() / stats.equivalent_clusters(sizes, 0.025 * 2**0.5)
    n, loss = np.r_[sizes, size, size], np.r_[-totals, size, size]
    mean = loss.sum() / n.sum()
    error = np.sqrt(62 / 61 * ((loss - mean * n) ** 2).sum()) / n.sum()
    df = stats.effective_clusters(sizes) - 1
    assert df == pytest.approx(240**2 / 1480 - 1)
    # t of 37.92 degrees of freedom at .025, scipy.stats.t.ppf; the level of the band is .025 sqrt 2
    assert stats.cluster_bounds(sizes, totals, 1, 0.025)[1] == pytest.approx(
        mean + 2.0244657 * error, abs=1e-4
    )


def at_their_margin(how, n, share, rounds, rng):
    """Total losses (rounds, G) of which a share is the expectation, and their true mean."""
    chance = np.full(len(n), share)
    if how == "the larger half":
        chance = np.where(n > np.median(n), 2 * share, 0)
    if how == "correlated":
        a, b = share * 7 / 3, (1 - share) * 7 / 3
        return rng.binomial(n.astype(int), rng.beta(a, b, (rounds, len(n)))), share
    return n * (rng.random((rounds, len(n))) < chance), (n @ chance) / n.sum()


@pytest.mark.parametrize("how", ["whole clusters", "the larger half", "correlated"])
def test_clusters_at_their_margin_seldom_pass(how):
    rng, rounds = np.random.default_rng(11), 2000
    n = np.ceil(rng.lognormal(2, 1, 80))
    losses, true = at_their_margin(how, n, 0.2, rounds, rng)
    cells = np.repeat(np.arange(rounds), len(n))
    high = stats.cluster_bounds(np.tile(n, rounds), -losses.ravel(), 1, 0.025, cells)[1]
    # .025 plus three standard errors
    assert (high < true).mean() <= 0.0355


def test_a_loss_in_the_few_largest_is_not_missed():
    """Pseudo-clusters of the typical size would pass it about one time in five."""
    rng, rounds = np.random.default_rng(3), 1000
    n = np.r_[np.full(9, 40.0), np.ones(839)]
    losses = n * (rng.random((rounds, len(n))) < np.where(n > 1, 0.5, 0))
    high = stats.cluster_sums(
        np.tile(n, rounds), -losses.ravel(), np.repeat(np.arange(rounds), len(n))
    ).bounds(1, 0.025)[1]
    assert (high < 180 / 1199).mean() <= 0.04


def test_ignoring_clusters_would_pass_too_often():
    """The simulation above can fail: samples taken as independent break the level."""
    rng = np.random.default_rng(5)
    lost = rng.binomial(10, rng.beta(0.2 * 7 / 3, 0.8 * 7 / 3, (500, 80))).sum(axis=1)
    assert (stats.mean_bounds(800, -lost, lost, 1, 0.025)[1] < 0.2).mean() > 0.08


def test_effective_clusters_and_floor():
    assert stats.effective_clusters([5, 5, 5, 5]) == 4
    assert stats.effective_clusters([97, 1, 1, 1]) == pytest.approx(1.0625, abs=1e-3)
    assert stats.full_clusters([5, 5, 5, 5]) == 4
    assert stats.full_clusters([97, 1, 1, 1]) == pytest.approx(100 / 97)
    assert np.isnan(stats.full_clusters([]))
    assert np.isnan(stats.effective_clusters([]))
    assert stats.cluster_floor(1, [0.05, 0.9, np.nan], 0.025).tolist()[:2] == [94, 20]
    assert np.isnan(stats.cluster_floor(1, np.nan, 0.025))


@given(clusters(), st.sampled_from([0.5, 0.025, 1e-9]))
def test_equivalent_clusters_lie_between_full_ones_and_all(cell, alpha):
    sizes = cell[0]
    found = stats.equivalent_clusters(sizes, alpha)
    assert stats.full_clusters(sizes) * (1 - 1e-9) <= found <= len(sizes) * (1 + 1e-9)


@given(clusters(), st.sampled_from([0.5, 0.025, 1e-9]))
def test_no_loss_of_whole_clusters_hides_better_than_the_equivalent_says(cell, alpha):
    """Any chances of loss with the same probability of hiding have a smaller mean."""
    sizes, rng = cell[0].astype(float), np.random.default_rng(0)
    groups, total = len(sizes), sizes.sum()
    worst = groups * (1 - alpha ** (1 / groups)) / stats.equivalent_clusters(sizes, alpha)
    for weights in (np.ones(groups), sizes, sizes**3, rng.random(groups), sizes == sizes.max()):
        spread = weights / weights.sum()
        # prod(1 - mu) = alpha
        chances = -np.expm1(np.log(alpha) * spread)
        assert (sizes * chances).sum() / total <= worst * (1 + 1e-9)


def test_undefined_figures_are_nan():
    assert np.isnan(stats.cluster_bounds([50], [-10], 1, 0.025)).all()
    assert np.isnan(stats.cluster_bounds([], [], 1, 0.025)).all()
    assert np.isnan(stats.equivalent_clusters([], 0.025))
    assert np.isnan(stats.cluster_p_within([50], [-10], 1, 0.1))
    assert np.isnan(stats.cluster_p_within([5, 5], [0, 1], 1, np.nan))


def test_total_ruin_has_p_one():
    assert stats.cluster_p_within([4, 4, 4], [-4, -4, -4], 1, 0.5) == 1


def test_total_rescue_has_the_least_p():
    n = np.full(5000, 4)
    assert 0 < stats.cluster_p_within(n, n, 1, 0.5) < 1e-40


def test_without_sizes_pseudo_clusters_are_of_the_largest():
    sums = stats.cluster_sums([9, *[1] * 300], [0, *[-1, 0] * 150])
    larger = replace(sums, sizes=None)
    assert larger.equivalent(0.025) == 9 > sums.equivalent(0.025)
    assert larger.bounds(1, 0.025)[1] > sums.bounds(1, 0.025)[1]


@pytest.mark.parametrize(
    ("sizes", "totals"),
    [([1, 2], [0]), ([0, 2], [0, 0]), ([1, 2], [0, 3]), ([1, 2], [0, np.nan]), ([[1]], [[0]])],
)
def test_bad_clusters_are_refused(sizes, totals):
    with pytest.raises(ValueError, match="cluster"):
        stats.cluster_bounds(sizes, totals, 1, 0.025)


@pytest.mark.parametrize(
    ("cells", "count"), [([0], None), ([0.0, 1.0], None), ([-1, 0], None), ([0, 2], 2)]
)
def test_bad_cells_are_refused(cells, count):
    with pytest.raises(ValueError, match="one cell"):
        stats.cluster_sums([1, 1], [0, 0], cells, count)


def test_a_level_of_its_own_for_every_cell():
    sizes, totals, cells = np.tile([4.0, 9.0], 60), np.tile([-1.0, 0.0], 60), np.repeat([0, 1], 60)
    levels = np.array([0.2, 0.001])
    low, high = stats.cluster_bounds(sizes, totals, 1, levels, cells)
    for g, alpha in enumerate(levels):
        alone = stats.cluster_bounds(sizes[:60], totals[:60], 1, alpha)
        assert (low[g], high[g]) == pytest.approx(alone)


def test_levels_beyond_all_bands_are_not_told_apart():
    n, totals = np.full(400, 4.0), np.zeros(400)
    least = stats.cluster_bounds(n, totals, 1, 1e-60)
    assert least == stats.cluster_bounds(n, totals, 1, 1e-50)
    assert least[1] > stats.cluster_bounds(n, totals, 1, 1e-30)[1]
