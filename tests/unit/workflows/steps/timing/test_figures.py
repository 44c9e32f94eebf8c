from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.timing.contract import Trial
from quantassay.workflows.steps.timing.figures import figures, log_ratios


def trials(spans, first=0, rate=None, queries=4):
    return [
        Trial(np.full(queries, span / queries), span, 8, rate, first + at, 0)
        for at, span in enumerate(spans)
    ]


TRIALS = {
    "fp32": trials([2.0, 2.2, 1.9, 2.1]),
    "int8": trials([1.0, 1.2, 0.9, 1.0]),
}


def test_throughput_is_the_geometric_mean_over_blocks():
    found = figures(TRIALS, "fp32", "fp32", 0.95)
    assert found["throughput"] == pytest.approx(8 / np.prod([2.0, 2.2, 1.9, 2.1]) ** 0.25)
    assert (found["ratio"], found["ratio_interval"]) == (None, None)
    assert (found["blocks"], found["queries"], found["rate"]) == (4, 16, None)


def test_the_ratio_is_of_logs_inside_blocks():
    found = figures(TRIALS, "int8", "fp32", 0.9)
    wanted = stats.speed_ratio(np.log([2.0, 2.2 / 1.2, 1.9 / 0.9, 2.1]), 0.9)
    assert found["ratio"] == pytest.approx(wanted.estimate)
    assert found["ratio_interval"] == pytest.approx((wanted.low, wanted.high))


def test_a_candidate_of_another_group_meets_the_reference_in_its_own_blocks():
    own, reference = trials([1.0, 1.0], first=2), trials([9.0, 9.0, 2.0, 4.0])
    assert np.exp(log_ratios(own, reference)) == pytest.approx([2.0, 4.0])


def test_too_few_blocks_have_no_interval():
    found = figures({"fp32": trials([2.0]), "int8": trials([1.0])}, "int8", "fp32", 0.95)
    assert found["ratio"] == pytest.approx(2.0)
    assert found["ratio_interval"] is None
    assert found["throughput_interval"] is None


def test_a_rate_is_the_throughput_of_a_server():
    served = {"fp32": trials([2.0] * 3, rate=50.0), "int8": trials([1.0] * 3, rate=75.0)}
    found = figures(served, "int8", "fp32", 0.95)
    assert found["rate"] == 75.0
    assert found["throughput"] == pytest.approx(75.0)
    assert found["ratio"] == pytest.approx(1.5)


def test_percentiles_are_of_all_queries():
    rng = np.random.default_rng(0)
    own = [Trial(rng.random(500), 1.0, 8, None, block, 0) for block in range(20)]
    found = {one.q: one for one in figures({"fp32": own}, "fp32", "fp32", 0.95)["latencies"]}
    assert found[0.5].value == pytest.approx(0.5, abs=0.02)
    assert found[0.5].interval[0] < found[0.5].value < found[0.5].interval[1]
    assert found[0.999].value > found[0.99].value > found[0.9].value
