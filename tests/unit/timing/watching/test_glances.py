from __future__ import annotations

import pytest

from quantassay.timing.watching import glances
from quantassay.timing.watching.glances import Glances
from quantassay.timing.watching.processor_time import ProcessorTime


class Machine:
    """Counters and a clock that stand still until they are moved."""

    def __init__(self):
        self.now, self.busy, self.own, self.cost = 0.0, 0.0, 0.0, 0.0

    def clock(self):
        return self.now

    def times(self, root):
        self.now += self.cost
        return ProcessorTime(self.now, self.busy, None, self.own)


@pytest.fixture
def machine(monkeypatch):
    fake = Machine()
    monkeypatch.setattr(glances.time, "perf_counter", fake.clock)
    monkeypatch.setattr(glances, "processor_time", fake.times)
    return fake


def test_what_others_used_is_what_is_busy_less_our_own(machine, tmp_path):
    seen = Glances(tmp_path)
    machine.now, machine.busy, machine.own = 2.0, 3.0, 1.5
    seen.look()
    (one,) = seen.stretches
    assert (one.seconds, one.own, one.others, one.stolen) == (2.0, 1.5, 1.5, None)
    assert seen.seconds == 2.0


def test_looks_are_half_a_second_apart(machine, tmp_path):
    seen = Glances(tmp_path)
    for at in (0.2, 0.4, 0.6, 0.8, 1.2):
        machine.now = at
        seen.look()
    assert [round(one.seconds, 9) for one in seen.stretches] == [0.6, 0.6]


def test_a_look_that_takes_long_is_taken_seldom(machine, tmp_path):
    seen = Glances(tmp_path)
    machine.cost = 0.1
    machine.now = 1.0
    seen.look()
    assert len(seen.stretches) == 1
    machine.now += 4.0
    seen.look()
    assert len(seen.stretches) == 1, "a fiftieth of the time is not yet enough"
    machine.now += 1.1
    seen.look()
    assert len(seen.stretches) == 2


def test_what_went_before_the_first_trial_does_not_count(machine, tmp_path):
    seen = Glances(tmp_path)
    machine.now, machine.busy = 10.0, 20.0
    seen.begin()
    machine.now, machine.busy = 11.0, 20.5
    seen.begin()
    seen.look()
    (one,) = seen.stretches
    assert (one.seconds, one.others) == (1.0, 0.5)
