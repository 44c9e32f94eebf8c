"""Element types of the tensors of an ONNX graph, without running shape inference."""

from __future__ import annotations

from collections import Counter
from math import prod
from typing import Any

LOW_FLOAT = {10: "fp16", 16: "bf16", 17: "fp8", 18: "fp8", 19: "fp8", 20: "fp8"}
INTEGERS = {2: "int8", 3: "int8", 4: "int16", 5: "int16", 6: "int32", 21: "int4", 22: "int4"}
NAMES = LOW_FLOAT | INTEGERS
FULL_FLOAT = {1: "fp32", 11: "fp64"}
FLOATS = frozenset(FULL_FLOAT.keys() | LOW_FLOAT.keys())
INT64, INT32, UINT8 = 7, 6, 2
EIGHT_BITS = (2, 3)


def element_types(model: Any) -> dict[str, int]:
    """Map tensor names to element types (``TensorProto.DataType``).

    What the file states is taken; the rest follows the first floating input of each node, which
    is right for the arithmetic that this package asks about.
    """
    graph = model.graph
    types = {
        value.name: value.type.tensor_type.elem_type
        for value in (*graph.value_info, *graph.input, *graph.output)
        if value.type.tensor_type.elem_type
    }
    types |= {tensor.name: tensor.data_type for tensor in graph.initializer}
    for node in graph.node:
        made = _made(node, types)
        for name in node.output:
            if name and made:
                types.setdefault(name, made)
    return types


def _made(node: Any, types: dict[str, int]) -> int:
    if node.op_type == "Cast":
        return next((int(item.i) for item in node.attribute if item.name == "to"), 0)
    if node.op_type == "Constant":
        return next((int(item.t.data_type) for item in node.attribute if item.name == "value"), 0)
    if node.op_type in ("Shape", "Size"):
        return INT64
    if node.op_type == "QuantizeLinear":
        return types.get(node.input[2], UINT8) if len(node.input) > 2 else UINT8
    if node.op_type == "DequantizeLinear":
        return types.get(node.input[1], 0)
    if node.op_type == "DynamicQuantizeLinear":
        return UINT8
    known = [types[name] for name in node.input if name in types]
    if node.op_type in ("MatMulInteger", "ConvInteger"):
        return INT32
    if node.op_type.startswith("QLinear") or (node.op_type == "QGemm" and len(node.input) > 8):
        return next((code for code in known if code in EIGHT_BITS), UINT8)
    return next((code for code in known if code in FLOATS), known[0] if known else 0)


def float_kind(model: Any) -> str:
    """Return the floating type that most stored numbers of a model have; ``fp32`` where none."""
    elements: Counter[int] = Counter()
    for tensor in model.graph.initializer:
        if tensor.data_type in FLOATS:
            elements[tensor.data_type] += prod(tensor.dims)
    code = elements.most_common(1)[0][0] if elements else 1
    return (FULL_FLOAT | LOW_FLOAT)[code]
