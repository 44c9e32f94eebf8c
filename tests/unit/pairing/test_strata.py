from __future__ import annotations

import pyarrow as pa
import pytest

from quantassay.errors import DataError
from quantassay.pairing.strata import by_column, column_of, where, whole


def labels(part):
    return [next(iter(label.values())) for label in part.labels]


def test_whole():
    part = whole(3)
    assert part.labels == ({},)
    assert part.codes.tolist() == [0, 0, 0]


def test_every_value_of_a_column_and_nulls_in_none():
    part = by_column(pa.table({"class": ["cat", None, "dog", "cat"]}), "class")
    assert part.labels == ({"class": "cat"}, {"class": "dog"})
    assert part.codes.tolist() == [0, -1, 1, 0]
    assert part.key == "class"


def test_numbers_are_in_their_own_order():
    part = by_column(pa.table({"digit": [10, 9, 2]}), "digit", name="d", critical=True)
    assert labels(part) == ["2", "9", "10"]
    assert part.codes.tolist() == [2, 1, 0]
    assert part.critical


def test_whole_numbers_read_the_same_as_floats_and_truth_values_as_words():
    assert labels(by_column(pa.table({"x": [1.0, 2.5]}), "x")) == ["1", "2.5"]
    assert labels(by_column(pa.table({"x": [True, False]}), "x")) == ["false", "true"]


def test_words_that_numpy_would_cut_stay_apart():
    part = by_column(pa.table({"x": ["a" * 40 + "x", "a" * 40 + "y"]}), "x")
    assert part.codes.tolist() == [0, 1]


def test_bins_hold_their_lower_edge():
    part = by_column(pa.table({"length": [0, 1, 4, 5, None]}), "length", bins=[1, 5])
    assert labels(part) == ["<1", "1 to <5", ">=5"]
    assert part.codes.tolist() == [0, 1, 1, 2, -1]


def test_bins_need_numbers():
    with pytest.raises(DataError, match="'x' is string, not a number"):
        by_column(pa.table({"x": ["a"]}), "x", bins=[1])


def test_too_many_values_are_refused():
    table = pa.table({"x": [str(i) for i in range(1001)]})
    with pytest.raises(DataError, match="1001 values, more than 1000"):
        by_column(table, "x")


def test_a_column_of_nulls_is_refused():
    with pytest.raises(DataError, match="'x' holds no value"):
        by_column(pa.table({"x": pa.array([None, None], pa.string())}), "x")


def test_where_all_conditions_hold():
    table = pa.table({"digit": [8, 9, 8, 1], "split": ["a", "a", "b", "a"]})
    part = where(table, "rare", {"digit": [8, 9], "split": "a"}, critical=True)
    assert part.labels == ({"rare": "yes"},)
    assert part.codes.tolist() == [0, 0, -1, -1]
    assert part.critical


@pytest.mark.parametrize(
    ("column", "wanted"),
    [([1.0, 2.5], 1), ([1, 2], "1"), ([True, False], True), (["1", "2"], 1), ([1.0, 2.5], "1")],
)
def test_where_compares_values_whatever_their_type(column, wanted):
    assert where(pa.table({"x": column}), "s", {"x": wanted}).codes.tolist() == [0, -1]


def test_where_that_matches_nothing_is_refused():
    table = pa.table({"digit": [1, 2], "hand": ["left", "right"]})
    with pytest.raises(DataError, match="'rare' holds no sample"):
        where(table, "rare", {"digit": 1, "hand": "right"})


@pytest.mark.parametrize("wanted", [8, [1, 8]])
def test_a_value_that_never_occurs_is_refused(wanted):
    with pytest.raises(DataError, match="'rare': no sample has 'digit' = '8'"):
        where(pa.table({"digit": [1, 2]}), "rare", {"digit": wanted})


def test_a_column_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(DataError, match=r"no column 'digt' \(did you mean 'digit'\?\)"):
        column_of(pa.table({"digit": [1], "id": ["a"]}), "digt")
