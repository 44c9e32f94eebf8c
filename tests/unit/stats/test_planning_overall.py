from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats


def test_product_and_bounds():
    found = stats.overall_power([0.9, 0.95, 0.5])
    assert found.independent == pytest.approx(0.9 * 0.95 * 0.5)
    assert found.at_least == pytest.approx(0.35)
    assert found.at_most == 0.5


def test_the_lower_bound_is_reached_by_the_worst_dependence():
    """Two cells that never fail together."""
    u = (np.arange(10_000) + 0.5) / 10_000
    passes = (u < 0.9) & (u > 0.2)
    assert passes.mean() == pytest.approx(float(stats.overall_power([0.9, 0.8]).at_least))


def test_many_cells_leave_nothing():
    found = stats.overall_power(np.full(200, 0.9))
    assert found.independent < 1e-8
    assert found.at_least == 0


def test_power_of_each_is_the_root():
    each = stats.power_of_each(0.9, [1, 15, 200])
    assert each.tolist() == pytest.approx([0.9, 0.9930, 0.99947], abs=1e-4)
    assert stats.overall_power(np.full(15, each[1])).independent == pytest.approx(0.9)


def test_undefined_and_bad():
    assert np.isnan(stats.overall_power([0.9, np.nan])).all()
    for bad in ([], [1.1], [[0.9]]):
        with pytest.raises(ValueError, match="powers"):
            stats.overall_power(bad)
    with pytest.raises(ValueError, match="one cell"):
        stats.power_of_each(0.9, 0)
