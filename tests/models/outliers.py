"""A transformer block whose activations have outlier channels, as large language models have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

WIDTH, LENGTH, CLASSES = 64, 8, 16
OUTLIERS = (3, 17, 40)


def inputs(seed: int, samples: int) -> NDArray[np.float32]:
    """Return token vectors, (samples, LENGTH, WIDTH)."""
    return np.random.default_rng(seed).normal(size=(samples, LENGTH, WIDTH)).astype(np.float32)


def save_block(path: Path, *, outliers: bool = True) -> Path:
    """Save one block of attention and a two-layer network behind it, as ONNX.

    The gains of the normalizations are large in a few channels, where the weights behind them
    are small: what a trained model does.
    """
    random = np.random.default_rng(11)
    held: list[onnx.TensorProto] = []

    def weight(name: str, array: NDArray[np.floating]) -> str:
        held.append(numpy_helper.from_array(array.astype(np.float32), name))
        return name

    def matrix(name: str, rows: int, columns: int, *, fed_by_gain: bool = False) -> str:
        values = random.normal(size=(rows, columns)) / np.sqrt(rows)
        if outliers and fed_by_gain:
            values[list(OUTLIERS)] /= 40
        return weight(name, values)

    gain = np.ones(WIDTH)
    if outliers:
        gain[list(OUTLIERS)] = 60
    nodes = [helper.make_node("LayerNormalization", ["x", weight("g1", gain)], ["n1"], axis=-1)]
    for name in ("q", "k", "v"):
        w = matrix(f"w{name}", WIDTH, WIDTH, fed_by_gain=True)
        nodes.append(helper.make_node("MatMul", ["n1", w], [name], name=f"project_{name}"))
    held.append(numpy_helper.from_array(np.array([-1, LENGTH * WIDTH]), "all"))
    head = matrix("head", LENGTH * WIDTH, CLASSES)
    up = matrix("up", WIDTH, 128, fed_by_gain=True)
    nodes += [
        helper.make_node("Transpose", ["k"], ["kt"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["q", "kt"], ["s"], name="scores"),
        helper.make_node("Mul", ["s", weight("root", np.array(1 / np.sqrt(WIDTH)))], ["t"]),
        helper.make_node("Softmax", ["t"], ["a"], axis=-1),
        helper.make_node("MatMul", ["a", "v"], ["m"], name="mix"),
        helper.make_node("MatMul", ["m", matrix("wo", WIDTH, WIDTH)], ["o"], name="back"),
        helper.make_node("Add", ["x", "o"], ["r"]),
        helper.make_node("LayerNormalization", ["r", weight("g2", gain)], ["n2"], axis=-1),
        helper.make_node("MatMul", ["n2", up], ["u"], name="grow"),
        helper.make_node("Relu", ["u"], ["f"]),
        helper.make_node("MatMul", ["f", matrix("down", 128, WIDTH)], ["d"], name="shrink"),
        helper.make_node("Add", ["r", "d"], ["z"]),
        helper.make_node("Reshape", ["z", "all"], ["p"]),
        helper.make_node("MatMul", ["p", head], ["y"], name="head"),
    ]  # fmt: skip
    taken = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", LENGTH, WIDTH])
    given = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", CLASSES])
    graph = helper.make_graph(nodes, "block", [taken], [given], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    onnx.save(model, str(path))
    return path


def cosine(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Return the mean cosine between rows."""
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(np.mean(np.sum(one * other, axis=1) / lengths))
