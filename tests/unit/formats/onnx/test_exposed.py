"""Copies of a model whose outputs are tensors inside it."""

import numpy as np
import onnx
import onnxruntime
import pytest
from tests.models.outliers import inputs, save_block

from quantassay.errors import ArtifactError
from quantassay.formats.onnx.exposed import expose


def answered(path, **feeds):
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_outputs()]
    return dict(zip(names, session.run(None, feeds), strict=True))


@pytest.fixture
def block(tmp_path):
    return save_block(tmp_path / "block.onnx")


def test_tensors_come_in_the_order_asked_for(block, tmp_path):
    copy = expose(block, ["u", "n2", "q"], tmp_path / "copy" / "m.onnx", own=False)
    found = answered(copy, x=inputs(1, 3))
    assert list(found) == ["u", "n2", "q"]
    assert found["u"].shape == (3, 8, 128)


def test_own_outputs_stand_first_and_stay_what_they_are(block, tmp_path):
    copy = expose(block, ["u", "y"], tmp_path / "copy" / "m.onnx", own=True)
    found, own = answered(copy, x=inputs(1, 3)), answered(block, x=inputs(1, 3))
    assert list(found) == ["y", "u"]
    np.testing.assert_allclose(found["y"], own["y"], rtol=1e-4, atol=1e-4)
    assert list(answered(expose(block, ["u", "y"], copy, own=False), x=inputs(1, 3))) == ["u", "y"]


def test_what_enters_the_model_can_be_asked_for(block, tmp_path):
    x = inputs(1, 3)
    copy = expose(block, ["x", "u"], tmp_path / "copy" / "m.onnx", own=False)
    np.testing.assert_array_equal(next(iter(answered(copy, x=x).values())), x)


def test_weights_stored_outside_are_not_loaded_and_lie_beside_the_copy(block, tmp_path):
    large = tmp_path / "large" / "m.onnx"
    (large.parent / "weights").mkdir(parents=True)
    outside = {"save_as_external_data": True, "size_threshold": 1024, "location": "weights/all.bin"}
    onnx.save(onnx.load(str(block)), str(large), **outside)
    copy = expose(large, ["u"], tmp_path / "copy" / "m.onnx", own=True)
    assert copy.stat().st_size < 10_000 < (tmp_path / "copy" / "weights" / "all.bin").stat().st_size
    x = inputs(1, 2)
    np.testing.assert_array_equal(answered(copy, x=x)["y"], answered(large, x=x)["y"])


def test_the_model_itself_is_not_touched(block, tmp_path):
    before = block.read_bytes()
    expose(block, ["u"], tmp_path / "copy" / "m.onnx", own=True)
    assert block.read_bytes() == before


def test_a_tensor_that_is_not_there_is_refused(block, tmp_path):
    with pytest.raises(ArtifactError, match="computes no tensor 'nothing'"):
        expose(block, ["nothing"], tmp_path / "copy" / "m.onnx", own=True)
