"""The t interval of scipy.stats, with the pseudo-observations as data."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from quantassay import stats

# Cushny and Peebles 1905, hours of sleep gained: the data of Student 1908 (R: datasets::sleep).
SLEEP = np.array([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4])


def with_losses_at_cap(gains, cap, count):
    return np.concatenate([-gains, np.full(count, cap)])


def test_student_himself():
    """Published: t = 4.0621 on 9 df, p = .002833, 95 % from .7001142 to 2.4598858 (R t.test)."""
    shown = ttest_1samp(SLEEP, 0)
    assert (round(shown.statistic, 4), round(shown.pvalue, 6)) == (4.0621, 0.002833)
    # with the two longest gains at a cap of 4.6 the interval's low end is that of ten patients
    ten = np.append(np.sort(SLEEP)[:8], [4.6, 4.6])
    eight = np.sort(SLEEP)[:8]
    low = stats.mean_bounds(8, eight.sum(), eight @ eight, 4.6, 0.025)[0]
    assert -low == pytest.approx(ttest_1samp(ten, 0).confidence_interval(0.95).high, rel=1e-12)


@pytest.mark.parametrize(("alpha", "count"), [(0.05, 2), (0.025, 2), (0.00125, 4), (0.000125, 6)])
@pytest.mark.parametrize("n", [2, 9, 400])
def test_high_end_is_that_of_scipy(n, alpha, count):
    d = np.random.default_rng(n).uniform(-0.2, 0.3, n)
    high = stats.mean_bounds(n, d.sum(), d @ d, 1.0, alpha)[1]
    shown = ttest_1samp(with_losses_at_cap(d, 1.0, count), 0).confidence_interval(1 - 2 * alpha)
    assert high == pytest.approx(min(shown.high, 1.0), rel=1e-12)


@pytest.mark.parametrize("margin", [0.03, 0.05, 0.08])
def test_p_is_that_of_scipy_where_its_level_uses_that_count(margin):
    d = np.random.default_rng(1).uniform(-0.3, 0.3, 500)
    p = stats.mean_p_within(500, d.sum(), d @ d, 1.0, margin)
    count = int(stats.pseudo_count(p))
    shown = ttest_1samp(with_losses_at_cap(d, 1.0, count), margin, alternative="less").pvalue
    assert p == pytest.approx(shown, rel=1e-9)
