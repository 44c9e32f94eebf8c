"""What is named stays in float32, everything else is float16."""

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from quantassay.errors import ArtifactError
from quantassay.schemes.onnxruntime.fp16 import OnnxRuntimeFp16


@pytest.mark.parametrize(
    ("options", "floats"),
    [
        ({}, set()),
        ({"exclude": ["middle"]}, {"d", "e"}),
        ({"exclude_ops": ["Conv"]}, {"w", "b"}),
        ({"exclude_ops": ["Gemm"], "exclude": ["last"]}, {"d", "e", "k"}),
    ],
)
def test_what_is_left_out_stays_in_float32(options, floats, classifier, tmp_path):
    out = tmp_path / "out.onnx"
    OnnxRuntimeFp16.quantize(classifier, None, options, out)
    stored = {t.name: numpy_helper.to_array(t) for t in onnx.load(str(out)).graph.initializer}
    assert {name for name, array in stored.items() if array.dtype == np.float32} == floats
    assert {array.dtype.name for array in stored.values()} <= {"float16", "float32"}


def test_a_model_that_is_half_already_is_not_changed(classifier, tmp_path):
    OnnxRuntimeFp16.quantize(classifier, None, {"keep_io": False}, tmp_path / "half.onnx")
    with pytest.raises(ArtifactError, match="changed nothing"):
        OnnxRuntimeFp16.quantize(tmp_path / "half.onnx", None, {}, tmp_path / "again.onnx")
