from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.stats.crossed import _joined, _sums

ROWS, COLUMNS = np.repeat(np.arange(40), 25), np.tile(np.arange(25), 40)


def losses(law, seed=0):
    rng = np.random.default_rng(seed)
    row, column = rng.random(40)[ROWS], rng.random(25)[COLUMNS]
    pair = rng.random(1000)
    return -1.0 * {"rows": row < 0.1, "columns": column < 0.1, "pairs": pair < 0.1}[law]


def by(code, d):
    sizes = np.bincount(code)
    return sizes, np.bincount(code, d)


@pytest.mark.parametrize("law", ["rows", "columns", "pairs"])
def test_no_narrower_than_either_way_alone(law):
    d = losses(law)
    low, high = stats.crossed_bounds(ROWS, COLUMNS, d, 1, 0.025)
    for code in (ROWS, COLUMNS):
        alone = stats.cluster_bounds(*by(code, d), 1, 0.025)
        assert low <= alone[0] + 1e-9
        assert high >= alone[1] - 1e-9


def test_variance_of_both_ways_by_hand():
    d = losses("pairs", seed=4) + 0.5 * losses("rows") * (ROWS % 2)
    loss, mean = -d, -d.mean()
    first = ((loss - mean).reshape(40, 25).sum(axis=1) ** 2).sum() * 40 / 39
    second = ((loss - mean).reshape(40, 25).sum(axis=0) ** 2).sum() * 25 / 24
    both = ((loss - mean) ** 2).sum() * 1000 / 999
    sums = _sums(ROWS, COLUMNS, d, 2)
    ways = [way.estimate()[1] for way in (sums.rows, sums.columns, sums.pairs)]
    assert ways == pytest.approx([first / 1e6, second / 1e6, both / 1e6])
    assert _joined(sums.rows, *ways[1:])[1] ** 2 == pytest.approx(
        max(first + second - both, first, second) / 1e6
    )


@pytest.mark.parametrize("law", ["rows", "columns", "pairs"])
@pytest.mark.parametrize("alpha", [0.2, 0.025, 0.000125])
def test_bounds_mirror_and_p_agrees(law, alpha):
    d = losses(law)
    low, high = stats.crossed_bounds(ROWS, COLUMNS, d, 1, alpha)
    assert stats.crossed_bounds(ROWS, COLUMNS, -d, 1, alpha) == (-high, -low)
    assert stats.crossed_bounds(COLUMNS, ROWS, d, 1, alpha) == pytest.approx((low, high))
    assert stats.crossed_p_within(ROWS, COLUMNS, d, 1, high + 1e-9) <= alpha
    assert stats.crossed_p_within(ROWS, COLUMNS, d, 1, high - 1e-7) >= alpha * (1 - 1e-5)
    assert stats.crossed_p_beyond(ROWS, COLUMNS, d, 1, low - 1e-9) <= alpha


def test_labels_and_order_do_not_matter():
    d, order = losses("rows"), np.random.default_rng(1).permutation(1000)
    names = np.array([f"r{i}" for i in range(40)])[ROWS]
    assert stats.crossed_bounds(names[order], 7 * COLUMNS[order], d[order], 1, 0.025) == (
        pytest.approx(stats.crossed_bounds(ROWS, COLUMNS, d, 1, 0.025))
    )


def test_three_raters_stand_for_no_others():
    few = np.tile(np.arange(3), 40), np.repeat(np.arange(40), 3)
    assert stats.crossed_clusters(*few, 0.025) == pytest.approx(3)
    assert stats.crossed_clusters(ROWS, COLUMNS, 0.025) == pytest.approx(25)
    assert stats.cluster_floor(1, 0.3, 0.025) == 20


@pytest.mark.parametrize("law", ["rows", "columns"])
def test_a_loss_of_one_way_seldom_passes(law):
    passes = 0
    for seed in range(120):
        passes += stats.crossed_bounds(ROWS, COLUMNS, 3 * losses(law, seed), 3, 0.025)[1] < 0.3
    # .025 plus three standard errors
    assert passes / 120 <= 0.068


def test_undefined_figures_are_nan():
    one = np.zeros(1000, int)
    assert np.isnan(stats.crossed_bounds(one, COLUMNS, losses("rows"), 1, 0.025)).all()
    assert np.isnan(stats.crossed_p_within(one, COLUMNS, losses("rows"), 1, 0.1))
    assert np.isnan(stats.crossed_p_within(ROWS, COLUMNS, losses("rows"), 1, np.nan))
    assert np.isnan(stats.crossed_bounds([], [], [], 1, 0.025)).all()
    assert np.isnan(stats.crossed_clusters([], [], 0.025))


def test_total_ruin_has_p_one():
    assert stats.crossed_p_within(ROWS, COLUMNS, np.full(1000, -1.0), 1, 0.5) == 1


@pytest.mark.parametrize("d", [np.zeros(5), np.full(1000, np.nan), np.full(1000, 2.0)])
def test_bad_differences_are_refused(d):
    with pytest.raises(ValueError, match=r"difference|cluster"):
        stats.crossed_bounds(ROWS, COLUMNS, d, 1, 0.025)
