from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats.roots import decreasing_root


def solve(function, low, high, guesses, tolerance=1e-12):
    count = np.atleast_1d(low)
    ends = np.atleast_1d(np.asarray(low, float)), np.atleast_1d(np.asarray(high, float))
    start = tuple(np.broadcast_to(np.asarray(g, float), count.shape) for g in guesses)
    return decreasing_root(function, start, ends, tolerance)


def test_many_functions_at_once():
    target = np.array([0.1, 0.5, 0.9])
    found = solve(lambda x, i: target[i] - x**3, [0, 0, 0], [1, 1, 1], (0.3, 0.4))
    np.testing.assert_allclose(found, np.cbrt(target), rtol=1e-11)


@pytest.mark.parametrize("guesses", [(0.5, 0.5), (0.0, 1.0), (0.999, 0.99), (-3.0, 7.0)])
def test_a_curve_on_which_the_secant_crawls(guesses):
    found = solve(lambda x, i: 1e-9 - x**9, [0], [1], guesses, 1e-18)
    assert found[0] == pytest.approx(0.1, rel=1e-6)


def test_a_jump_answers_its_high_side():
    found = solve(lambda x, i: np.where(x < 0.3, 1.0, -1.0), [0], [1], (0.1, 0.2))
    assert 0.3 <= found[0] <= 0.3 + 1e-12


def test_a_function_that_stays_positive_answers_the_high_end():
    assert solve(lambda x, i: 1 + 0 * x, [0], [1], (0.1, 0.2))[0] == 1


def test_no_function_has_no_root():
    none = np.empty(0)
    assert len(decreasing_root(lambda x, i: x, (none, none), (none, none), 1e-9)) == 0
