from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as others
from scipy.spatial.distance import cdist

from quantassay.stats import energy_difference, ks_difference, mix_difference


def test_homogeneity_is_that_of_scipy():
    found = mix_difference([10, 20, 30], [12, 18, 33])
    assert found.p == pytest.approx(others.chi2_contingency([[10, 20, 30], [12, 18, 33]]).pvalue)
    assert (found.drawn, found.distance) == (False, pytest.approx(1 / 21))


def test_small_counts_are_permuted_and_come_near_fishers_test():
    found = mix_difference([1, 7], [10, 3])
    assert found.drawn
    # the two-sided exact p of this table, which orders tables a little otherwise
    assert found.p == pytest.approx(others.fisher_exact([[1, 7], [10, 3]]).pvalue, abs=0.002)
    assert found == mix_difference([1, 7], [10, 3])


@pytest.mark.parametrize("counts", [([0, 0], [1, 2]), ([3], [4]), ([3, 0], [4, 0])])
def test_what_cannot_be_compared_has_no_p(counts):
    assert np.isnan(mix_difference(*counts).p)


@pytest.mark.parametrize("counts", [([1], [1, 2]), ([-1, 2], [1, 2]), ([[1]], [[1]])])
def test_counts_that_are_none(counts):
    with pytest.raises(ValueError, match="counts are two rows"):
        mix_difference(*counts)


def test_groups_that_neither_side_has_do_not_count():
    assert mix_difference([10, 0, 20], [12, 0, 9]) == mix_difference([10, 20], [12, 9])


def test_columns_one_by_one_are_those_of_scipy():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(300, 2)), rng.normal([0, 0.3], size=(200, 2))
    gap, _ = ks_difference(a, b)
    wanted = [others.ks_2samp(x, y).statistic for x, y in zip(a.T, b.T, strict=True)]
    assert gap.tolist() == pytest.approx(wanted)


def test_the_p_of_columns_is_never_too_small_for_ties():
    rng = np.random.default_rng(1)
    p = [float(ks_difference(*rng.integers(0, 3, (2, 80)))[1][0]) for _ in range(400)]
    assert np.mean(np.array(p) <= 0.05) <= 0.05


def test_energy_is_that_of_the_definition():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(40, 3)), rng.normal(0.8, size=(30, 3))
    across = cdist(a, b).mean()
    energy = 2 * across - cdist(a, a).mean() - cdist(b, b).mean()
    found, p = energy_difference(a, b)
    assert found == pytest.approx(energy / (2 * across), rel=1e-4)
    assert p == 0.001


def test_energy_keeps_its_level():
    rng = np.random.default_rng(3)
    p = [
        energy_difference(rng.normal(size=(30, 2)), rng.normal(size=(25, 2)), 99, seed)[1]
        for seed in range(300)
    ]
    # three standard errors above .05
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)


def test_equal_points_are_of_one_law():
    assert energy_difference(np.zeros((5, 1)), np.zeros((4, 1)), 9) == (0.0, 1.0)


def test_samples_that_do_not_fit():
    for compare in (ks_difference, energy_difference):
        with pytest.raises(ValueError, match="both samples have rows"):
            compare(np.zeros((3, 1)), np.zeros((3, 2)))
        with pytest.raises(ValueError, match="both samples have rows"):
            compare(np.zeros((0, 1)), np.zeros((3, 1)))
