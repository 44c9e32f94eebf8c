from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from quantassay.stats.crossing import each_table, interval, p_beyond, p_within


def normal(tables, loss):
    """p of a normal estimate with a fixed standard error."""
    return ndtr(((tables.b - tables.c) / tables.n - loss) / 0.1)


def test_p_and_its_mirror():
    assert p_within(normal, 3, 1, 20, 0.2) == pytest.approx(ndtr(-1))
    assert p_beyond(normal, 3, 1, 20, 0.2) == pytest.approx(ndtr(1))


@pytest.mark.parametrize("alpha", [0.3, 0.025, 1e-5])
def test_interval_is_where_p_crosses_the_level(alpha):
    half = -0.1 * ndtri(alpha)
    assert interval(normal, 3, 1, 20, alpha) == pytest.approx((0.1 - half, 0.1 + half), abs=1e-9)


def test_a_p_that_never_falls_to_the_level_leaves_everything_open():
    def never(tables, loss):
        return np.full_like(loss, 0.5)

    assert interval(never, 3, 1, 20, 0.025) == (-1, 1)


def test_each_different_row_is_computed_once():
    seen = []

    def add(*row):
        seen.append(len(row[0]))
        return sum(row)

    rows = (np.array(v, float) for v in ([1, 1, 2, 0], [0, 0, 1, 0], [5, 5, 7, 0], [0.1] * 4))
    found = each_table(add, *rows)
    assert seen == [2]
    np.testing.assert_array_equal(found, [6.1, 6.1, 10.1, np.nan])


@pytest.mark.parametrize("loss", [1.5, -1.01, np.inf])
def test_impossible_losses_are_refused(loss):
    with pytest.raises(ValueError, match="loss of a proportion"):
        p_beyond(normal, 3, 1, 20, loss)
