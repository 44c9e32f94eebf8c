"""Tiny ONNX models."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper


def weight(name, array):
    return numpy_helper.from_array(np.asarray(array, np.float32), name)


def save(path: Path, nodes, inputs, outputs, weights=(), opset=17) -> Path:
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, list(weights))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    model.ir_version = 9
    onnx.save(model, str(path))
    return path


def floats(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


@pytest.fixture
def linear(tmp_path):
    """Make a model y = x @ w with 3 inputs and 2 outputs, of any or of a fixed batch."""

    def make(batch="N", name="linear.onnx"):
        node = helper.make_node("MatMul", ["x", "w"], ["y"])
        w = weight("w", [[1, 0], [0, 1], [1, 1]])
        return save(
            tmp_path / name, [node], [floats("x", [batch, 3])], [floats("y", [batch, 2])], [w]
        )

    return make


@pytest.fixture
def two_inputs(tmp_path):
    node = helper.make_node("Add", ["a", "b"], ["sum"])
    other = helper.make_node("Sub", ["a", "b"], ["difference"])
    inputs = [floats("a", ["N", 2]), floats("b", ["N", 2])]
    outputs = [floats("sum", ["N", 2]), floats("difference", ["N", 2])]
    return save(tmp_path / "two.onnx", [node, other], inputs, outputs)


@pytest.fixture
def convolution(tmp_path):
    rng = np.random.default_rng(0)
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "v"], ["y"]),
    ]
    weights = [
        weight("w", rng.normal(size=(4, 1, 3, 3))),
        weight("b", rng.normal(size=4)),
        weight("v", rng.normal(size=(4, 3))),
    ]
    return save(
        tmp_path / "cnn.onnx",
        nodes,
        [floats("x", ["N", 1, 8, 8])],
        [floats("y", ["N", 3])],
        weights,
    )
