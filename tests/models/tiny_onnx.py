"""Models of a few operations, from x to y, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper


def answered(path: Path, x: NDArray[Any]) -> Any:
    """Return the first output for a batch."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})[0]


def tensor(name: str, *shape: int, seed: int = 1) -> onnx.TensorProto:
    """Return normal numbers under a name."""
    values = np.random.default_rng(seed).normal(size=shape)
    return numpy_helper.from_array(values.astype(np.float32), name)


def save(
    path: Path, nodes: Sequence[Any], tensors: Sequence[Any], width: int = 4, out: int | None = None
) -> Path:
    """Write a model whose input x has so many columns, and its output y as many or ``out``."""
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", width])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", out or width])],
        tensors,
    )
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))
    return path
