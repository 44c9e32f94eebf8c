from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import binary_interval, contrast, contrast_p


def limits(b, c, n):
    return lambda alpha: binary_interval(b, c, n, alpha)


def test_square_and_add():
    wider, low, high = contrast(0.01, (0.0, 0.04), 0.05, (0.02, 0.09))
    assert wider == pytest.approx(0.04)
    assert low == pytest.approx(0.04 - np.hypot(0.03, 0.03))
    assert high == pytest.approx(0.04 + np.hypot(0.04, 0.01))


def test_swapping_the_groups_mirrors_the_interval():
    a, b = (0.01, (-0.01, 0.04)), (0.05, (0.02, 0.09))
    there, back = contrast(*a, *b), contrast(*b, *a)
    assert there[0] == pytest.approx(-back[0])
    assert (there[1], there[2]) == (pytest.approx(-back[2]), pytest.approx(-back[1]))


def test_a_known_loss_leaves_the_others_limits():
    _, low, high = contrast(0.0, (0.0, 0.0), [0.05, np.nan], ([0.02, np.nan], [0.09, np.nan]))
    assert (low[0], high[0]) == (0.02, 0.09)
    assert np.isnan(low[1]) and np.isnan(high[1])


def test_a_loss_outside_of_its_interval_is_refused():
    with pytest.raises(ValueError, match="within its interval"):
        contrast(0.1, (0.2, 0.3), 0.0, (0.0, 0.0))


def test_p_is_the_level_at_which_the_interval_leaves_the_difference_out():
    a, b = limits(2, 2, 400), limits(20, 4, 400)
    p = float(contrast_p(0.0, a, 0.04, b))
    _, low, _ = contrast(0.0, a(np.asarray(p / 2)), 0.04, b(np.asarray(p / 2)))
    assert low == pytest.approx(0, abs=1e-5)
    assert 1e-4 < p < 0.01


def test_p_of_the_difference_seen_is_one_and_undefined_stays_so():
    a = limits(np.array([2, 0]), np.array([2, 0]), np.array([400, 0]))
    p = contrast_p(np.array([0.0, np.nan]), a, np.array([0.0, np.nan]), a)
    assert p[0] == 1.0
    assert np.isnan(p[1])


def test_p_of_a_difference_beyond_the_other_end():
    a, b = limits(2, 2, 400), limits(4, 20, 400)
    assert contrast_p(0.0, a, -0.04, b) == pytest.approx(
        contrast_p(0.0, a, 0.04, limits(20, 4, 400)), rel=1e-4
    )
