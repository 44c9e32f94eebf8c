from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from quantassay import stats

ALPHAS = (0.2, 0.025, 0.00125)


def drawn(n=300, cells=3, groups=80, seed=0):
    rng = np.random.default_rng(seed)
    positive, cell = rng.random(n) < 0.4, rng.integers(-1, cells, n)
    reference = rng.normal(size=n) + positive
    candidate = reference + rng.normal(size=n) / 2
    return reference, candidate, positive, rng.integers(0, groups, n), cell, cells


def by_hand(reference, candidate, positive, cluster, heaviest, count, df):
    """The high end from every pair, with ``count`` lost clusters appended."""
    moved = sum(
        sign * np.sign(side[positive][:, None] - side[~positive]) / 2
        for sign, side in ((-1, reference), (1, candidate))
    )
    more = [int(count * size) for size in heaviest]
    whole = np.full(np.add(moved.shape, more), -1.0)
    whole[: moved.shape[0], : moved.shape[1]] = moved
    owners = [
        np.concatenate([cluster[side], 1_000_000 + np.repeat(np.arange(count), size)])
        for side, size in zip((positive, ~positive), np.asarray(heaviest, int), strict=True)
    ]
    names = np.unique(np.concatenate(owners))
    shifts = [(whole.mean(axis=1 - a) - whole.mean()) / whole.shape[a] for a in (0, 1)]
    each = [
        sum(shift[owner == name].sum() for shift, owner in zip(shifts, owners, strict=True))
        for name in names
    ]
    error = np.sqrt(len(names) / (len(names) - 1) * np.square(each).sum())
    return -whole.mean() + special.stdtrit(df, 0.975) * error


def test_the_upper_end_is_that_of_every_pair_with_lost_clusters():
    reference, candidate, positive, cluster, cell, cells = drawn()
    found = stats.cluster_placements(reference, candidate, positive, cluster, cell, cells)
    high = stats.auroc_cluster_bounds(found, 0.025)[1]
    for g in range(cells):
        inside = cell == g
        own = [column[inside] for column in (reference, candidate, positive, cluster)]
        _, sizes = np.unique(own[3][own[2]], return_counts=True)
        _, others = np.unique(own[3][~own[2]], return_counts=True)
        df = min(s.sum() ** 2 / np.square(s).sum() for s in (sizes, others)) - 1
        assert high[g] == pytest.approx(by_hand(*own, found.heaviest[:, g], 2, df))
        assert found.full[g] == min(s.sum() / s.max() for s in (sizes, others))
        assert found.clusters[g] == len(np.unique(own[3]))


def test_the_heaviest_cluster_is_that_which_costs_most():
    positive = np.array([True] * 4 + [False] * 8)
    cluster = np.array([0, 0, 0, 1] + [1] * 4 + [2] * 4)
    found = stats.cluster_placements(np.arange(12), np.arange(12), positive, cluster)
    # 1/4 + 4/8 is as much as 3/4, and the last of equals is taken
    assert found.heaviest[:, 0].tolist() == [1, 4]
    assert found.full[0] == 4 / 3


def test_sides_mirror():
    reference, candidate, *rest = drawn()
    found = stats.cluster_placements(reference, candidate, *rest)
    swapped = stats.cluster_placements(candidate, reference, *rest)
    low, high = stats.auroc_cluster_bounds(found, 0.025)
    for other in (swapped, found.swapped()):
        assert stats.auroc_cluster_bounds(other, 0.025)[0] == pytest.approx(-high)
        assert stats.auroc_cluster_bounds(other, 0.025)[1] == pytest.approx(-low)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_p_agrees_with_the_interval(alpha):
    found = stats.cluster_placements(*drawn())
    low, high = stats.auroc_cluster_bounds(found, alpha)
    assert stats.auroc_cluster_p_within(found, high) == pytest.approx(alpha)
    assert stats.auroc_cluster_p_beyond(found, low) == pytest.approx(alpha)


def test_clusters_of_one_are_nearly_delong():
    reference, candidate, positive, _, cell, cells = drawn(n=3000)
    alone = stats.cluster_placements(reference, candidate, positive, np.arange(3000), cell, cells)
    pairs = stats.paired_placements(reference, candidate, positive, cell, cells)
    np.testing.assert_allclose(
        stats.auroc_cluster_bounds(alone, 0.025), stats.auroc_bounds(pairs, 0.025), rtol=0.01
    )
    np.testing.assert_allclose(alone.standard_error, stats.delong(pairs).standard_error, rtol=0.01)
    # each sample twice is no further information
    twice = [np.repeat(column, 2) for column in (reference, candidate, positive)]
    double = stats.cluster_placements(*twice, np.repeat(np.arange(3000), 2), np.repeat(cell, 2), 3)
    np.testing.assert_allclose(double.standard_error, alone.standard_error, rtol=1e-9)


def test_the_floor_counts_clusters():
    assert stats.auroc_cluster_floor(0.9, 0.025) == 20
    assert stats.auroc_cluster_floor(0.02, 0.025) == stats.auroc_floor(0.02, 0.025)


def test_undefined_without_both_classes_or_with_one_cluster():
    one = stats.cluster_placements([1, 2, 3, 4], [1, 2, 3, 4], [True, True, False, False], [7] * 4)
    none = stats.cluster_placements([1, 2], [1, 2], [True, True], [0, 1])
    for found in (one, none):
        assert np.isnan([*stats.auroc_cluster_bounds(found, 0.025)]).all()
        assert np.isnan(stats.auroc_cluster_p_within(found, 0.1)).all()


def test_clusters_wholly_lost_pass_seldom_enough():
    """At a true loss of about .19, a tenth of the clusters lost; 600 draws judged at once."""
    rng, draws, groups, size = np.random.default_rng(8), 600, 100, 4
    shape = (draws, groups, size)
    positive = rng.random(shape) < 0.5
    reference = positive + rng.random(shape) / 2
    lost = rng.random((draws, groups, 1)) < 0.1
    candidate = np.where(lost, 9.0 - 18 * positive, reference)
    cluster = np.broadcast_to(np.arange(groups)[:, None], shape)
    cell = np.broadcast_to(np.arange(draws)[:, None, None], shape)
    columns = [column.ravel() for column in (reference, candidate, positive, cluster, cell)]
    found = stats.cluster_placements(*columns, draws)
    loss = -found.pairs.difference.mean()
    assert (stats.auroc_cluster_bounds(found, 0.025)[1] < loss).mean() <= 0.025 + 0.019
    plain = stats.auroc_bounds(found.pairs, 0.025)[1]
    assert (plain < loss).mean() > 0.06
