"""From the column seen to the input that the model takes."""

from __future__ import annotations

import pytest

from quantassay.rubrics.columns import Column, Sighting
from quantassay.rubrics.drafted_preprocessing import drafted_preprocessing, preprocessing_lines
from quantassay.rubrics.guesses import Guess
from quantassay.rubrics.model import Preprocessing
from quantassay.rubrics.signature import Signature, Tensor


def drafted(column: Column, *shape: int | None, dtype: str = "float32") -> object:
    data = Sighting(3, True, (column,))
    model = Signature((Tensor("x", dtype, (None, *shape)),), (Tensor("y", "float32", (None, 2)),))
    found = drafted_preprocessing(data, Guess(None, column.name, None), model)
    if found is not None:
        Preprocessing(**found)
    return found


FLAT = Column("c", "vector", "float32", (64,))
BYTES = Column("c", "bytes", "binary")


@pytest.mark.parametrize(
    ("column", "shape", "dtype", "found"),
    [
        (FLAT, (64,), "float32", None),
        (FLAT, (None,), "float32", None),
        (FLAT, (1, 8, 8), "float32", {"tensor": {"shape": [1, 8, 8], "dtype": "float32"}}),
        (FLAT, (64,), "float16", {"tensor": {"dtype": "float16"}}),
        (FLAT, (64,), "string", None),
        (BYTES, (3, 8, 9), "float32", {"image": {"layout": "NCHW", "size": [8, 9]}}),
        (BYTES, (8, 9, 3), "float32", {"image": {"layout": "NHWC", "size": [8, 9]}}),
        (BYTES, (1, 8, 8), "float32", {"image": {"layout": "NCHW", "size": [8, 8], "mode": "L"}}),
        (BYTES, (3, None, None), "float32", {"image": {"layout": "NCHW"}}),
        (BYTES, (8,), "float32", None),
        (Column("c", "integer", "int64"), (1,), "int64", None),
    ],
)
def test_shapes_and_types(column: Column, shape: tuple[int], dtype: str, found: object) -> None:
    assert drafted(column, *shape, dtype=dtype) == found


def test_without_a_model_nothing_is_declared() -> None:
    data = Sighting(3, True, (FLAT,))
    assert drafted_preprocessing(data, Guess(None, "c", None), None) is None
    [line] = preprocessing_lines(data, Guess(None, "c", None), None)
    assert line.startswith("  # preprocess: my_module:prepare")
