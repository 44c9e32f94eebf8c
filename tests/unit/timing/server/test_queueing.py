from __future__ import annotations

import math

import numpy as np
import pytest

from quantassay.timing.server.queueing import (
    Calls,
    Service,
    highest_rate,
    late_share,
    service,
)

SECOND = Service((0.0, 1.0), (1.0,))


def waits_no_longer(rate, wait):
    """Return P(wait <= ...) of Poisson arrivals at calls of exactly a second (Erlang, 1909)."""
    return (1 - rate) * sum(
        (rate * (i - wait)) ** i / math.factorial(i) * math.exp(-rate * (i - wait))
        for i in range(int(wait) + 1)
    )


def rate_by_theory(bound, percentile):
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if waits_no_longer(middle, bound - 1) >= percentile else (low, middle)
        )
    return low


def test_the_theory_gives_the_mean_wait_of_pollaczek_and_khinchine():
    steps = np.arange(0, 12, 0.005)
    mean = sum(1 - waits_no_longer(0.5, step) for step in steps) * 0.005
    assert mean == pytest.approx(0.5 / (2 * (1 - 0.5)), abs=0.01)


@pytest.mark.parametrize(("bound", "percentile"), [(2.5, 0.99), (5, 0.9), (10, 0.9), (10, 0.99)])
def test_highest_rate_is_that_of_theory_for_calls_of_one_length(bound, percentile):
    found = [highest_rate(SECOND, bound, percentile, seed) for seed in range(4)]
    assert np.mean(found) == pytest.approx(rate_by_theory(bound, percentile), rel=0.04)


def test_highest_rate_is_that_of_theory_for_exponential_calls():
    quantiles = -np.log1p(-(np.arange(4_000) + 0.5) / 4_000)
    seconds = np.random.default_rng(0).permutation(quantiles)
    calls = Calls(np.ones(4_000, int), seconds)
    served = service(calls, calls, 1)
    found = [highest_rate(served, 10, 0.99, seed) for seed in range(4)]
    assert np.mean(found) == pytest.approx(1 + math.log(0.01) / 10, rel=0.05)


def test_a_start_far_away_finds_the_same_rate():
    rates = [highest_rate(SECOND, 5, 0.9, 3, near) for near in (None, 0.01, 40.0)]
    assert rates == pytest.approx([rates[0]] * 3, rel=0.003)


def test_no_rate_where_samples_alone_take_too_long():
    assert highest_rate(SECOND, 0.9, 0.99, 0) is None
    one_in_ten = Service((0.0, 1.0), (3.0, *[0.5] * 9))
    assert highest_rate(one_in_ten, 2.0, 0.95, 0) is None
    assert highest_rate(one_in_ten, 2.0, 0.85, 0) is not None


@pytest.mark.parametrize("batch", [1, 4])
def test_no_rate_where_a_replay_holds_more_slow_calls_than_were_seen(batch):
    # 1 % of calls are slow, all of them early: 20,000 arrivals meet them twice in 1.33 rounds
    scatter = np.where(np.arange(15_000) < 150, 100.0, 1.0)
    served = Service((0.0, *[1.0] * batch), tuple(scatter.tolist()))
    assert served.late_alone(10.0) == pytest.approx(0.01)
    assert highest_rate(served, 10.0, 0.99, 1) is None
    found = highest_rate(served, 10.0, 0.98, 1, near=1e-9)
    assert found is not None
    assert found > 1e-3


def test_joined_calls_and_single_calls_are_one_queue():
    gaps = np.random.default_rng(1).exponential(size=2_000)
    as_single = late_share(gaps, Service((0.0, 1.0), (0.5, 1.5)), 0.8, 3.0)
    never_joined = Service((0.0, 1.0, 1e9), (0.5, 1.5))
    assert late_share(gaps, never_joined, 0.8, 3.0) >= as_single
    served = Service((0.0, 1.0, 2.0), (1.0,))  # two together last as long as one after the other
    both = late_share(gaps, served, 0.8, 3.0)
    assert abs(both - late_share(gaps, SECOND, 0.8, 3.0)) < 0.1


def test_calls_that_join_what_waits_bear_a_higher_rate():
    alone = highest_rate(Service((0.0, 1.0), (1.0,)), 5, 0.99, 0)
    joined = highest_rate(Service((0.0, 1.0, 1.1, 1.2, 1.3), (1.0,)), 5, 0.99, 0)
    assert joined > 2 * alone


def test_service_draws_a_line_and_keeps_the_scatter_in_order():
    calls = Calls(np.array([1, 5, 3, 1, 5, 7, 9, 2]), np.array([2.0, 4, 3, 1, 8, 5, 6, 2.5]))
    found = service(calls, calls, 9)
    assert found.seconds == pytest.approx([1.5 + 0.5 * n for n in range(10)])
    assert found.scatter == pytest.approx((1.0, 1.0, 1.0, 0.5, 2.0, 1.0, 1.0, 1.0))


def test_one_call_that_was_held_up_does_not_make_all_of_its_size_slow():
    known = Calls(np.array([1, 1, 1, 2, 4, 4, 4]), np.array([1.0, 1, 1, 50, 4, 4, 4]))
    found = service(known, known, 4)
    assert found.seconds[2] == pytest.approx(2.0)
    assert found.scatter == pytest.approx((1, 1, 1, 25, 1, 1, 1))


def test_looks_count_only_where_a_block_has_too_few_sizes():
    looks = Calls(np.array([1, 8] * 5), np.array([1.0, 8.0] * 5))
    alone = Calls(np.ones(5, int), np.full(5, 1.0))
    assert service(alone, looks, 8).seconds[8] == pytest.approx(8.0)
    three = Calls(np.array([1, 2, 3]), np.array([1.0, 1.0, 1.0]))
    assert service(three, looks, 8).seconds[8] == pytest.approx(1.0)


def test_seconds_stay_above_nothing_where_large_calls_cost_more_than_in_proportion():
    calls = Calls(np.array([2, 4, 8]), np.array([4.0, 16.0, 64.0]))
    assert min(service(calls, calls, 8).seconds[1:]) > 0
