from __future__ import annotations

import numpy as np
import pytest

from quantassay.errors import InputError
from quantassay.timing.contract import Trial
from quantassay.timing.offline import Offline
from quantassay.timing.server.arrivals import Arrivals, wait_until
from quantassay.timing.server.bound_kept import at_bound, server_findings
from quantassay.timing.server.calls import Arrived, Queue
from quantassay.timing.server.driver import Bound, NoRate, Server
from quantassay.timing.workload import workload

MOST = 0.5625  # arrivals a second of which 0.99 take 5 s or less, at a second each (Erlang, 1909)


@pytest.fixture
def arrivals(clock):
    def wait(moment):
        clock.now = max(clock.now, moment)

    return Arrivals(clock, wait)


@pytest.fixture
def samples(batches):
    """Return a workload of single samples; a call may hold ``batch`` of them."""
    return lambda count, batch=1: workload(batches(count), batch, 1)


def server(arrivals, bound, rate=None):
    return Server(arrivals, arrivals.name, bound, rate, arrivals.clock)


def test_latency_counts_from_arrival(arrivals, samples, worker):
    work = worker(lambda rows: 1.0)
    found = arrivals(work, samples(50), list(range(50)), 2.0, seed=1)
    assert found.arrivals[0] == 0
    assert np.diff(found.arrivals).mean() == pytest.approx(0.5, rel=0.4)
    ends = np.maximum.accumulate(found.arrivals - np.arange(50)) + np.arange(50) + 1
    assert found.completions == pytest.approx(ends)
    assert found.latencies.max() > 10, "a queue built up, and those in it are charged with it"


def test_arrivals_come_from_the_seed_and_scale_with_the_rate(arrivals, samples, worker):
    work, load = worker(lambda rows: 0.0), samples(30)
    first = arrivals(work, load, list(range(30)), 2.0, seed=1)
    again = arrivals(work, load, list(range(30)), 2.0, seed=1)
    twice = arrivals(work, load, list(range(30)), 4.0, seed=1)
    other = arrivals(work, load, list(range(30)), 2.0, seed=2)
    assert first.arrivals.tolist() == again.arrivals.tolist()
    assert twice.arrivals == pytest.approx(first.arrivals / 2)
    assert first.arrivals.tolist() != other.arrivals.tolist()


def test_a_call_takes_what_waits_up_to_the_batch(arrivals, samples, worker):
    work = worker(lambda rows: 1.0)
    found = arrivals(work, samples(40, batch=4), list(range(40)), 20.0, seed=0)
    assert sum(work.asked) == 40
    assert max(work.asked) == 4
    assert work.asked[0] == 1
    assert found.calls.sizes.tolist() == work.asked
    assert found.calls.seconds == pytest.approx(np.ones(len(work.asked)))


def test_a_single_query_is_handed_over_as_it_is(samples):
    load = samples(3, batch=2)
    queue = Queue(load, [2, 0, 1])
    assert queue.call(0, 1) is load.queries[2]
    assert queue.call(0, 2)["x"].ravel().tolist() == [2, 0]


def test_queries_of_different_shapes_are_not_joined():
    wide = {"x": np.zeros((1, 3))}
    narrow = {"x": np.zeros((1, 2))}
    load = workload([(0, narrow), (1, narrow), (2, wide), (3, narrow)], 4, 1)
    queue = Queue(load, [0, 1, 2, 3])
    assert [queue.size(at, 4) for at in (0, 2, 3)] == [2, 1, 1]


def test_a_declared_rate_is_that_of_the_trial(arrivals, samples, worker):
    driver = server(arrivals, Bound(5.0, 0.9), rate=0.5)
    trial = driver.trial("a", worker(lambda rows: 1.0), samples(160), list(range(160)), seed=0)
    assert trial.rate == trial.throughput == 0.5
    assert trial.samples == len(trial.latencies) == 80
    assert trial.span >= 80


def test_the_highest_rate_is_that_of_theory(arrivals, samples, worker):
    driver, work, load = server(arrivals, Bound(5.0, 0.99)), worker(lambda rows: 1.0), samples(100)
    trials = [driver.trial("a", work, load, list(range(100)), seed=block) for block in range(10)]
    rates = [trial.rate for trial in trials]
    assert np.mean(rates) == pytest.approx(MOST, rel=0.03)
    assert all(len(trial.latencies) >= 100 for trial in trials)


def test_twice_as_fast_bears_more_than_twice_the_rate(arrivals, samples, worker):
    driver, load = server(arrivals, Bound(2.5, 0.99)), samples(100)
    slow = driver.trial("slow", worker(lambda rows: 1.0), load, list(range(100)), seed=4)
    fast = driver.trial("fast", worker(lambda rows: 0.5), load, list(range(100)), seed=4)
    assert fast.rate > 2 * slow.rate


def test_a_block_begins_amid_the_rates_found_last_whichever_the_variant(arrivals, samples, worker):
    asked = []

    def serve(run, load, positions, rate, seed):
        asked.append(rate)
        return arrivals(run, load, positions, rate, seed)

    driver = Server(serve, "own loop", Bound(5.0, 0.9), None, arrivals.clock)
    load, begun = samples(60), {}
    sides = {"slow": worker(lambda rows: 1.0), "fast": worker(lambda rows: 0.5)}
    found = {name: driver.trial(name, sides[name], load, list(range(60)), 0) for name in sides}
    for name in sides:
        begun[name] = len(asked)
        driver.trial(name, sides[name], load, list(range(60)), 1)
    middle = (found["slow"].rate * found["fast"].rate) ** 0.5
    assert asked[begun["slow"]] == pytest.approx(middle)
    assert asked[begun["fast"]] == pytest.approx(middle, rel=0.1)


