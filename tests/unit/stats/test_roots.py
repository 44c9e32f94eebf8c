from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats.roots import decreasing_root


def solve(function, start, step=0.1, count=1, tolerance=1e-12):
    low, high = np.zeros(count), np.ones(count)
    return decreasing_root(
        function, np.full(count, start), np.full(count, step), (low, high), tolerance
    )


def test_many_functions_at_once():
    target = np.array([0.1, 0.5, 0.9])
    found = solve(lambda x, i: target[i] - x**3, 0.3, count=3)
    np.testing.assert_allclose(found, np.cbrt(target), rtol=1e-11)


@pytest.mark.parametrize(("start", "step"), [(0.5, 1), (0.0, 1), (0.999, 9), (-3, 0), (7, 1e9)])
def test_a_curve_on_which_the_secant_crawls(start, step):
    found = solve(lambda x, i: 1e-9 - x**9, start, step, tolerance=1e-18)
    assert found[0] == pytest.approx(0.1, rel=1e-6)


def test_a_jump_answers_its_high_side():
    found = solve(lambda x, i: np.where(x < 0.3, 1.0, -1.0), 0.1)
    assert 0.3 <= found[0] <= 0.3 + 1e-12


def test_a_function_that_stays_positive_answers_the_high_end():
    assert solve(lambda x, i: 1 + 0 * x, 0.1)[0] == 1


def test_no_function_has_no_root():
    none = np.empty(0)
    assert len(decreasing_root(lambda x, i: x, none, none, (none, none), 1e-9)) == 0
