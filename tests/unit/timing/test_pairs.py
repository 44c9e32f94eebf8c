from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.timing.pairs import PairTimes, Plan, percentiles, throughput, time_pairs

BATCHES = [{"x": np.zeros(2)}, {"x": np.zeros(2)}, {"x": np.zeros(1)}]
SIZES = [2, 2, 1]


class Recorder:
    """Notes which batches it was given, and when."""

    def __init__(self, name, log):
        self.name, self.log = name, log

    def __call__(self, feeds):
        self.log.append((self.name, next(i for i, b in enumerate(BATCHES) if b is feeds)))


@pytest.fixture
def timed():
    log = []
    plan = Plan(pairs=20, warmup=0.0, duration=1e-9, seed=3)
    times = time_pairs(Recorder("a", log), Recorder("b", log), BATCHES, SIZES, plan)
    return times, log[8:]  # to warm up: on each side one of each shape, and two more


def test_both_sides_run_the_same_batches_one_right_after_the_other(timed):
    _, log = timed
    pairs = [log[i : i + 2] for i in range(0, len(log), 2)]
    assert all({name for name, _ in pair} == {"a", "b"} for pair in pairs)
    assert [pair[0][1] for pair in pairs] == [pair[1][1] for pair in pairs]
    assert [pair[0][1] for pair in pairs[:4]] == [0, 1, 2, 0]


def test_every_shape_is_run_before_the_first_pair():
    log = []
    plan = Plan(pairs=1, warmup=0.0, duration=1e-9, seed=3)
    time_pairs(Recorder("a", log), Recorder("b", log), BATCHES, SIZES, plan)
    assert {batch for name, batch in log[:8] if name == "a"} >= {2}
    assert {batch for name, batch in log[:8] if name == "b"} >= {2}


def test_which_side_is_first_is_random(timed):
    _, log = timed
    firsts = [log[i][0] for i in range(0, len(log), 2)]
    assert {"a", "b"} == set(firsts)


def test_times_and_sizes_of_every_pair(timed):
    times, _ = timed
    assert times.reference.shape == times.candidate.shape == (20, 1)
    assert (times.reference > 0).all()
    assert times.samples.tolist()[:4] == [2, 2, 1, 2]


def test_a_block_lasts_as_long_as_planned():
    plan = Plan(pairs=1, warmup=0.0, duration=0.02)

    def slow(feeds):
        return sum(range(20_000))

    found = time_pairs(slow, slow, BATCHES, SIZES, plan)
    assert found.reference.shape[1] > 1
    assert 0.004 < found.reference.sum() < 0.5


def test_ratio_is_throughput_of_the_candidate_over_the_reference():
    seconds = np.array([[0.2, 0.2], [0.22, 0.18], [0.19, 0.23]])
    times = PairTimes(seconds, seconds / 2, np.array([4, 4, 4]))
    ratio, interval = times.ratio(0.95)
    assert ratio == pytest.approx(2.0)
    assert interval == pytest.approx((2.0, 2.0))


def test_one_pair_has_no_interval():
    times = PairTimes(np.array([[0.2]]), np.array([[0.1]]), np.array([4]))
    assert times.ratio(0.95)[1] is None


def test_throughput_counts_samples_over_all_time():
    assert throughput(np.array([[1.0, 1.0], [2.0, 0.0]]), np.array([6, 2])) == 2.0


def test_percentiles_with_intervals_where_there_are_enough():
    seconds = np.random.default_rng(0).random((10, 20))
    found = {one.q: one for one in percentiles(seconds, 0.95)}
    assert found[0.5].value == pytest.approx(np.median(seconds), abs=0.02)
    wanted = stats.quantile_interval(np.sort(seconds.ravel()), 0.5, 0.95)
    assert found[0.5].interval == (wanted.low, wanted.high)
    assert found[0.99].interval is None
