"""Whose turn it is, and who is named when the time is over."""

import pytest

from quantassay.errors import ArtifactError
from quantassay.workflows.steps.diagnosing.budget import Budget, Queue, alternating, spend
from quantassay.workflows.steps.diagnosing.part import Part
from quantassay.workflows.steps.progress import Silent


class Clock:
    """Stands still until someone works."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


def queue(clock, seen, title, names, cost):
    def look(name):
        clock.seconds += cost
        if name == "broken":
            raise ArtifactError("it is broken")
        seen.append((title, name))

    return Queue(title, names, look, lambda: Part(findings=(title,)))


def test_the_one_that_took_least_comes_next(clock):
    seen = []
    queues = [queue(clock, seen, "slow", "abc", 5), queue(clock, seen, "fast", "abcd", 1)]
    found = spend(Budget(100, clock), queues, Silent())
    assert seen[:7] == [("slow", "a"), *(("fast", name) for name in "abcd"), ("slow", "b"),
                        ("slow", "c")]  # fmt: skip
    assert found.left_out == ()
    assert found.findings == ("slow", "fast")


def test_who_was_not_looked_at_is_named(clock):
    seen = []
    queues = [queue(clock, seen, "layers", "abcd", 4), queue(clock, seen, "weights", "xy", 4)]
    found = spend(Budget(10, clock), queues, Silent())
    assert [name for _, name in seen] == ["a", "x", "b"]
    assert found.left_out == (
        "layers: 2 of 4 not looked at, since the budget of 10 s was over: c, d",
        "weights: 1 of 2 not looked at, since the budget of 10 s was over: y",
    )


def test_one_is_always_looked_at(clock):
    seen = []
    spend(Budget(0.001, clock), [queue(clock, seen, "layers", "ab", 50)], Silent())
    assert seen == [("layers", "a")]


def test_what_cannot_be_looked_at_is_named_with_the_reason(clock):
    seen = []
    waiting = queue(clock, seen, "layers", ["broken", "a", "broken"], 1)
    found = spend(Budget(100, clock), [waiting], Silent())
    assert seen == [("layers", "a")]
    assert found.left_out == ("layers: broken, broken: it is broken",)


def test_the_budget_runs_from_the_first_question(clock):
    budget = Budget(5, clock)
    clock.seconds += 1000
    assert not budget.over
    clock.seconds += 5
    assert budget.over


def test_kinds_and_places_alternate():
    layers = {f"m{at}": ("MatMul", 10) for at in range(5)} | {"big": ("MatMul", 30)}
    sizes = {"table": ("Gather", 500), **layers, "norm": ("Gemm", 1)}
    order = alternating(sizes)
    assert order == ["table", "big", "norm", "m0", "m4", "m2", "m1", "m3"]
    assert alternating({}) == []
    assert alternating({"a": ("x", 1)}) == ["a"]
