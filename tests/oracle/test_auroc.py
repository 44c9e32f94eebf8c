"""AUROC beside scikit-learn and scipy, and DeLong's variance beside every pair of samples."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from sklearn.metrics import roc_auc_score

from quantassay import stats


def drawn(seed, digits):
    rng = np.random.default_rng(seed)
    positive = rng.random(300) < (0.3, 0.5, 0.02)[seed % 3]
    positive[:3] = True
    reference = np.round(rng.normal(size=300) + positive, digits)
    return positive, reference, np.round(reference + rng.normal(size=300) / 3, digits)


@pytest.mark.parametrize("digits", [9, 1, 0])
@pytest.mark.parametrize("seed", range(6))
def test_area_is_that_of_scikit_learn_and_of_mann_whitney(seed, digits):
    positive, score, _ = drawn(seed, digits)
    area = stats.area_under_roc(score, positive)
    assert area == pytest.approx(roc_auc_score(positive, score), abs=1e-12)
    u = scipy.stats.mannwhitneyu(score[positive], score[~positive]).statistic
    assert area == pytest.approx(u / positive.sum() / (~positive).sum(), abs=1e-12)


@pytest.mark.parametrize("digits", [9, 1])
@pytest.mark.parametrize("seed", range(6))
def test_delong_is_that_of_every_pair(seed, digits):
    """DeLong, DeLong and Clarke-Pearson 1988: S10 / m + S01 / n of the structural components."""
    positive, *sides = drawn(seed, digits)
    psi = [(np.sign(side[positive][:, None] - side[~positive][None]) + 1) / 2 for side in sides]
    m, n = psi[0].shape
    ten = np.cov([kernel.mean(axis=1) for kernel in psi])
    one = np.cov([kernel.mean(axis=0) for kernel in psi])
    contrast = np.array([-1.0, 1.0])
    variance = contrast @ (ten / m + one / n) @ contrast
    found = stats.delong(stats.paired_placements(*sides, positive))
    difference = psi[1].mean() - psi[0].mean()
    assert found.difference[0] == pytest.approx(difference, abs=1e-12)
    assert found.standard_error[0] == pytest.approx(np.sqrt(variance))
    assert found.z[0] == pytest.approx(difference / np.sqrt(variance))
    assert found.p[0] == pytest.approx(2 * scipy.stats.norm.sf(abs(found.z[0])))
