"""The interval of one loss at a level that many share, of evidence made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.evidence import Mean
from quantassay.pairing.strata import whole
from quantassay.verdicts.axes import at_once, shared_level


def evidence(losses: int, n: int):
    first, second = np.zeros((2, n, 1))
    first[:losses] = 1.0
    made = Mean(1.0).accumulate(
        first, second, [whole(n)], None, lambda totals, n: totals[..., 0] / n, True
    )
    return made.evidence()


def test_the_level_is_shared_by_all_losses():
    assert shared_level(0.95, 1) == pytest.approx(0.025)
    assert shared_level(0.95, 50) == pytest.approx(0.0005)
    assert shared_level(0.95, 0) is None


@pytest.mark.parametrize("level", [0.025, 0.0005])
def test_an_end_is_never_nearer_to_zero_than_a_pass_could_show(level):
    (low, high), why = at_once(evidence(0, 400), 1.0, level)
    assert why == ""
    assert low == -high
    assert stats.mean_floor(1.0, high, level) <= 400 < stats.mean_floor(1.0, high * 0.999, level)


def test_a_loss_that_is_settled_has_its_own_bounds():
    found = evidence(90, 100)
    bounds = tuple(float(end[0]) for end in found.bounds(0.025))
    assert at_once(found, 1.0, 0.025) == (bounds, "")


def test_nothing_is_said_of_what_even_the_largest_loss_could_not_be_told_from():
    ends, why = at_once(evidence(0, 400), 0.001, 0.025)
    assert ends is None
    assert "too few samples" in why
