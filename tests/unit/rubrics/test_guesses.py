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


def features(k: int, rows: int = 4) -> dict[str, object]:
    return {f"f{at}": [at + row / 8 for row in range(rows)] for at in range(k)}


@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 1, 1)])
def test_numeric_columns_as_many_as_the_model_takes_are_its_input(shape: tuple[int, ...]) -> None:
    found = guessed(model(shape), id=["a", "b", "c", "d"], **features(3), label=[0, 1, 0, 1])
    assert found == Guess("id", ["f0", "f1", "f2"], "label")


def test_features_keep_the_order_of_the_file() -> None:
    found = guessed(model((3,)), y=[0, 1, 0, 1], b=[1.5] * 4, a=[2, 2, 3, 3], c=[True, False] * 2)
    assert found == Guess(None, ["b", "a", "c"], "y")


@pytest.mark.parametrize(
    "other",
    [
        {"Unnamed: 0": [0, 1, 2, 3]},
        {"": [0, 1, 2, 3]},
        {"index": [0, 1, 2, 3]},
        {"patient_id": [7, 7, 8, 8]},
        {"prediction": [0, 1, 1, 1]},
        {"category": [1, 1, 0, 1]},
        {"colour": ["red", "blue", "red", "red"]},
    ],
)
def test_what_is_clearly_no_feature_is_left_out(other: dict[str, object]) -> None:
    ids = {"id": ["a", "b", "c", "d"]}
    found = guessed(model((3,)), **ids, **other, **features(3), label=[0, 1, 0, 1])
    assert found.input == ["f0", "f1", "f2"]
    assert found.target == "label"


@pytest.mark.parametrize("k", [2, 4])
def test_another_number_of_columns_is_no_input(k: int) -> None:
    assert guessed(model((3,)), **features(k), label=[0, 1, 0, 1]).input is None


@pytest.mark.parametrize("shape", [(), (1,), (None,), (None, 3)])
def test_a_model_that_does_not_say_its_width_takes_no_list(shape: tuple[int | None, ...]) -> None:
    assert guessed(model(shape), **features(3), label=[0, 1, 0, 1]).input is None


def test_a_vector_that_fits_goes_before_a_list() -> None:
    assert guessed(model((2,)), v=VECTORS, **features(2), label=[0, 1, 0, 1]).input == "v"


def test_the_gold_answer_is_never_a_feature() -> None:
    found = guessed(model((3,)), **features(2), outcome=[0, 1, 0, 1])
    assert (found.input, found.target) == (None, "outcome")
    assert guessed(model((3,)), **features(2), label=[0, 1, 0, 1]).input is None


def test_a_feature_may_look_like_an_answer_where_another_column_is_it() -> None:
    found = guessed(model((3,)), **features(2), flag=[0, 1, 0, 1], outcome=["no", "yes"] * 2)
    assert found.input == ["f0", "f1", "flag"]
