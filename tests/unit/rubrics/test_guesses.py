"""Which column is which."""

from __future__ import annotations

import pyarrow as pa
import pytest

from quantassay.rubrics.columns import sight
from quantassay.rubrics.guesses import Guess, guess
from quantassay.rubrics.signature import Signature, Tensor


def guessed(model: Signature | None = None, **arrays: object) -> Guess:
    batch = pa.record_batch({name: pa.array(values) for name, values in arrays.items()})
    return guess(sight([batch]), model)


def model(shape: tuple[int | None, ...], classes: int = 2, dtype: str = "float32") -> Signature:
    return Signature((Tensor("x", dtype, (None, *shape)),), (Tensor("y", "float32", (1, classes)),))


VECTORS = [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]]


def test_usual_names() -> None:
    found = guessed(image_id=["a", "b", "c", "d"], pixels=VECTORS, label=[0, 1, 0, 1])
    assert found == Guess("image_id", "pixels", "label")


def test_names_are_compared_without_case() -> None:
    assert guessed(ID=[1, 2, 3, 4], Label=["a", "b"] * 2, X=VECTORS) == Guess("ID", "X", "Label")


def test_an_id_must_be_unique_and_there() -> None:
    assert guessed(id=[1, 1, 2], x=VECTORS[:3]).id is None
    assert guessed(id=["a", None, "b"], x=VECTORS[:3]).id is None


def test_a_column_that_fits_the_model_is_its_input() -> None:
    found = guessed(model((2,)), long=[[0.0] * 3] * 4, short=VECTORS, y=[0, 1, 0, 1])
    assert found.input == "short"
    assert found.target == "y"


def test_a_flat_column_fits_a_model_of_the_same_size() -> None:
    assert guessed(model((1, 2, 1)), a=VECTORS, b=[[0.0] * 3] * 4).input == "a"


def test_inputs_by_the_models_own_names() -> None:
    two = Signature(
        (Tensor("ids", "int64", (None, 2)), Tensor("mask", "int64", (None, 2))),
        (Tensor("y", "float32", (None, 2)),),
    )
    found = guessed(two, ids=[[1, 2]] * 4, mask=[[1, 1]] * 4, label=[0, 1, 0, 1])
    assert found.input == {"ids": "ids", "mask": "mask"}
    assert guessed(two, ids=[[1, 2]] * 4, label=[0, 1, 0, 1]).input is None


def test_files_of_images_may_be_input_and_id_at_once() -> None:
    found = guessed(model((3, 8, 8)), path=["a.png", "b.png"], label=[0, 1])
    assert (found.id, found.input) == ("path", "path")


def test_a_target_needs_no_usual_name_where_only_one_column_fits() -> None:
    found = guessed(model((2,), 3), x=VECTORS, species=[0, 2, 1, 0], width=[1.5, 2.5, 3.5, 4.5])
    assert found.target == "species"


def test_more_values_than_classes_are_no_target() -> None:
    assert guessed(model((2,), 3), x=VECTORS, label=[0, 1, 2, 3]).target is None


@pytest.mark.parametrize("name", ["writer", "patient_id", "copy_of"])
def test_columns_that_may_hold_samples_together(name: str) -> None:
    found = guessed(**{"x": VECTORS, "label": [0, 1, 0, 1], name: ["a", "a", "b", "b"]})
    assert found.groups == (name,)


def test_nothing_is_guessed_from_nothing() -> None:
    assert guessed(a=[1.5, 2.5], b=[1.5, 3.5]) == Guess(None, None, None)
