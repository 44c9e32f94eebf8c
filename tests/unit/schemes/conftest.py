"""Tiny ONNX models and calibration batches for them."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper


def weight(name, array):
    return numpy_helper.from_array(np.asarray(array, np.float32), name)


def save(path: Path, nodes, inputs, outputs, weights=()) -> Path:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in outputs],
        [weight(name, array) for name, array in dict(weights).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.save(model, str(path))
    return path


@pytest.fixture
def classifier(tmp_path):
    """Make a convolution with normalization, and two layers after it."""
    rng = np.random.default_rng(0)
    conv = {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1]}
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], name="first", **conv),
        helper.make_node("BatchNormalization", ["c", "g", "h", "m", "v"], ["n"]),
        helper.make_node("Relu", ["n"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["p"]),
        helper.make_node("Flatten", ["p"], ["f"]),
        helper.make_node("Gemm", ["f", "d", "e"], ["z"], name="middle"),
        helper.make_node("MatMul", ["z", "k"], ["y"], name="last"),
    ]
    weights = {
        "w": rng.normal(size=(8, 1, 3, 3)),
        "b": rng.normal(size=8),
        "g": np.ones(8),
        "h": np.zeros(8),
        "m": np.zeros(8),
        "v": np.ones(8),
        "d": rng.normal(size=(8, 8)),
        "e": rng.normal(size=8),
        "k": rng.normal(size=(8, 5)),
    }
    return save(tmp_path / "fp32.onnx", nodes, [("x", ["N", 1, 8, 8])], [("y", ["N", 5])], weights)


@pytest.fixture
def without_weights(tmp_path):
    nodes = [helper.make_node("Relu", ["x"], ["r"]), helper.make_node("Add", ["r", "x"], ["y"])]
    return save(tmp_path / "plain.onnx", nodes, [("x", ["N", 4])], [("y", ["N", 4])])


@pytest.fixture
def batches():
    """Make calibration batches, the last one shorter."""
    rng = np.random.default_rng(1)
    return [{"": rng.normal(size=(n, 1, 8, 8)).astype(np.float32)} for n in (8, 8, 3)]


@pytest.fixture
def without_layers(tmp_path):
    """Make a model that no quantizer has an integer kernel for."""
    node = helper.make_node("Exp", ["x"], ["y"], name="only")
    return save(tmp_path / "exp.onnx", [node], [("x", ["N", 1, 8, 8])], [("y", ["N", 1, 8, 8])])


@pytest.fixture
def make_model(tmp_path):
    """Return a function that saves a graph of nodes, inputs, outputs and weights."""

    def make(name, *parts):
        return save(tmp_path / name, *parts)

    return make
