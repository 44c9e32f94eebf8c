from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats.cluster_sizes import ClusterSizes


def by_bisection(n, alpha):
    """The largest loss that hides with probability alpha, found by its defining equations."""
    low, high = 1e-12, n.max()
    for _ in range(200):
        middle = np.sqrt(low * high)
        stays = np.log(np.minimum(1, middle / n)).sum()
        low, high = (middle, high) if stays < np.log(alpha) else (low, middle)
    hidden = np.maximum(n - high, 0).sum()
    return hidden / (len(n) * (1 - alpha ** (1 / len(n))))


@pytest.mark.parametrize("alpha", [0.5, 0.025, 0.000125, 1e-12])
@pytest.mark.parametrize(
    "n",
    [np.full(7, 3.0), np.r_[50.0, np.ones(1000)], np.arange(1.0, 90), 2.0 ** np.arange(12)],
    ids=["equal", "one huge", "rising", "doubling"],
)
def test_the_defining_equations_are_solved(n, alpha):
    found = ClusterSizes(n, None).equivalent(alpha)
    assert found == pytest.approx(by_bisection(n, alpha), rel=1e-9)


def test_equal_clusters_are_their_own_equivalent():
    assert ClusterSizes(np.full(40, 6.0), None).equivalent(0.025) == pytest.approx(6)
    assert ClusterSizes(np.array([6.0]), None).equivalent(0.025) == pytest.approx(6)


def test_the_stricter_the_level_the_less_a_huge_cluster_weighs():
    sizes = ClusterSizes(np.r_[50.0, np.ones(1000)], None)
    found = [float(sizes.equivalent(a)) for a in np.geomspace(0.5, 1e-30, 30)]
    assert np.all(np.diff(found) < 0)
    assert found[0] < 50


def test_a_level_for_each_of_many_cells():
    n, code = np.array([9.0, 1, 1, 4, 4, 2, 7]), np.array([2, 0, 2, 0, 0, 2, 4])
    levels = np.array([0.3, 0.025, 0.1, 0.025, 0.2])
    found = ClusterSizes(n, code, 5).equivalent(levels)
    for g in (0, 2, 4):
        assert found[g] == pytest.approx(by_bisection(n[code == g], levels[g]), rel=1e-9)
    assert np.isnan(found[[1, 3]]).all()
