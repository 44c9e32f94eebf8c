from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats

RNG = np.random.default_rng(8)
ALPHA = 0.025


def test_single_samples_are_bet_on_one_by_one():
    d = RNG.choice([-1.0, 0.0, 1.0], 500, p=[0.04, 0.94, 0.02])
    bets = stats.cluster_bets(np.ones(500), d, 1.0)
    table = [-1, 0, 1], [(d == v).sum() for v in (-1, 0, 1)], 1.0
    assert bets.p_within(0.1)[0] == pytest.approx(stats.betting_p_within(*table, 0.1))
    assert bets.p_beyond(0.1)[0] == pytest.approx(stats.betting_p_beyond(*table, 0.1))
    found = [float(end[0]) for end in bets.bounds(ALPHA)]
    assert found == pytest.approx(stats.betting_bounds(*table, ALPHA), abs=1e-7)


def test_cells_are_what_they_are_alone():
    sizes, cells = RNG.integers(1, 9, 300).astype(float), RNG.integers(0, 3, 300)
    totals = RNG.uniform(-0.1, 0.1, 300) * sizes
    together = stats.cluster_bets(sizes, totals, 1.0, cells, 3)
    low, high = together.bounds(ALPHA)
    for cell in range(3):
        alone = stats.cluster_bets(sizes[cells == cell], totals[cells == cell], 1.0)
        one = alone.bounds(ALPHA)
        assert (low[cell], high[cell]) == pytest.approx((one[0][0], one[1][0]), abs=1e-8)


def test_p_at_an_end_is_the_level_and_falls_with_the_margin():
    sizes = np.repeat([1.0, 6.0], [200, 20])
    bets = stats.cluster_bets(sizes, RNG.uniform(-0.4, 0.2, 220) * sizes, 1.0)
    low, high = bets.bounds(ALPHA)
    assert bets.p_within(high)[0] == pytest.approx(ALPHA, rel=1e-6)
    assert bets.p_beyond(low)[0] == pytest.approx(ALPHA, rel=1e-6)
    p = [bets.p_within(m)[0] for m in np.linspace(-0.99, 0.99, 100)]
    assert (np.diff(p) <= 1e-12).all()


def test_large_clusters_widen():
    d = RNG.choice([-1.0, 0.0], 600, p=[0.05, 0.95])
    alone = stats.cluster_bets(np.ones(600), d, 1.0).high(ALPHA)[0]
    shared = stats.cluster_bets(np.full(60, 10.0), d.reshape(60, 10).sum(axis=1), 1.0)
    assert shared.high(ALPHA)[0] > alone


def test_nothing_known_rules_nothing_out():
    bets = stats.cluster_bets([1.0], [0.0], 2.0, [0], cell_count=2)
    assert [end[1] for end in bets.bounds(ALPHA)] == [-2.0, 2.0]
    assert bets.p_within(0.5)[1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("sizes", "totals"), [([0.0], [0.0]), ([2.0], [2.1]), ([1.0, 1.0], [0.0]), ([1.0], [np.nan])]
)
def test_what_is_no_cluster_is_refused(sizes, totals):
    with pytest.raises(ValueError, match=r"positive size|within its size"):
        stats.cluster_bets(sizes, totals, 1.0)


def test_a_mean_at_its_margin_is_rarely_passed_at_any_of_many_looks():
    """Damage in the few large clusters; 40 looks; the rate over 2,000 draws."""
    draws, clusters, rejected = 2000, 120, np.zeros(2000, bool)
    big = RNG.random((draws, clusters)) < 0.1
    sizes = np.where(big, 10.0, 1.0)
    hit = RNG.random((draws, clusters)) < 0.19
    # expected loss 0.1 * 10 * .19 over expected size 1.9: a mean loss of .1
    totals = np.where(big & hit, -10.0, 0.0)
    for look in range(3, clusters + 1, 3):
        cells = np.repeat(np.arange(draws), look)
        bets = stats.cluster_bets(
            np.r_[sizes[:, :look].ravel(), np.full(draws, 10.0)],
            np.r_[totals[:, :look].ravel(), np.zeros(draws)],
            1.0,
            np.r_[cells, np.arange(draws)],
            draws,
        )
        rejected |= bets.p_within(0.1) <= ALPHA
    assert rejected.mean() <= ALPHA + 3 * np.sqrt(ALPHA / draws)
