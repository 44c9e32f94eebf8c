"""Variances by cluster beside those of statsmodels and scipy."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import f_oneway
from statsmodels.stats.sandwich_covariance import cov_cluster, cov_cluster_2groups

from quantassay import stats
from quantassay.stats.crossed import _sums

RNG = np.random.default_rng(3)
ROWS = np.repeat(np.arange(30), RNG.integers(1, 12, 30))
COLUMNS = RNG.integers(0, 14, len(ROWS))
D = RNG.normal(0, 0.1, len(ROWS)) + RNG.normal(0, 0.1, 30)[ROWS] + RNG.normal(0, 0.1, 14)[COLUMNS]


def test_cluster_robust_variance_of_a_mean():
    """statsmodels.stats.sandwich_covariance.cov_cluster of a regression on a constant."""
    theirs = cov_cluster(sm.OLS(D, np.ones_like(D)).fit(), ROWS, use_correction=True)
    sums = stats.cluster_sums(np.bincount(ROWS), np.bincount(ROWS, D))
    assert sums.estimate() == pytest.approx((-D.mean(), theirs.item()))


def test_two_way_variance_of_a_mean():
    """statsmodels' cov_cluster_2groups: each way with its own correction, as Cameron has it."""
    fitted = sm.OLS(D, np.ones_like(D)).fit()
    both, first, second = cov_cluster_2groups(fitted, ROWS, COLUMNS, use_correction=True)
    sums = _sums(ROWS, COLUMNS, D, 2.0)
    ways = [way.estimate()[1] for way in (sums.rows, sums.columns, sums.pairs)]
    assert ways[:2] == pytest.approx([first.item(), second.item()])
    assert ways[0] + ways[1] - ways[2] == pytest.approx(both.item())


def test_intraclass_correlation_of_equal_clusters():
    """(F - 1) / (F - 1 + n) with scipy's one-way F."""
    x = RNG.normal(0, 1, (25, 6)) + RNG.normal(0, 0.7, (25, 1))
    f = f_oneway(*x).statistic
    found = stats.intraclass_correlation(np.full(25, 6), x.sum(axis=1), (x**2).sum())
    assert found == pytest.approx((f - 1) / (f - 1 + 6))
