"""The weights of an ONNX model: constants that are neither shapes nor quantization parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from math import prod
from typing import Any

from ...records.contents import Weight
from .packed import BITS_AND_BYTES, BLOCKWISE, LOOK_UP, Packed

# bits of one element; types that are missing here hold shapes, indices or flags
BITS = {
    "FLOAT": 32, "DOUBLE": 64, "FLOAT16": 16, "BFLOAT16": 16, "INT32": 32,
    "INT16": 16, "UINT16": 16, "INT8": 8, "UINT8": 8, "INT4": 4, "UINT4": 4, "INT2": 2, "UINT2": 2,
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
    BLOCKWISE: (2, 3),
    BITS_AND_BYTES: (2,),
    LOOK_UP: (2, 3),
    "MatMulIntegerToFloat": (2, 3, 4, 5),
    "DynamicQuantizeLSTM": (8, 9, 10, 11),
    "QAttention": (3, 4, 6, 7),
    "DynamicQuantizeMatMul": (2, 3),
}


def weights(
    model: Any, nodes: Sequence[Any], packed: Mapping[str, Packed], digests: Mapping[str, str]
) -> list[Weight]:
    """Return every constant of a model, of all its graphs, that holds numbers to compute with.

    Parameters
    ----------
    model : ModelProto
    nodes : sequence of NodeProto
        Its operations, those of inner graphs too.
    packed : mapping of str to Packed
        Byte tensors that hold several weights in a byte.
    digests : mapping of str to str
        Of the tensors that the outermost graph stores.
    """
    parameters = {
        node.input[at]
        for node in nodes
        for at in PARAMETERS.get(node.op_type, ())
        if at < len(node.input)
    }
    outermost = {tensor.name: tensor for tensor in model.graph.initializer}
    named = [(name, tensor, digests[name]) for name, tensor in outermost.items()]
    named += [(name, inner, "") for name, inner in _inner(model.graph)]
    found = []
    for name, tensor, digest in named:
        kind = _kind(tensor)
        if kind is None:
            continue
        elements, apart = _elements(tensor, BITS[kind]), packed.get(name) if digest else None
        held = apart or Packed(elements, _named(kind))
        found.append(
            Weight(
                held.kind, 2 if apart else len(tensor.dims), held.elements,
                elements * BITS[kind], name in parameters, digest or content_digest(tensor),
            )
        )  # fmt: skip
    return found


def _elements(tensor: Any, bits: int) -> int:
    elements: int = prod(tensor.dims)
    size = len(tensor.raw_data) or tensor.ByteSize()
    if min(tensor.dims, default=0) < 0 or elements * bits > 8 * size:
        msg = f"weight {tensor.name!r} has fewer bytes than its shape {list(tensor.dims)} takes"
        raise ValueError(msg)
    return elements


def nodes_of(graph: Any) -> Iterator[Any]:
    """Yield the operations of a graph and of the graphs inside it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                yield from nodes_of(inner)


def _inner(graph: Any) -> Iterator[tuple[str, Any]]:
    """Yield tensors that nodes hold, and those of inner graphs, by name."""
    for node in graph.node:
        for attribute in node.attribute:
            if node.op_type == "Constant" and node.output and attribute.name == "value":
                yield node.output[0], attribute.t
            for inner in (attribute.g, *attribute.graphs):
                yield from ((tensor.name, tensor) for tensor in inner.initializer)
                yield from _inner(inner)


def _kind(tensor: Any) -> str | None:
    """Return the element type of numbers; None of shapes and flags, and in a damaged file."""
    from onnx import TensorProto

    if tensor.data_type not in TensorProto.DataType.values():
        return None
    kind = str(TensorProto.DataType.Name(tensor.data_type))
    return kind if kind in BITS else None


def _named(kind: str) -> str:
    return KINDS.get(kind, kind.lower().removeprefix("u"))


def stored_digests(graph: Any) -> dict[str, str]:
    """Return the digest of every tensor that a graph stores beside its operations, by name."""
    return {tensor.name: content_digest(tensor) for tensor in graph.initializer}


def content_digest(tensor: Any) -> str:
    """Return the SHA-256 of a stored tensor's type, shape and values, however it stores them."""
    from onnx import numpy_helper

    digest = sha256(f"{tensor.data_type} {list(tensor.dims)} ".encode())
    if tensor.string_data:
        digest.update(repr(list(tensor.string_data)).encode())
    else:
        digest.update(tensor.raw_data or numpy_helper.to_array(tensor).tobytes())
    return digest.hexdigest()
