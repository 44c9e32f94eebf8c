from __future__ import annotations

import numpy as np
import pytest

from quantassay.errors import DataError
from quantassay.evidence.sums import FixedPoint, add, count_by_cell, grouped, sum_by_cell


def test_sums_and_counts_by_cell(part):
    parts = [part([0, 0, 0, 0]), part([1, -1, 0, 1], strata=3)]
    values = np.array([1, 2, 4, 8])
    assert sum_by_cell(values, parts).tolist() == [15, 4, 9, 0]
    assert count_by_cell(parts).tolist() == [4, 1, 2, 0]


def test_rows_are_summed_by_cell(part):
    rows = np.array([[1, 10], [2, 20], [4, 40]])
    found = sum_by_cell(rows, [part([1, 0, 1], strata=2), part([0, 0, 0])])
    assert found.tolist() == [[2, 20], [5, 50], [7, 70]]


def test_a_single_stratum_that_leaves_samples_out(part):
    assert sum_by_cell(np.array([1, 2]), [part([-1, 0])]).tolist() == [2]


def test_a_partition_that_holds_nothing(part):
    assert sum_by_cell(np.array([1, 2]), [part([-1, -1], strata=2)]).tolist() == [0, 0]


def test_grouped_rises_by_key():
    keys, sums = grouped(np.array([7, 3, 7]), np.array([1, 2, 3]))
    assert (keys.tolist(), sums.tolist()) == ([3, 7], [2, 4])


def test_addition_refuses_to_wrap_round():
    almost = np.array([2**63 - 1, 0])
    assert add(almost, np.array([0, 1])).tolist() == [2**63 - 1, 1]
    with pytest.raises(DataError, match="too large to be summed"):
        add(almost, np.array([1, 0]))
    with pytest.raises(DataError, match="too large to be summed"):
        add(-almost, np.array([-2, 0]))


@pytest.mark.parametrize("limit", [1.0, 2.0, 5.0, 708.0, 1e-6, 1e6])
def test_fixed_point_is_fine_and_holds_a_hundred_million(limit):
    fixed = FixedPoint(limit)
    assert abs(fixed.decode(fixed.encode(np.array([limit / 3])))[0] - limit / 3) <= limit * 2.0**-36
    assert limit * fixed.scale * 1e8 < 2.0**63


def test_without_a_limit_the_grid_is_two_to_the_minus_32():
    assert FixedPoint(None).scale == 2.0**32


def test_encode_up_never_understates():
    tiny = np.array([1e-20, 0.0, 0.3])
    found = FixedPoint(1.0)
    assert (found.decode(found.encode_up(tiny)) >= tiny).all()
    assert found.encode_up(tiny)[1] == 0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(value):
    with pytest.raises(DataError, match="not a finite number"):
        FixedPoint(1.0).encode(np.array([0.0, value]))


def test_sums_that_could_overflow_are_refused():
    with pytest.raises(DataError, match="too large"):
        FixedPoint(1.0).encode(np.full(10, 2.0**25))
