"""The weights of an OpenVINO model: constants that are neither shapes nor scales."""

from __future__ import annotations

from hashlib import sha256
from math import prod
from typing import Any

import numpy as np

from ...records.contents import Weight
from .graph import is_constant, nodes, source

# types that are missing here hold shapes, indices, texts or flags
BITS = {
    "f64": 64, "f32": 32, "f16": 16, "bf16": 16, "i8": 8, "u8": 8, "i4": 4, "u4": 4, "i2": 2,
    "u2": 2, "u3": 3, "u6": 6, "nf4": 4, "f8e4m3": 8, "f8e5m2": 8, "f4e2m1": 4, "f8e8m0": 8,
}  # fmt: skip
KINDS = {
    "f64": "fp64", "f32": "fp32", "f16": "fp16", "bf16": "bf16", "nf4": "nf4", "f8e4m3": "fp8",
    "f8e5m2": "fp8", "f4e2m1": "fp4", "f8e8m0": "fp8",
}  # fmt: skip
SCALING = {"Multiply", "Subtract"}


def weights(model: Any) -> tuple[Weight, ...]:
    """Return every constant of a model that holds numbers to compute with, scales marked so."""
    found = list(nodes(model))
    scales = scales_of(found)
    return tuple(
        _weight(node, id_of(node) in scales)
        for node in found
        if is_constant(node) and kind_of(node) in BITS
    )


def kind_of(node: Any) -> str:
    """Return the element type of an operation's first output, such as ``i4``."""
    return str(node.output(0).get_element_type().get_type_name())


def named(kind: str) -> str:
    """Return the name that all formats have for an element type; signed or not is the same."""
    return KINDS.get(kind, f"int{BITS[kind]}")


def id_of(node: Any) -> str:
    """Return what tells an operation from others of its model."""
    return str(node.get_name())


def content_digest(node: Any) -> str:
    """Return the SHA-256 of a constant's type, shape and values."""
    shape = list(node.output(0).get_shape())
    digest = sha256(f"{kind_of(node)} {shape} ".encode())
    if kind_of(node) == "string":
        digest.update(repr(node.get_string_data().tolist()).encode())
    else:
        digest.update(np.ascontiguousarray(node.data).data)
    return digest.hexdigest()


def _weight(node: Any, parameter: bool) -> Weight:
    kind, shape = kind_of(node), list(node.output(0).get_shape())
    elements = prod(shape)
    bits = elements * BITS[kind]
    return Weight(named(kind), len(shape), elements, bits, parameter, content_digest(node))


def scales_of(found: list[Any]) -> set[str]:
    """Return scales, zero points and ranges: what rounding, and undoing it, is done with."""
    scales: set[str] = set()
    unpacked: set[str] = set()
    for node in found:
        kind, inputs = node.get_type_name(), node.inputs()
        if kind == "FakeQuantize":
            scales |= {id_of(_bare(item)) for item in inputs[1:]}
        elif kind == "Convert" and is_constant(source(inputs[0])):
            if kind_of(source(inputs[0])) in BITS and BITS[kind_of(source(inputs[0]))] <= 8:
                unpacked.add(id_of(node))
        elif kind in SCALING and id_of(source(inputs[0])) in unpacked:
            unpacked.add(id_of(node))
            scales.add(id_of(_bare(inputs[1])))
    return scales


def _bare(item: Any) -> Any:
    """Return what feeds an input, or the constant that it is converted from."""
    node = source(item)
    return source(node.inputs()[0]) if node.get_type_name() == "Convert" else node
