"""Samples reach NNCF one at a time, by name, and only if they fit."""

from pathlib import Path

import numpy as np
import pytest

from quantassay.errors import DataError
from quantassay.schemes.nncf.samples import ModelInput, Samples

WHERE = Path("m.onnx")
X = np.arange(12, dtype=np.float32).reshape(4, 3)


def samples(batches, *inputs):
    return Samples(batches, inputs or (ModelInput("x", "float32", (None, 3)),), WHERE, "nncf-int8")


@pytest.mark.parametrize("name", ["x", ""])
def test_one_at_a_time_in_order(name):
    made = samples([{name: X[:3]}, {name: X[3:]}])
    assert len(made) == 4
    for _ in range(2):  # NNCF reads them more than once
        found = list(made)
        assert [one["x"].shape for one in found] == [(1, 3)] * 4
        np.testing.assert_array_equal(np.concatenate([one["x"] for one in found]), X)


def test_a_fixed_batch_is_filled_over_the_ends_of_batches():
    made = samples([{"": X[:3]}, {"": X[3:]}], ModelInput("x", "float32", (2, 3)))
    assert len(made) == 2
    np.testing.assert_array_equal(list(made)[1]["x"], X[2:])


def test_what_does_not_fill_a_fixed_batch_is_left_out():
    assert len(list(samples([{"": X}], ModelInput("x", "float32", (3, 3))))) == 1
    with pytest.raises(DataError, match="takes 5 samples at once; calibration has fewer"):
        samples([{"": X}], ModelInput("x", "float32", (5, 3)))


@pytest.mark.parametrize("nothing", [None, []])
def test_none_at_all(nothing):
    with pytest.raises(DataError, match="'nncf-int8' needs calibration samples"):
        samples(nothing)


@pytest.mark.parametrize(
    ("batch", "message"),
    [
        ({"z": X}, r"inputs are \['x'\], calibration gives \['z'\]"),
        ({"": X.astype(np.float64)}, "takes float32, calibration gives float64"),
        ({"": X[:, :2]}, r"takes shape \(any, 3\), calibration gives \(4, 2\)"),
        ({"": X[..., None]}, r"takes shape \(any, 3\), calibration gives \(4, 3, 1\)"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(batch, message):
    with pytest.raises(DataError, match=message):
        list(samples([batch]))


def test_several_inputs_stay_together():
    inputs = ModelInput("a", "float32", None), ModelInput("b", "int64", (None,))
    found = list(samples([{"b": np.arange(4), "a": X}], *inputs))
    assert [int(one["b"][0]) for one in found] == [0, 1, 2, 3]
    np.testing.assert_array_equal(found[2]["a"], X[2:3])
