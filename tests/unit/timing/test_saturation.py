from __future__ import annotations

import pytest

from quantassay.timing.saturation import Look, growing, saturation


def look(seconds=1000.0):
    return Look(seconds, seed=1)


@pytest.fixture
def saturated(load, worker, clock):
    """Return what is found of a cost in seconds by samples, at a declared batch of 8."""

    def find(cost, seconds=1000.0, fixed=None):
        return saturation(worker(cost), load(8, 8, 5), look(seconds), fixed, clock)

    return find


def test_sizes_reach_beyond_the_declared_batch(saturated):
    found = saturated(lambda rows: rows / 100)
    assert found.samples == (1, 2, 4, 8, 16, 32)
    assert found.throughput == pytest.approx([100.0] * 6)


def test_the_knee_is_where_throughput_hardly_grows_any_more(saturated):
    assert saturated(lambda rows: 0.01 * rows).knee == 1
    assert saturated(lambda rows: 0.01 * max(rows, 4)).knee == 4
    assert saturated(lambda rows: 0.01 * max(rows, 16)).knee == 16


def test_no_knee_is_said_so(saturated):
    found = saturated(lambda rows: 1.0)
    assert found.knee is None
    assert "it still grows; up to 32 samples a query" in found.note


def test_a_declared_batch_below_the_knee_is_told_of(saturated):
    found = saturated(lambda rows: 0.01 * max(rows, 16))
    assert growing("int8", found, 8) == (
        "at batch 8 throughput of int8 still grows: 2.00 times as much at 16 samples a query"
    )
    assert growing("int8", saturated(lambda rows: 1.0), 8) == (
        "at batch 8 throughput of int8 still grows: 4.00 times as much at 32 samples a query"
    )


@pytest.mark.parametrize("enough", [1, 4, 8])
def test_a_declared_batch_at_or_beyond_the_knee_is_not(saturated, enough):
    assert growing("int8", saturated(lambda rows: 0.01 * max(rows, enough)), 8) is None


def test_a_busy_machine_makes_no_growth_up(load, worker, clock):
    """Ten times slower now and then, so that some rounds see growth and others do not."""
    seen = []

    def cost(rows):
        seen.append(rows)
        return rows / 100 * (10 if len(seen) // 40 % 2 else 1)

    found = saturation(worker(cost), load(8), look(), None, clock)
    assert growing("int8", found, 8) is None


def test_a_slow_model_is_looked_at_less_far_or_not_at_all(saturated):
    assert saturated(lambda rows: rows / 8, seconds=30.0).samples[-1] == 16
    assert saturated(lambda rows: rows / 8, seconds=15.0).samples[-1] == 8
    found = saturated(lambda rows: rows / 8, seconds=5.0)
    assert (found.samples, found.knee) == ((), None)
    assert found.note == "not looked for: one query of 8 samples takes 1 s, too long for this look"


def test_a_size_that_was_not_looked_at_is_no_finding(saturated):
    assert growing("int8", saturated(lambda rows: 1.0, seconds=15.0), 8) is None
    assert growing("int8", saturated(lambda rows: 1.0, fixed=8), 8) is None


def test_a_fixed_batch_says_why_there_is_no_knee(saturated):
    found = saturated(lambda rows: 1.0, fixed=8)
    assert found.knee is None
    assert found.note.startswith("the model takes batches of exactly 8")
