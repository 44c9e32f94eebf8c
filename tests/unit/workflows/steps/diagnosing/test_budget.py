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

    return Queue(title, names, look, lambda whole: Part(findings=(f"{title} {whole}",)))


def test_each_takes_an_equal_part_and_leaves_the_rest_to_the_next(clock):
    seen, budget = [], Budget(12, clock)
    first = spend(budget, queue(clock, seen, "fast", "ab", 1), 3, Silent())
    # 10 seconds are left to two
    second = spend(budget, queue(clock, seen, "slow", "abcd", 2), 2, Silent())
    last = spend(budget, queue(clock, seen, "last", "abcd", 2), 1, Silent())
    assert [title for title, _ in seen] == ["fast"] * 2 + ["slow"] * 3 + ["last"] * 2
    assert [one.cut for one in (first, second, last)] == [False, True, True]
    assert first.findings == ("fast True",)
    assert first.left_out == ()
    assert second.findings == ("slow False",)


def test_who_was_not_looked_at_is_named(clock):
    seen = []
    found = spend(Budget(7, clock), queue(clock, seen, "layers", "abcd", 4), 1, Silent())
    assert [name for _, name in seen] == ["a", "b"]
    assert found.left_out == (
        "layers: 2 of 4 not looked at, since its share of the budget of 7 s was over: c, d",
    )


def test_the_very_first_is_always_looked_at_and_no_other_once_the_time_is_over(clock):
    seen, budget = [], Budget(0.001, clock)
    spend(budget, queue(clock, seen, "layers", "ab", 50), 2, Silent())
    found = spend(budget, queue(clock, seen, "weights", "xy", 50), 1, Silent())
    assert seen == [("layers", "a")]
    assert found.cut


def test_what_cannot_be_looked_at_is_named_with_the_reason(clock):
    seen = []
    waiting = queue(clock, seen, "layers", ["broken", "a", "broken"], 1)
    found = spend(Budget(100, clock), waiting, 1, Silent())
    assert seen == [("layers", "a")]
    assert found.left_out == ("layers: broken, broken: it is broken",)
    assert not found.cut


def test_the_budget_runs_from_the_first_question(clock):
    budget = Budget(5, clock)
    clock.seconds += 1000
    assert budget.fresh
    assert budget.share(1) == 5
    clock.seconds += 7
    assert budget.share(3) == 7


def test_kinds_and_places_alternate():
    layers = {f"m{at}": ("MatMul", 10) for at in range(5)} | {"big": ("MatMul", 30)}
    sizes = {"table": ("Gather", 500), **layers, "norm": ("Gemm", 1)}
    order = alternating(sizes)
    assert order == ["table", "big", "norm", "m0", "m4", "m2", "m1", "m3"]
    assert alternating({}) == []
    assert alternating({"a": ("x", 1)}) == ["a"]
