from pathlib import Path

import pytest

from quantassay.claims.join.same_model import of_model, require_same_model, told_of_model
from quantassay.errors import InputError
from quantassay.records.artifacts import Artifact

MODEL = Artifact(Path("models/int8.onnx"), "ab" * 32, 1000)


def test_the_bytes_decide(half):
    require_same_model(half, Artifact(Path("other-name.onnx"), half.artifact.digest, 1000))
    with pytest.raises(InputError, match="not the model of int8"):
        require_same_model(half, Artifact(Path("int8.onnx"), "cd" * 32, 1000))


def test_a_log_that_names_no_model_is_said(recorded):
    (said,) = told_of_model(Path("log"), recorded(), MODEL)
    assert said == "trtexec does not name the model: that it timed int8.onnx was said"


@pytest.mark.parametrize("name", ["int8.onnx", "/data/int8.onnx", "C:\\data\\int8.onnx"])
def test_the_name_of_a_log_is_its_last_part(recorded, name):
    assert list(told_of_model(Path("log"), recorded(model=name), MODEL)) == []


def test_measurements_of_other_models_are_left_out(recorded):
    found = [recorded(model="a.gguf"), recorded(model="m/int8.onnx"), recorded(model="b.gguf")]
    assert of_model(found, MODEL.path) == [found[1]]
    assert of_model(found[::2], MODEL.path) == found[::2]
