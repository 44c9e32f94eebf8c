"""A small model of two matrix products, and 4-bit versions of it: two by ONNX Runtime, one ours."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

WIDTHS = (128, 64, 8)
BLOCK, LEVELS = 32, 15


def inputs(n: int, seed: int = 0) -> NDArray[np.float32]:
    """Return inputs (n, 128) that correlate, as those of real layers do."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=(n, 8)) @ np.random.default_rng(99).normal(size=(8, WIDTHS[0]))
    return (shared / 3 + rng.normal(size=(n, WIDTHS[0])) / 2).astype(np.float32)


def two_layers(path: Path) -> Path:
    """Write ``y = sigmoid(x @ first) @ second`` with a few weights that stand out."""
    rng = np.random.default_rng(7)
    shapes = zip(("first", "second"), WIDTHS, WIDTHS[1:], strict=False)
    weights = [(name, rng.standard_t(4, size) * 0.1) for name, *size in shapes]
    nodes = [
        helper.make_node("MatMul", ["x", "first"], ["a"], name="up"),
        helper.make_node("Sigmoid", ["a"], ["b"], name="squash"),
        helper.make_node("MatMul", ["b", "second"], ["y"], name="down"),
    ]
    graph = helper.make_graph(
        nodes,
        "two layers",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", WIDTHS[0]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", WIDTHS[-1]])],
        [numpy_helper.from_array(values.astype(np.float32), name) for name, values in weights],
    )
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))
    return path


def by_onnxruntime(reference: Path, out: Path, name: str, **options: Any) -> Path:
    """Quantize weights to 4 bits with what ONNX Runtime calls RTN, k-quant, GPTQ or default."""
    from onnxruntime.quantization import matmul_nbits_quantizer as library

    made = {
        "RTN": library.RTNWeightOnlyQuantConfig,
        "GPTQ": lambda: library.GPTQWeightOnlyQuantConfig(_reader()),
        "default": lambda: library.DefaultWeightOnlyQuantConfig(block_size=BLOCK, **options),
    }[name]
    level = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        with redirect_stdout(io.StringIO()), without_torch():
            quantizer = library.MatMulNBitsQuantizer(
                onnx.load(str(reference)), block_size=BLOCK, is_symmetric=False, algo_config=made()
            )
            quantizer.process()
    finally:
        logging.disable(level)
    quantizer.model.save_model_to_file(str(out))
    return out


@contextmanager
def without_torch() -> Iterator[None]:
    """Spare ONNX Runtime's GPTQ its torch, which it imports to ask whether arrays are tensors."""
    with patch("onnxruntime.quantization.neural_compressor.util.to_numpy", np.asarray):
        yield


def _reader() -> Any:
    from onnxruntime.quantization import CalibrationDataReader

    class Reader(CalibrationDataReader):
        def __init__(self) -> None:
            self.batches = iter(np.split(inputs(256), 8))

        def get_next(self) -> Any:
            batch = next(self.batches, None)
            return None if batch is None else {"x": batch}

    return Reader()


def by_gptq(reference: Path, out: Path) -> Path:
    """Quantize weights to 4 bits as Frantar et al. 2023 do, to the same operations."""
    model = onnx.load(str(reference))
    first, second = (numpy_helper.to_array(t).astype(float) for t in model.graph.initializer)
    seen = inputs(256).astype(float)
    hidden = 1 / (1 + np.exp(-seen @ first))
    tensors = [tensor for tensor in model.graph.initializer]
    del model.graph.initializer[:]
    for node, tensor, x in ((0, tensors[0], seen), (2, tensors[1], hidden)):
        weight = first if node == 0 else second
        codes, scale, zero = gptq(weight, x)
        _replace(model.graph, node, tensor.name, (codes, scale, zero))
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, str(out))
    return out


def gptq(weight: NDArray[Any], x: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return codes (K, N), scales and zero points (blocks, N) for weights that multiply x."""
    hessian = x.T @ x
    hessian += 0.01 * np.mean(np.diag(hessian)) * np.eye(len(hessian))
    upper = np.linalg.cholesky(np.linalg.inv(hessian)).T
    left, codes = weight.copy(), np.zeros(weight.shape, np.uint8)
    scales, zeros = [], []
    for row in range(len(left)):
        if row % BLOCK == 0:
            block = left[row : row + BLOCK]
            low, high = np.minimum(block.min(0), 0), np.maximum(block.max(0), 0)
            scales.append(np.float32((high - low) / LEVELS))
            zeros.append(np.round(-low / scales[-1]))
        codes[row] = np.clip(np.round(left[row] / scales[-1]) + zeros[-1], 0, LEVELS)
        error = (left[row] - (codes[row] - zeros[-1]) * scales[-1]) / upper[row, row]
        left[row:] -= np.outer(upper[row, row:], error)
    return codes, np.array(scales), np.array(zeros, np.uint8)


def _replace(graph: Any, at: int, name: str, quantized: tuple[NDArray[Any], ...]) -> None:
    """Put a ``MatMulNBits`` in the place of a node."""
    codes, scale, zero = (each.T for each in quantized)
    rows, width = codes.shape
    packed = _two_a_byte(codes).reshape(rows, -1, BLOCK // 2)
    stored = {"_Q4": packed, "_scale": scale, "_zp": _two_a_byte(zero)}
    for suffix, values in stored.items():
        array = np.ascontiguousarray(values)
        graph.initializer.append(numpy_helper.from_array(array, name + suffix))
    old = graph.node[at]
    old.op_type, old.domain = "MatMulNBits", "com.microsoft"
    del old.input[1:]
    old.input.extend(name + suffix for suffix in stored)
    sizes = {"K": width, "N": rows, "bits": 4, "block_size": BLOCK}
    old.attribute.extend(helper.make_attribute(key, value) for key, value in sizes.items())


def _two_a_byte(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Pack numbers of 4 bits along the last axis, the first in the low bits."""
    even = values[:, ::2]
    odd = np.zeros_like(even)
    odd[:, : values.shape[1] // 2] = values[:, 1::2]
    return even | odd << 4
