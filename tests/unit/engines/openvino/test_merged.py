"""OpenVINO's kernel for reductions, where it merges what follows and is wrong."""

import numpy as np
import openvino
import pytest
from openvino import opset13 as op

from quantassay.engines.openvino.engine import OpenVino
from quantassay.engines.openvino.merged import distance
from quantassay.errors import ArtifactError

RNG = np.random.default_rng(0)
SCALE = RNG.uniform(1, 2, 8).astype(np.float32)
X = RNG.normal(size=(64, 8, 64)).astype(np.float32)


def averaged(path, keep):
    """Save y = mean(x, last axis) * scale."""
    x = op.parameter([-1, 8, 64], np.float32)
    scale = op.constant(SCALE[:, None] if keep else SCALE)
    y = op.multiply(op.reduce_mean(x, op.constant(np.array([2])), keep), scale)
    openvino.save_model(openvino.Model([op.result(y)], [x], "m"), path, compress_to_fp16=False)
    return path


@pytest.mark.parametrize("keep", [False, True])
def test_wrong_numbers_are_never_given(tmp_path, keep):
    """Of a version with the bug, an error; of one without it, the right numbers."""
    session = OpenVino.open(averaged(tmp_path / "m.xml", keep), {})
    try:
        (found,) = session.run({"": X}).values()
    except ArtifactError as error:
        assert "computes this model wrongly" in str(error)
        assert "run it in onnxruntime" in str(error)
        assert "\n" not in str(error)
    else:
        np.testing.assert_allclose(found.reshape(64, 8), X.mean(2) * SCALE, atol=1e-5)


def test_a_larger_batch_is_looked_at_again(tmp_path):
    session = OpenVino.open(averaged(tmp_path / "m.xml", keep=False), {})
    for rows in (1, 2, 64):
        try:
            (found,) = session.run({"": X[:rows]}).values()
        except ArtifactError:
            return
        np.testing.assert_allclose(found, (X.mean(2) * SCALE)[:rows], rtol=0.1, atol=0.01)


def test_what_is_merged_rightly_runs(tmp_path):
    """Average pooling of an image, scaled by channel."""
    x = op.parameter([-1, 8, 4, 4], np.float32)
    mean = op.reduce_mean(x, op.constant(np.array([2, 3])), False)
    model = openvino.Model([op.result(op.multiply(mean, op.constant(SCALE)))], [x], "m")
    openvino.save_model(model, tmp_path / "m.xml", compress_to_fp16=False)
    images = X[:, :, :16].reshape(64, 8, 4, 4)
    (found,) = OpenVino.open(tmp_path / "m.xml", {}).run({"": images}).values()
    np.testing.assert_allclose(found, images.mean((2, 3)) * SCALE, atol=1e-5)


def test_distances():
    assert distance(X, X) == 0
    assert distance(X * 1.5, X) == pytest.approx(0.5)
    broken = X.copy()
    broken[3] = np.nan
    assert distance(broken, X) == np.inf
    assert distance(broken, broken) == 0
    assert distance(X[:3], X) == 0
    assert distance(X.astype(int), X) == 0
    assert distance(X, X * 0) == 0
