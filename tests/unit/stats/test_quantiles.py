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


def test_blocks_never_narrow():
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(20), 50)
    for spread in (0.0, 0.3):
        values = rng.normal(size=1000) + np.repeat(rng.normal(size=20), 50) * spread
        for q in (0.1, 0.5, 0.9):
            plain, found = quantile_interval(values, q), quantile_interval(values, q, blocks=labels)
            assert found.low <= plain.low < found.estimate == plain.estimate
            assert plain.high <= found.high


def test_copies_of_a_value_tell_no_more_than_one():
    values, labels = np.repeat(np.arange(60.0), 25), np.repeat(np.arange(60), 25)
    found, single = quantile_interval(values, 0.5, blocks=labels), quantile_interval(range(60), 0.5)
    assert found.low <= single.low and found.high >= single.high


def test_latencies_of_blocks_that_differ_are_covered():
    rng, missed, naive, draws = np.random.default_rng(1), 0, 0, 300
    for _ in range(draws):
        values = rng.normal(size=(20, 100)) + rng.normal(size=(20, 1))
        labels = np.repeat(np.arange(20), 100)
        found = quantile_interval(values, 0.5, blocks=labels)
        missed += not found.low <= 0 <= found.high
        plain = quantile_interval(values, 0.5)
        naive += not plain.low <= 0 <= plain.high
    assert missed / draws <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)
    assert naive / draws > 0.5


def test_one_block_bounds_nothing():
    found = quantile_interval(range(1000), 0.5, blocks=[0] * 1000)
    assert np.isnan([found.low, found.high]).all() and found.estimate == 499.5


def test_labels_of_another_length_are_refused():
    with pytest.raises(ValueError, match="labels of blocks"):
        quantile_interval([1, 2, 3], 0.5, blocks=[0, 1])


def test_ends_are_there_together_or_not_at_all():
    assert quantile_interval(np.arange(1000.0), 0.5).ends is not None
    few = quantile_interval(np.arange(10.0), 0.99)
    assert np.isfinite(few.low) and few.ends is None
