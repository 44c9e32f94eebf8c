from __future__ import annotations

import pytest

from quantassay.rubrics.digest import ABSENT, canonical, differences
from quantassay.rubrics.stopping import Stopping

SAYS = "confidence: 0.95\n"


@pytest.fixture
def stopping(rubrics):
    return lambda text: (SAYS, f"{SAYS}stopping: {text}\n")


def test_looks_are_samples_or_shares_of_the_last():
    assert Stopping(looks=[500, 1000], max=4000).sizes(9000) == [500, 1000, 4000]
    assert Stopping(looks=[0.25, 0.5], max=4000).sizes(9000) == [1000, 2000, 4000]
    assert Stopping(looks=[0.5]).sizes(101) == [51, 101]
    assert Stopping().sizes(1000) == [350, 450, 550, 650, 750, 850, 950, 1000]


def test_shares_that_are_one_look_are_one():
    assert Stopping(looks=[0.1, 0.2, 0.9]).sizes(4) == [1, 4]


def test_it_is_read(rubrics, stopping):
    found = rubrics.load(stopping("{looks: [100, 200], max: 400, spending: pocock}")).rubric
    assert found.stopping == Stopping(looks=[100, 200], max=400, spending="pocock")
    assert rubrics.load().rubric.stopping is None


def test_without_it_a_rubric_is_what_it_was(rubrics):
    assert "stopping" not in canonical(rubrics.load().rubric)


def test_a_change_is_a_difference(rubrics, stopping):
    before = rubrics.load().rubric
    first = rubrics.load(stopping("{looks: [100, 200]}")).rubric
    second = rubrics.load(stopping("{looks: [100, 300]}")).rubric
    assert ("stopping.looks", "[100,200]", "[100,300]") in differences(first, second)
    assert ("stopping.looks", ABSENT, "[100,200]") in differences(before, first)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{looks: [200, 100]}", "rise strictly"),
        ("{looks: [0.5, 0.5]}", "rise strictly"),
        ("{looks: [0.5, 100]}", "all numbers of samples, or all shares"),
        ("{looks: [1.5]}", "all numbers of samples"),
        ("{looks: [0]}", "all numbers of samples"),
        ("{looks: []}", "must not be empty"),
        ("{looks: [100, 200], max: 200}", "before 'max'"),
        ("{looks: [100], spending: linear}", "obrien-fleming"),
        ("{look: [100]}", "looks"),
        ("{max: 0}", "max"),
    ],
)
def test_what_cannot_be_is_refused(rubrics, stopping, text, words):
    assert words in rubrics.complaint(stopping(text))
