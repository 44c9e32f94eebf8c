from __future__ import annotations

import numpy as np
import pytest

from quantassay.errors import DataError
from quantassay.workflows.steps.same_outputs.answered import Answered
from quantassay.workflows.steps.same_outputs.distance import difference, together


def given(answers=None, numbers=None, failed=()):
    n = len(answers if answers is not None else numbers)
    mask = np.zeros(n, bool)
    mask[list(failed)] = True
    numbers = None if numbers is None else np.array(numbers, float)
    return Answered(mask, None if answers is None else np.array(answers), numbers)


def compared(*pairs):
    return together([difference(new, old) for new, old in pairs], False)


def test_answers_that_changed_and_how_far_numbers_moved():
    new = given([0, 1], [[2, 1], [1.5, 2]])
    old = given([0, 0], [[2, 1], [2, 1]])
    found = compared((new, old))
    assert (found.n, found.changed, found.moved, found.rounded) == (2, 1, 1.0, False)


def test_what_failed_on_one_side_changed_and_has_no_numbers():
    new = given([0, 1], [[2, 1], [np.nan, 2]], failed=[1])
    old = given([0, 1], [[2, 1], [2, 1]])
    found = compared((new, old))
    assert (found.changed, found.failed, found.moved) == (1, 1, 0.0)


def test_rounding_is_measured_by_the_largest_number_of_all_parts():
    small, large = given(numbers=[[1.0]]), given(numbers=[[1000.0]])
    moved = given(numbers=[[1.5]])
    assert compared((moved, small)).changed == 1
    assert compared((moved, small), (large, large)).changed == 0


def test_a_difference_too_large_to_tell_is_no_rounding():
    found = compared((given(numbers=[[1.7e308]]), given(numbers=[[-1.7e308]])))
    assert (found.changed, found.moved, found.rounded) == (1, None, False)


def test_everything_failed():
    nothing = given([9], [[np.nan]], failed=[0])
    found = compared((nothing, nothing))
    assert (found.changed, found.failed, found.moved) == (0, 1, 0.0)


@pytest.mark.parametrize("old", [given(numbers=[[1.0, 2.0]]), given(numbers=[[1.0]])])
def test_what_cannot_be_compared_is_refused(old):
    with pytest.raises(DataError):
        difference(given(["a"]) if old.numbers.shape[1] == 1 else given(numbers=[[1.0]]), old)
