"""The smallest classifier there is: one matrix product in ONNX."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def linear(path: Path, weights: Any, output: str = "logits") -> Path:
    """Write a model of output (n, k) = x (n, d) times weights (d, k)."""
    array = np.asarray(weights, np.float32)
    rows, columns = array.shape
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], [output])],
        "linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", rows])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", columns])],
        [numpy_helper.from_array(array, "w")],
    )
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), str(path))
    return path