def test_a_variant_that_slows_down_is_followed(arrivals, samples, worker):
    driver, load = server(arrivals, Bound(10.0, 0.9)), samples(60)
    work = worker(lambda rows: 1.0)
    before = driver.trial("a", work, load, list(range(60)), seed=0)
    work.cost = lambda rows: 4.0
    after = driver.trial("a", work, load, list(range(60)), seed=1)
    assert after.rate < before.rate / 4


def test_no_rate_keeps_a_bound_below_the_service_time(arrivals, samples, worker):
    driver = server(arrivals, Bound(0.015, 0.99))
    with pytest.raises(NoRate, match=r"int8: no rate of arrivals keeps 15 ms for 99 %") as raised:
        driver.trial("int8", worker(lambda rows: 0.02), samples(5), [0, 1, 2], seed=0)
    assert isinstance(raised.value, InputError)
    assert "\n" not in str(raised.value)
    assert "20 ms" in str(raised.value)


def test_large_calls_beyond_the_bound_do_not_hide_that_single_ones_keep_it(
    arrivals, samples, worker
):
    driver = server(arrivals, Bound(5.0, 0.9))
    trial = driver.trial(
        "a", worker(lambda rows: 0.8 * rows), samples(50, batch=16), list(range(50)), seed=0
    )
    assert 0 < trial.rate < 1.25


def test_few_chosen_queries_are_asked_over_and_over(arrivals, samples, worker):
    driver = server(arrivals, Bound(50.0, 0.99), rate=0.1)
    trial = driver.trial("a", worker(lambda rows: 1.0), samples(4), [1, 3], seed=0)
    assert len(trial.latencies) == 100, "fewer could not tell a 99th percentile"


def test_waiting_ends_after_the_moment():
    from time import perf_counter

    moment = perf_counter() + 0.002
    wait_until(moment)
    assert perf_counter() >= moment
    wait_until(moment)


def test_a_low_rate_takes_no_longer_than_planned(arrivals, samples, worker):
    driver = server(arrivals, Bound(5.0, 0.9), rate=0.01)
    trial = driver.trial("a", worker(lambda rows: 1.0), samples(90), list(range(90)), seed=0)
    assert len(trial.latencies) == 50


def said(driver, trials, confidence=0.95):
    (text,) = server_findings(driver, {"int8": trials}, confidence)
    assert "\n" not in text
    return text


def of(driver, work, load, blocks=20, count=100):
    return [driver.trial("int8", work, load, list(range(count)), seed=b) for b in range(blocks)]


@pytest.mark.parametrize(
    ("bound", "rate", "words"),
    [
        (8.0, 0.5, "the bound of 8000 ms is kept"),
        (1.5, 0.5, "the bound of 1500 ms is not kept"),
        (3.38, 0.62, "neither surely kept nor surely broken"),
        (40.0, 1.02, "would be late: the bound of 40000 ms is not kept for long"),
    ],
)
def test_whether_a_declared_rate_keeps_the_bound(arrivals, samples, worker, bound, rate, words):
    driver = server(arrivals, Bound(bound, 0.9), rate)
    text = said(driver, of(driver, worker(lambda rows: 1.0), samples(100)))
    assert text.startswith(f"int8: at {rate:.4g} arrivals a second 90 % of samples took ")
    assert words in text


def test_too_few_arrivals_tell_nothing(arrivals, samples, worker):
    driver = server(arrivals, Bound(9.0, 0.99), 0.1)
    text = said(driver, of(driver, worker(lambda rows: 1.0), samples(100), blocks=1))
    assert "100 arrivals are too few to tell whether the bound of 9000 ms is kept" in text


def test_a_rate_that_was_found_is_said_with_what_the_trials_saw(arrivals, samples, worker):
    driver = server(arrivals, Bound(5.0, 0.9))
    trials = of(driver, worker(lambda rows: 1.0), samples(100))
    text = said(driver, trials)
    assert text.startswith("int8: up to 0.7")
    assert "arrivals a second keep 5000 ms for 90 % of all samples" in text
    assert "beyond the bound" not in text
    late = [Trial(trial.latencies + 9, trial.span, 1, trial.rate) for trial in trials]
    assert "beyond the bound" in said(driver, late)
    assert "which is more: take the rate for an upper limit" in said(driver, late[:1])


def test_the_interval_takes_trials_and_not_samples_as_independent():
    random = np.random.default_rng(0)
    levels = random.uniform(1, 2, 20)
    trials = [Trial(random.normal(level, 0.001, 500), 1.0, 500, 1.0) for level in levels]
    found = at_bound(trials, Bound(3.0, 0.5), 0.95)
    assert found.q == 0.5
    assert found.interval[1] - found.interval[0] > 0.2


def test_other_protocols_have_no_such_finding():
    assert server_findings(Offline(), {"int8": []}, 0.95) == []


def test_calls_of_a_trial_last_from_when_they_could_begin():
    found = Arrived(np.array([0.0, 1.0, 1.5, 9.0]), np.array([2.0, 4.0, 4.0, 10.0])).calls
    assert found.sizes.tolist() == [1, 2, 1]
    assert found.seconds.tolist() == [2.0, 2.0, 1.0]
