"""The weights of an ONNX model: constants that are neither shapes nor quantization parameters."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from math import prod
from typing import Any

from ...records.contents import Weight

# bits of one element; types that are missing here hold shapes, indices or flags
BITS = {
    "FLOAT": 32, "DOUBLE": 64, "FLOAT16": 16, "BFLOAT16": 16, "INT32": 32,
    "INT8": 8, "UINT8": 8, "INT4": 4, "UINT4": 4, "INT2": 2, "UINT2": 2,
    "FLOAT8E4M3FN": 8, "FLOAT8E4M3FNUZ": 8, "FLOAT8E5M2": 8, "FLOAT8E5M2FNUZ": 8, "FLOAT4E2M1": 4,
}  # fmt: skip
KINDS = {
    "FLOAT": "fp32", "DOUBLE": "fp64", "FLOAT16": "fp16", "BFLOAT16": "bf16", "FLOAT4E2M1": "fp4",
    "FLOAT8E4M3FN": "fp8", "FLOAT8E4M3FNUZ": "fp8", "FLOAT8E5M2": "fp8", "FLOAT8E5M2FNUZ": "fp8",
}  # fmt: skip
# which inputs of an operation are scales and zero points
PARAMETERS = {
    "QuantizeLinear": (1, 2),
    "DequantizeLinear": (1, 2),
    "MatMulInteger": (2, 3),
    "ConvInteger": (2, 3),
    "QLinearMatMul": (1, 2, 4, 5, 6, 7),
    "QLinearConv": (1, 2, 4, 5, 6, 7),
    "QGemm": (1, 2, 4, 5, 7, 8),
    "MatMulNBits": (2, 3),
    "DynamicQuantizeMatMul": (2, 3),
}


def weights(model: Any) -> list[Weight]:
    """Return every constant of a model, of all its graphs, that holds numbers to compute with."""
    parameters = {
        node.input[at]
        for node in nodes(model.graph)
        for at in PARAMETERS.get(node.op_type, ())
        if at < len(node.input)
    }
    return [
        weight
        for name, tensor in _tensors(model.graph)
        if (weight := _weight(tensor, name in parameters)) is not None
    ]


def nodes(graph: Any) -> Iterator[Any]:
    """Yield the operations of a graph and of the graphs inside it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                yield from nodes(inner)


def _tensors(graph: Any) -> Iterator[tuple[str, Any]]:
    for tensor in graph.initializer:
        yield tensor.name, tensor
    for node in graph.node:
        for attribute in node.attribute:
            if node.op_type == "Constant" and attribute.name == "value":
                yield node.output[0], attribute.t
            for inner in (attribute.g, *attribute.graphs):
                yield from _tensors(inner)


def _weight(tensor: Any, parameter: bool) -> Weight | None:
    from onnx import TensorProto

    if tensor.data_type not in TensorProto.DataType.values():
        return None  # a damaged file: the engine will refuse it
    kind = TensorProto.DataType.Name(tensor.data_type)
    if kind not in BITS:
        return None
    elements = prod(tensor.dims)
    bits = elements * BITS[kind]
    named = KINDS.get(kind, kind.lower().removeprefix("u"))
    return Weight(named, len(tensor.dims), elements, bits, parameter, content_digest(tensor))


def content_digest(tensor: Any) -> str:
    """Return the SHA-256 of a stored tensor's type, shape and values, however it stores them."""
    from onnx import numpy_helper

    digest = sha256(f"{tensor.data_type} {list(tensor.dims)} ".encode())
    if tensor.string_data:
        digest.update(repr(list(tensor.string_data)).encode())
    else:
        digest.update(tensor.raw_data or numpy_helper.to_array(tensor).tobytes())
    return digest.hexdigest()
