from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay import stats

seeds = st.integers(0, 2**32)


@given(seeds, st.sampled_from([2, 10, 1000]), st.sampled_from([0.5, 1.0, 30.0]))
def test_counts_keep_number_and_mean(seed, bins, cap):
    d = cap * np.random.default_rng(seed).uniform(-1, 1, 200)
    values, counts = stats.betting_counts(d, cap, bins)
    assert len(values) == len(counts) == bins + 1
    assert counts.sum() == 200
    assert counts.min() >= 0
    assert values @ counts == pytest.approx(d.sum(), abs=200 * cap / bins * 2**-24 + 1e-9)


@settings(max_examples=25)
@given(seeds, st.sampled_from([4, 50, 1000]))
def test_the_grid_only_widens_the_interval(seed, bins):
    d = np.clip(np.random.default_rng(seed).normal(0.02, 0.2, 100), -1, 1)
    low, high = stats.betting_bounds(*stats.betting_counts(d, 1.0, bins), 1.0, 0.025)
    exact_low, exact_high = stats.betting_bounds(d, np.ones(100), 1.0, 0.025)
    assert low <= exact_low + 1e-8
    assert high >= exact_high - 1e-8


def test_a_thousand_steps_cost_next_to_nothing():
    d = np.clip(np.random.default_rng(1).normal(0, 0.1, 5000), -1, 1)
    low, high = stats.betting_bounds(*stats.betting_counts(d, 1.0), 1.0, 0.025)
    exact_low, exact_high = stats.betting_bounds(d, np.ones(5000), 1.0, 0.025)
    assert high - low == pytest.approx(exact_high - exact_low, rel=1e-3)


def test_values_on_the_grid_are_counted_whole():
    values, counts = stats.betting_counts([-3, 0, 0, 0.3, 3], 3.0, 20)
    at = {round(float(v), 9): float(k) for v, k in zip(values, counts, strict=True) if k}
    assert at == {-3.0: 1, 0.0: 2, 0.3: 1, 3.0: 1}


def test_shards_add_to_the_last_bit_in_any_order():
    d = np.random.default_rng(7).uniform(-1, 1, 999)
    _, whole = stats.betting_counts(d, 1.0)
    parts = [stats.betting_counts(part, 1.0)[1] for part in np.array_split(d[::-1], 7)]
    np.testing.assert_array_equal(sum(parts[1:], parts[0]), whole)


def test_no_differences_are_no_counts():
    assert stats.betting_counts([], 1.0)[1].sum() == 0


@pytest.mark.parametrize("d", [[np.nan], [1.1], [[0.0]], [-np.inf]])
def test_bad_differences_are_refused(d):
    with pytest.raises(ValueError, match="differences"):
        stats.betting_counts(d, 1.0)


@pytest.mark.parametrize("bins", [0, 3, -2])
def test_grids_without_zero_are_refused(bins):
    with pytest.raises(ValueError, match="bins"):
        stats.betting_counts([0.0], 1.0, bins)
