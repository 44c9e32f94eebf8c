from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats


def test_what_was_put_in_is_recovered():
    rng = np.random.default_rng(1)
    x = rng.normal(0, np.sqrt(0.3), (4000, 1)) + rng.normal(0, np.sqrt(0.7), (4000, 10))
    sizes, totals, square = np.full(4000, 10), x.sum(axis=1), (x**2).sum()
    assert stats.intraclass_correlation(sizes, totals, square) == pytest.approx(0.3, abs=0.02)
    assert stats.design_effect(sizes, totals, square) == pytest.approx(1 + 9 * 0.3, abs=0.2)


def test_copies_correlate_fully_and_count_once():
    constant = np.full(5, 3.0)
    assert stats.intraclass_correlation(constant, [0, 3, 0, 3, 0], 6) == pytest.approx(1)
    sizes, totals = np.full(2000, 4.0), np.tile([4.0, 0.0], 1000)
    assert stats.design_effect(sizes, totals, 4000) == pytest.approx(4, rel=1e-3)


def test_clusters_that_differ_less_than_chance_are_negative():
    sizes, totals = np.full(6, 2.0), np.ones(6)
    assert stats.intraclass_correlation(sizes, totals, 6) == pytest.approx(-1)
    assert stats.design_effect(sizes, totals, 6) == pytest.approx(0)


def test_many_cells_at_once():
    rng = np.random.default_rng(2)
    sizes, cells = rng.integers(1, 9, 90), np.repeat([0, 1, 2], 30)
    totals = rng.binomial(sizes, 0.4)
    squares = np.bincount(cells, totals)
    for function in (stats.intraclass_correlation, stats.design_effect):
        alone = [function(sizes[cells == g], totals[cells == g], squares[g]) for g in range(3)]
        np.testing.assert_allclose(function(sizes, totals, squares, cells), alone)


def test_undefined_figures_are_nan():
    assert np.isnan(stats.design_effect([50], [-10], 10))
    assert np.isnan(stats.design_effect([5, 5], [0, 0], 0))
    assert np.isnan(stats.intraclass_correlation([1, 1], [0, 1], 1))
    assert np.isnan(stats.intraclass_correlation([2, 2], [0, 0], 0))
    assert np.isnan(stats.intraclass_correlation([4], [2], 2))
