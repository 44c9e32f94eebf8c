from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from benchmarks.validity.speed import rejects
from scipy import stats as reference

from quantassay.stats import (
    speed_needed_blocks,
    speed_p_beyond,
    speed_p_within,
    speed_ratio,
    throughput_interval,
)

LOGS = np.log([1.9, 2.0, 2.1, 1.7, 2.4, 2.2, 1.8, 2.0, 2.1, 1.9])


def test_throughput_interval_is_students():
    expected = reference.ttest_1samp(LOGS, 0).confidence_interval(0.9)
    found = throughput_interval(LOGS, 0.9)
    assert (found.low, found.high) == pytest.approx((np.exp(expected.low), np.exp(expected.high)))
    assert found.estimate == pytest.approx(reference.gmean(np.exp(LOGS)))


def test_ratio_is_wider_than_students_and_holds_its_estimate():
    plain, found = throughput_interval(LOGS), speed_ratio(LOGS)
    assert found.estimate == plain.estimate
    assert found.low < plain.low < found.estimate < plain.high < found.high


@pytest.mark.parametrize("blocks", [10, 20, 40, 90])
@pytest.mark.parametrize("confidence", [0.9, 0.975, 0.999])
def test_ends_are_where_p_is_the_level(blocks, confidence):
    logs = np.random.default_rng(blocks).normal(0.4, 0.2, blocks)
    found, alpha = speed_ratio(logs, confidence), (1 - confidence) / 2
    assert speed_p_within(logs, found.low) == pytest.approx(alpha)
    assert speed_p_beyond(logs, found.high) == pytest.approx(alpha)


def test_p_allows_for_bias():
    bias = (1 + LOGS.mean()) / 16 * LOGS.std(ddof=1)
    expected = reference.ttest_1samp(LOGS - bias, np.log(1.5), alternative="greater").pvalue
    assert speed_p_within(LOGS, 1.5) == pytest.approx(expected)


def test_slower_and_faster_mirror():
    faster, slower = speed_ratio(LOGS), speed_ratio(-LOGS)
    assert faster.low == pytest.approx(1 / slower.high)
    assert speed_p_within(LOGS, 1.8) == pytest.approx(speed_p_beyond(-LOGS, 1 / 1.8))


@pytest.mark.parametrize("sizes", [range(1, 11), [1] * 9 + [50], [1, 2] * 5, [5, 5, 5] + [1] * 7])
def test_no_order_inside_blocks_passes_too_often(sizes):
    # where both sides are alike, every sign of a log ratio is as likely as the other
    signs = np.array(list(product([-1, 1], repeat=10)))
    logs = signs * np.array(list(sizes)) / 1000 + 1e-9 * np.arange(10)
    passes = np.mean([speed_p_within(row) <= 0.025 for row in logs])
    assert passes <= 0.025


def test_a_few_blocks_have_no_interval():
    assert speed_ratio([0.0]).estimate == 1
    assert np.isnan(speed_ratio([0.0]).low)
    assert np.isnan(speed_ratio([]).estimate)
    assert np.isnan(speed_p_within([0.1]))


def test_equal_ratios_have_neither_interval_nor_p():
    assert np.isnan(speed_ratio([0.2] * 10).low)
    assert np.isnan(speed_p_within([0.2] * 10)) and np.isnan(speed_p_beyond([0.2] * 10))
    assert np.isnan(speed_needed_blocks([0.2] * 10, 1.1))


def test_needed_blocks_settle_it():
    logs = np.random.default_rng(0).normal(0, 0.2, 20)
    logs = logs - logs.mean() + np.log(1.3)
    needed = speed_needed_blocks(logs, 1.2)
    assert needed > speed_needed_blocks(logs, 1.1)
    rng, draws = np.random.default_rng(1), 300
    spread = logs.std(ddof=1)
    found = rng.normal(np.log(1.3), spread, (draws, int(needed)))
    assert np.mean([speed_p_within(row, 1.2) <= 0.025 for row in found]) >= 0.84
    assert np.isinf(speed_needed_blocks(logs, float(np.exp(logs.mean()))))


@pytest.mark.parametrize("logs", [[np.nan, 0], [np.inf, 0], [[0, 0]]])
@pytest.mark.parametrize("function", [speed_ratio, speed_p_within, throughput_interval])
def test_bad_ratios_are_refused(logs, function):
    with pytest.raises(ValueError, match="log ratios"):
        function(logs)


@pytest.mark.parametrize("speedup", [0, -1, np.inf, np.nan])
def test_bad_speed_ups_are_refused(speedup):
    with pytest.raises(ValueError, match="speed-up"):
        speed_p_within(LOGS, speedup)
    with pytest.raises(ValueError, match="speed-up"):
        speed_p_beyond(LOGS, speedup)


def test_the_benchmark_judges_by_the_same_rule():
    logs = np.random.default_rng(3).normal(0.3, 0.1, (50, 40))
    truth = 0.27
    for sign, p in ((1, speed_p_within), (-1, speed_p_beyond)):
        found = rejects(sign * (logs - truth), logs)
        assert found.tolist() == [p(row, float(np.exp(truth))) <= 0.025 for row in logs]
