"""What the columns of a data set hold."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from quantassay.rubrics import columns
from quantassay.rubrics.columns import sight, wide


def batch(**arrays: object) -> pa.RecordBatch:
    return pa.record_batch({name: pa.array(values) for name, values in arrays.items()})


def test_single_values_are_counted_across_batches() -> None:
    seen = sight([batch(c=["a", "b", "a"]), batch(c=["a", None, "c"])])
    column = seen.column("c")
    assert seen.rows == 6
    assert column.counts == {"a": 3, "b": 1, "c": 1}
    assert (column.kind, column.distinct, column.repeated, column.missing) == ("text", 3, 2, 1)


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        ([1, 2], "integer", "int64"),
        ([1.0, 2.0], "number", "float64"),
        ([True, False], "boolean", "bool"),
        ([b"a", b"b"], "bytes", "binary"),
        ([{"a": 1}], "other", "struct<a: int64>"),
    ],
)
def test_kinds(values: list[object], kind: str, dtype: str) -> None:
    column = sight([batch(c=values)]).column("c")
    assert (column.kind, column.dtype) == (kind, dtype)


def test_vectors_have_a_shape_and_show_repeated_content() -> None:
    rows = [[0.0, 1.0], [2.0, 3.0], [0.0, 1.0]]
    column = sight([batch(c=rows), batch(c=rows[:1])]).column("c")
    assert (column.kind, column.dtype, column.shape) == ("vector", "float64", (2,))
    assert column.repeated == 2


def test_nested_lists_have_their_full_shape() -> None:
    assert sight([batch(c=[[[1, 2, 3], [4, 5, 6]]])]).column("c").shape == (2, 3)


def test_ragged_vectors_have_none() -> None:
    assert sight([batch(c=[[1], [1, 2]])]).column("c").shape == ()
    assert sight([batch(c=[[1], [1]]), batch(c=[[1, 2]])]).column("c").shape == ()


def test_tensors_keep_their_shape() -> None:
    tensors = pa.FixedShapeTensorArray.from_numpy_ndarray(np.zeros((4, 2, 3), np.uint8))
    column = sight([pa.record_batch([tensors], names=["c"])]).column("c")
    assert (column.kind, column.dtype, column.shape) == ("vector", "uint8", (2, 3))
    assert column.repeated == 3


def test_only_the_first_rows_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "ROWS", 4)
    seen = sight([batch(c=[1, 2])] * 5)
    assert (seen.rows, seen.whole) == (4, False)


def test_dear_columns_are_read_apart_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    assert wide(batch(a=[1], b=[[1.0]], c=[b"x"], d=["t"]).schema) == ["b", "c"]
    monkeypatch.setattr(columns, "BYTES", 1)
    seen = sight([batch(a=[1, 2])] * 3, [batch(b=[[1.0], [2.0]])] * 3)
    assert (seen.rows, seen.whole) == (6, True)
    assert seen.column("b").repeated == 0


def test_dear_columns_alone_are_counted() -> None:
    seen = sight([], [batch(b=[[1.0], [2.0]])])
    assert (seen.rows, seen.whole) == (2, True)


def test_long_texts_are_told_apart_without_being_kept() -> None:
    column = sight([batch(c=["x" * 500, "x" * 500 + "y", "x" * 500])]).column("c")
    assert (column.distinct, column.repeated) == (2, 1)
    assert all(len(value) < 250 for value in column.counts)


def test_many_different_values_are_not_listed() -> None:
    column = sight([batch(c=list(range(2000)))]).column("c")
    assert (column.distinct, column.counts) == (2000, {})
