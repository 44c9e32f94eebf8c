"""What ONNX models take and give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from quantassay.errors import ArtifactError
from quantassay.rubrics.signature import Tensor, onnx_signature


def save(path: Path, *nodes: onnx.NodeProto, dtype: type = np.float32) -> Path:
    weight = numpy_helper.from_array(np.ones((2, 3), dtype), "w")
    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    graph = helper.make_graph(
        [*nodes, helper.make_node("MatMul", ["x", "w"], ["y"])],
        "g",
        [
            helper.make_tensor_value_info("x", kind, ["n", 2]),
            helper.make_tensor_value_info("w", kind, [2, 3]),
        ],
        [helper.make_tensor_value_info("y", kind, ["n", 3])],
        [weight],
    )
    onnx.save(helper.make_model(graph), path)
    return path


def test_inputs_outputs_and_precision(tmp_path: Path) -> None:
    found = onnx_signature(save(tmp_path / "m.onnx"))
    assert found.inputs == (Tensor("x", "float32", (None, 2)),)
    assert found.outputs == (Tensor("y", "float32", (None, 3)),)
    assert (found.precision, found.quantized) == ("float32", ())
    assert str(found.inputs[0]) == "x [?, 2] float32"


def test_half_precision_is_seen(tmp_path: Path) -> None:
    assert onnx_signature(save(tmp_path / "m.onnx", dtype=np.float16)).precision == "float16"


def test_a_quantized_model_is_seen(tmp_path: Path) -> None:
    node = helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"])
    found = onnx_signature(save(tmp_path / "m.onnx", node))
    assert found.quantized == ("DynamicQuantizeLinear",)


@pytest.mark.parametrize("content", [b"", b"not a model", None])
def test_what_is_no_model_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "m.onnx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"m\.onnx: "):
        onnx_signature(path)


def test_a_truncated_model_is_an_error(tmp_path: Path) -> None:
    path = save(tmp_path / "m.onnx")
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ArtifactError, match="truncated"):
        onnx_signature(path)
