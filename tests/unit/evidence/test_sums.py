from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.errors import DataError
from quantassay.evidence.sums import (
    FixedPoint,
    add,
    count_by_cell,
    count_by_outcome,
    dense_sums,
    grouped,
    sum_by_cell,
)


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


LARGE = 2**61


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.one_of(st.integers(-3, 3), st.integers(-LARGE, LARGE))),
        max_size=40,
    )
)
def test_sums_are_exact_to_the_last_bit(rows):
    keys = np.array([key for key, _ in rows], np.int64)
    values = np.array([value for _, value in rows], np.int64)
    wanted = [sum(v for k, v in rows if k == key) for key in range(4)]
    wrapped = [(total + 2**63) % 2**64 - 2**63 for total in wanted]
    assert dense_sums(keys, values, 4).tolist() == wrapped


def test_long_columns_are_summed_in_exact_spans():
    values = np.full(300_000, 2**37 + 1)
    assert dense_sums(np.zeros(len(values), int), values, 1)[0] == 300_000 * (2**37 + 1)


def test_scattered_keys_are_grouped_like_close_ones():
    keys = np.array([10**12, 5, 10**12, 5, 7])
    found = grouped(keys, np.arange(5))
    assert (found[0].tolist(), found[1].tolist()) == ([5, 7, 10**12], [4, 4, 2])
    assert grouped(keys[:0], np.arange(0))[1].tolist() == []


def test_outcomes_are_counted_by_cell(part):
    found = count_by_outcome(np.array([0, 2, 2]), 3, [part([0, 1, -1], strata=2)])
    assert found.tolist() == [[1, 0, 0], [0, 0, 1]]
