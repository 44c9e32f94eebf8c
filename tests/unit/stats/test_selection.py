from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import dominated, fastest_first, fixed_sequence

NAN = float("nan")


@pytest.mark.parametrize(
    ("p", "chosen"),
    [([0.02, 0.03], None), ([0.02, 0.01], 1), ([0.0125, 0.0], 0), ([NAN, 0.0], 1), ([], None)],
)
def test_the_fastest_that_passes_at_a_shared_level(p, chosen):
    assert fastest_first(p, 0.025) == chosen


@pytest.mark.parametrize(
    ("p", "chosen"),
    [([0.02, 0.02, 0.02], 2), ([0.02, 0.03, 0.0], 0), ([0.03, 0.0], None), ([0.0, NAN, 0.0], 0)],
)
def test_the_last_before_the_first_that_does_not_pass(p, chosen):
    assert fixed_sequence(p, 0.025) == chosen


@pytest.mark.parametrize("rule", [fastest_first, fixed_sequence])
def test_what_is_no_p_is_refused(rule):
    with pytest.raises(ValueError, match="one row of numbers"):
        rule([1.5], 0.025)
    with pytest.raises(ValueError, match="one-sided"):
        rule([0.5], 0.7)


def test_dominated_needs_both_coordinates():
    worse = np.array([[NAN, 0.5], [0.001, NAN]])
    slower = np.array([[NAN, 0.001], [0.01, NAN]])
    p = dominated(worse, slower)
    assert np.isnan(p[0, 0])
    assert p[1, 0] == pytest.approx(0.02)
    assert p[0, 1] == pytest.approx(0.5)


def test_pairs_are_square_tables():
    with pytest.raises(ValueError, match="square"):
        dominated([[0.1, 0.2]], [[0.1, 0.2]])
