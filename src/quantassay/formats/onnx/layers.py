"""Which layers of an ONNX model keep their weights in low precision."""

from __future__ import annotations

from typing import Any

from .weights import nodes

FLOAT_LAYERS = {
    "Conv": (1,), "ConvTranspose": (1,), "Gemm": (0, 1), "MatMul": (0, 1), "Einsum": (0, 1),
    "LSTM": (1, 2), "GRU": (1, 2), "RNN": (1, 2), "Gather": (0,),
}  # fmt: skip
LOW_LAYERS = {
    "QLinearConv", "ConvInteger", "QLinearMatMul", "MatMulInteger", "MatMulIntegerToFloat",
    "MatMulInteger16", "QGemm", "DynamicQuantizeMatMul", "DynamicQuantizeLSTM", "QAttention",
    "MatMulNBits", "MatMulBnb4", "GatherBlockQuantized",
}  # fmt: skip
PASSING = {"Cast", "Transpose", "Reshape", "Identity", "Squeeze", "Unsqueeze", "QuantizeLinear"}
# elements of 16 bits or less that hold numbers: integers, halves, eights of floats
LOW_TYPES = {2, 3, 10, 16, 17, 18, 19, 20, 21, 22, 23}
FLOAT_TYPES = {1, 11}


def count_layers(model: Any) -> tuple[int, int]:
    """Return how many layers have weights in 16 bits or less, and how many have weights at all.

    A layer is an operation that multiplies by a constant of two or more dimensions, or looks a
    row up in it.
    """
    constants = _constants(model)
    low = total = 0
    for node in nodes(model.graph):
        if node.op_type in LOW_LAYERS:
            low, total = low + 1, total + 1
            continue
        read = [node.input[at] for at in FLOAT_LAYERS.get(node.op_type, ()) if at < len(node.input)]
        kinds = [constants[name] for name in read if name in constants]
        total += bool(kinds)
        low += any(kinds)
    return low, total


def _constants(model: Any) -> dict[str, bool]:
    """Map weights, and what is only moved or scaled of them, to whether they are low."""
    found: dict[str, bool] = {}
    for tensor in model.graph.initializer:
        _note(found, tensor.name, tensor)
    for node in nodes(model.graph):
        if node.op_type == "Constant":
            _note(found, node.output[0], node.attribute[0].t)
        elif node.op_type == "DequantizeLinear" and node.input[0] in found:
            found[node.output[0]] = True
        elif node.op_type in PASSING and node.input[0] in found:
            found[node.output[0]] = found[node.input[0]]
    return found


def _note(found: dict[str, bool], name: str, tensor: Any) -> None:
    if len(tensor.dims) > 1 and tensor.data_type in LOW_TYPES | FLOAT_TYPES:
        found[name] = tensor.data_type in LOW_TYPES
