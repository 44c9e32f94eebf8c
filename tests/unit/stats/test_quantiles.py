from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as reference

from quantassay.stats import quantile_interval


@pytest.mark.parametrize("n", [10, 61, 400])
@pytest.mark.parametrize("q", [0.05, 0.5, 0.9])
def test_ranks_cover_and_are_the_tightest(n, q):
    values = np.arange(1.0, n + 1)
    found = quantile_interval(values[::-1], q)
    law = reference.binom(n, q)
    if not np.isnan(found.low):
        assert law.cdf(found.low - 1) <= 0.025 < law.cdf(found.low)
    if not np.isnan(found.high):
        assert law.sf(found.high - 1) <= 0.025 < law.sf(found.high - 2)
    assert found.estimate == np.quantile(values, q)


def test_median_interval_of_ten():
    # David and Nagaraja (2003), section 7.1: ranks 2 and 9 of 10 cover the median with .979
    found = quantile_interval(range(1, 11), 0.5)
    assert (found.low, found.high) == (2, 9)


def test_ends_beyond_the_data_are_undefined():
    assert np.isnan(quantile_interval(np.arange(367), 0.99).high)
    assert quantile_interval(np.arange(368), 0.99).high == 367
    assert np.isnan(quantile_interval([1.0, 2.0], 0.5).low)
    assert np.isnan(quantile_interval([], 0.5).estimate)


@pytest.mark.parametrize(("values", "q"), [([1, np.nan], 0.5), ([1], 0.0), ([1], 1.0)])
def test_bad_arguments_are_refused(values, q):
    with pytest.raises(ValueError, match="quantile"):
        quantile_interval(values, q)
