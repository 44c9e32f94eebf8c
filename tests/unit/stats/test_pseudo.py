from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import pseudo_count
from quantassay.stats.pseudo import p_over_levels


def test_counts_at_the_levels_in_use():
    alphas = 0.025 / np.array([0.5, 1, 20, 200, 1200])
    assert pseudo_count(alphas).tolist() == [2, 2, 4, 6, 7]
    assert pseudo_count(0.5) == 1


def test_p_is_the_largest_level_that_does_not_reject():
    fixed = np.array([0.9, 0.1, 0.02, 1e-6, 0.0, np.nan])
    np.testing.assert_array_equal(p_over_levels(lambda count: fixed)[:4], fixed[:4])
    assert 0 < p_over_levels(lambda count: fixed)[4] < 1e-40
    assert np.isnan(p_over_levels(lambda count: fixed)[5])


def test_a_level_whose_own_count_does_not_reject_is_kept():
    """.001 with one or two pseudo-observations, .03 with three: levels down to .0228 use two."""
    by_count = {1: 0.001, 2: 0.001, 3: 0.03}
    p = p_over_levels(lambda count: np.asarray(by_count.get(count, 0.5)))
    assert p == pytest.approx(0.0227501, abs=1e-6)
