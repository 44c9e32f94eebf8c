from __future__ import annotations

import numpy as np

from quantassay.evidence import Binary
from quantassay.evidence.bracketed import Bracketed

WORST = ([1] * 50, [0] * 5 + [1] * 45)
BEST = ([0] * 5 + [1] * 45, [1] * 50)
MARGIN = np.array([0.2])


def pair(state):
    return [state(Binary(), *sides).evidence() for sides in (WORST, BEST)]


def test_bounds_are_the_outermost_of_both_readings(state):
    worst, best = pair(state)
    low, high = Bracketed(worst, best).bounds(0.025)
    assert high == worst.bounds(0.025)[1] > best.bounds(0.025)[1]
    assert low == best.bounds(0.025)[0] < worst.bounds(0.025)[0]


def test_both_p_values_are_the_larger(state):
    worst, best = pair(state)
    found = Bracketed(worst, best)
    assert found.p_within(MARGIN) == worst.p_within(MARGIN) > best.p_within(MARGIN)
    assert found.p_beyond(MARGIN) == best.p_beyond(MARGIN) > worst.p_beyond(MARGIN)


def test_the_order_of_readings_does_not_loosen_a_bound(state):
    worst, best = pair(state)
    assert Bracketed(best, worst).bounds(0.025) == Bracketed(worst, best).bounds(0.025)


def test_figures_are_the_pessimistic_ones_and_the_method_says_so(state):
    worst, best = pair(state)
    found = Bracketed(worst, best)
    assert found.loss == worst.loss == 0.1
    assert (found.reference, found.candidate) == (worst.reference, worst.candidate)
    assert (found.losses, found.gains, found.n) == (worst.losses, worst.gains, worst.n)
    assert "unknown rows at their worst" in found.method[0]
    assert found.clusters is None
    assert found.undefined == [""]


def test_floors_and_planning_are_those_of_the_pessimistic_reading(state):
    worst, best = pair(state)
    found = Bracketed(worst, best)
    assert found.floor(MARGIN, 0.025) == worst.floor(MARGIN, 0.025)
    assert found.size() == worst.size()
    assert found.needed(MARGIN, 0.025, 0.9) == worst.needed(MARGIN, 0.025, 0.9)
    assert found.detectable(0.025, 0.9) == worst.detectable(0.025, 0.9)
