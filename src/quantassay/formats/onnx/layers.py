"""Layers of an ONNX model: operations with weights, and which keep them in low precision."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from .packed import BITS_AND_BYTES, BLOCKWISE, LOOK_UP

# which inputs of an operation may be weights
READS = {
    "Conv": (1,), "ConvTranspose": (1,), "Gemm": (0, 1), "MatMul": (0, 1), "Einsum": (0, 1),
    "LSTM": (1, 2), "GRU": (1, 2), "RNN": (1, 2), "Gather": (0,), "FusedConv": (1,),
    "FusedGemm": (0, 1), "FusedMatMul": (0, 1),
    "QLinearConv": (3,), "ConvInteger": (1,), "QLinearMatMul": (0, 3), "MatMulInteger": (0, 1),
    "MatMulIntegerToFloat": (0, 1), "MatMulInteger16": (0, 1), "QGemm": (0, 3),
    "DynamicQuantizeMatMul": (1,), "DynamicQuantizeLSTM": (1, 2), "QAttention": (1,),
    BLOCKWISE: (1,), BITS_AND_BYTES: (1,), LOOK_UP: (0,),
}  # fmt: skip
PASSING = {
    "Cast", "Transpose", "Reshape", "Identity", "Squeeze", "Unsqueeze", "QuantizeLinear",
}  # fmt: skip
# elements of 16 bits or less that hold numbers: integers, halves, eights of floats
LOW_TYPES = {2, 3, 4, 5, 10, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26}
FLOAT_TYPES = {1, 11}


@dataclass(frozen=True)
class Layer:
    """An operation that multiplies by a constant matrix, or looks a row up in it."""

    node: Any
    weights: tuple[str, ...]
    low: bool


def find_layers(model: Any, nodes: Sequence[Any], packed: Collection[str]) -> list[Layer]:
    """Return the operations with weights of two or more dimensions.

    Parameters
    ----------
    model : ModelProto
    nodes : sequence of NodeProto
        Its operations, those of inner graphs too.
    packed : collection of str
        Byte tensors that hold several weights in a byte.
    """
    constants = _constants(model, nodes, packed)
    found = []
    for node in nodes:
        read = [node.input[at] for at in READS.get(node.op_type, ()) if at < len(node.input)]
        names = tuple(name for name in read if name in constants)
        if names:
            found.append(Layer(node, names, any(constants[name] for name in names)))
    return found


def _constants(model: Any, nodes: Sequence[Any], packed: Collection[str]) -> dict[str, bool]:
    """Map weights, and what is only moved or scaled of them, to whether they are low."""
    found: dict[str, bool] = {}
    for tensor in model.graph.initializer:
        _note(found, tensor.name, tensor, packed)
    for node in nodes:
        if not (node.output and (node.input or node.attribute)):
            continue
        if node.op_type == "Constant":
            _note(found, node.output[0], node.attribute[0].t, packed)
        elif not node.input or node.input[0] not in found:
            continue
        elif node.op_type == "DequantizeLinear":
            found[node.output[0]] = True
        elif node.op_type in PASSING:
            found[node.output[0]] = found[node.input[0]]
    return found


def _note(found: dict[str, bool], name: str, tensor: Any, packed: Collection[str]) -> None:
    matrix = len(tensor.dims) > 1 or name in packed
    if matrix and tensor.data_type in LOW_TYPES | FLOAT_TYPES:
        found[name] = tensor.data_type in LOW_TYPES
