from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pytest

from quantassay.timing.blocks import COLD, MOST_QUERIES, Plan, in_blocks, planned
from quantassay.timing.contract import Trial
from quantassay.timing.recording import Recording


class Notes:
    """A driver that notes what it is told to ask."""

    name, timed = "notes", "nothing"

    def __init__(self):
        self.log = []

    def trial(self, variant, run, workload, chosen, seed):
        self.log.append((variant, tuple(chosen), seed))
        for at in chosen:
            run(workload.queries[at])
        return Trial(np.ones(len(chosen)), 1.0, len(chosen))


def plan(blocks, queries, seed=0, first=0, rounds=()):
    return Plan(blocks, queries, {"a": 1, "b": 1, "c": 1, **dict(rounds)}, seed, first)


@pytest.fixture
def ran(load, worker):
    def run(plan, names=("a", "b", "c"), sizes=(2, 2, 1), around=None):
        driver, work = Notes(), load(*sizes)
        sides = {name: Recording(worker(lambda rows: 1.0), work) for name in names}
        given = () if around is None else (around,)
        return driver.log, in_blocks(driver, sides, work, plan, *given), sides

    return run


def test_every_variant_runs_once_in_each_block_on_the_same_queries(ran):
    log, trials, _ = ran(plan(10, 2))
    for at in range(10):
        block = log[3 * at : 3 * at + 3]
        assert {name for name, _, _ in block} == {"a", "b", "c"}
        assert len({chosen for _, chosen, _ in block}) == 1
        assert len({seed for _, _, seed in block}) == 1
    assert [len(own) for own in trials.values()] == [10, 10, 10]


def test_one_block_goes_on_where_the_last_ended(ran):
    log, _, _ = ran(plan(3, 2))
    assert [chosen for name, chosen, _ in log if name == "a"] == [(0, 1), (2, 0), (1, 2)]


def test_order_is_random_and_follows_from_the_seed(ran):
    orders = {seed: [name for name, _, _ in ran(plan(30, 1, seed))[0]] for seed in (1, 2)}
    assert orders[1] != orders[2]
    assert orders[1] == [name for name, _, _ in ran(plan(30, 1, 1))[0]]
    assert set(orders[1][::3]) == {"a", "b", "c"}


def test_trials_know_their_block_and_place(ran):
    log, trials, _ = ran(plan(5, 1, first=20))
    assert [trial.block for trial in trials["a"]] == [20, 21, 22, 23, 24]
    for name, own in trials.items():
        assert [log[3 * at + trial.place][0] for at, trial in enumerate(own)] == [name] * 5


def test_a_long_trial_begins_with_a_query_that_is_not_timed(ran):
    _, trials, sides = ran(plan(1, COLD))
    asked = len(sides["a"].run.asked)
    assert asked == 1 + 1 + COLD  # one to size its outputs, one to warm the caches
    assert len(trials["a"][0].latencies) == COLD


def test_what_is_around_a_trial_knows_whose_it_is(ran):
    seen = []

    @contextmanager
    def around(variant):
        seen.append(("in", variant))
        yield
        seen.append(("out", variant))

    log, _, _ = ran(plan(2, 1), around=around)
    assert seen == [(side, name) for name, _, _ in log for side in ("in", "out")]


def test_a_fast_variant_asks_the_same_queries_over_and_over(ran):
    log, trials, _ = ran(plan(3, 2, rounds={"b": 3}))
    asked = {name: chosen for name, chosen, _ in log[:3]}
    assert asked == {"a": (0, 1), "b": (0, 1, 0, 1, 0, 1), "c": (0, 1)}
    assert [trial.samples for trial in trials["b"]] == [6, 6, 6]


def test_all_trials_last_as_long_and_together_as_long_as_planned():
    found = planned(10.0, 20, {"slow": 0.05, "fast": 0.01}, seed=3, first=40)
    assert (found.blocks, found.queries, found.seed, found.first) == (20, 5, 3, 40)
    assert found.rounds == {"slow": 1, "fast": 5}


def test_a_slow_model_is_asked_one_query_in_each_block():
    found = planned(1.0, 20, {"slow": 3.0, "other": 2.0}, seed=0)
    assert (found.queries, found.rounds) == (1, {"slow": 1, "other": 1})


def test_queries_of_a_trial_are_bounded():
    found = planned(1000.0, 10, {"a": 1e-8, "b": 1e-3}, seed=0)
    assert found.queries * found.rounds["a"] <= MOST_QUERIES


def test_what_was_answered_first_is_kept_by_position(ran):
    _, _, sides = ran(plan(3, 2))
    kept = sides["b"].outputs
    assert {at: out["y"][:, 0].tolist() for at, out in sorted(kept.items())} == {
        0: [1, 2], 1: [3, 4], 2: [5]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "query", "blocks"),
    [(4.0, 0.001, 40), (40.0, 0.001, 100), (4.0, 0.1, 20), (1, 5, 10)],
)
def test_undeclared_blocks_are_as_many_as_there_is_time_for(seconds, query, blocks):
    assert planned(seconds, None, {"a": query, "b": query / 2}, seed=0).blocks == blocks
