"""Weights of which an ONNX model stores several in a byte: how many there are, of how many bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

BLOCKWISE = "MatMulNBits"
LOOK_UP = "GatherBlockQuantized"
BITS_AND_BYTES = "MatMulBnb4"
FOUR = 4
BYTE = 8
UINT8 = 2


@dataclass(frozen=True)
class Packed:
    """What a byte tensor holds: weights by number, and the kind that they are of."""

    elements: int
    kind: str


def integer(node: Any, name: str, default: int = 0) -> int:
    """Return an attribute of a node that is a whole number."""
    return next((int(item.i) for item in node.attribute if item.name == name), default)


def packed(nodes: list[Any], stored: Mapping[str, Any]) -> dict[str, Packed]:
    """Map the names of byte tensors that hold smaller weights to what they hold.

    Left out are those of whose sizes the operation says what the tensor cannot hold.
    """
    found = {}
    for node in nodes:
        at = {BLOCKWISE: 1, BITS_AND_BYTES: 1, LOOK_UP: 0}.get(node.op_type)
        if at is None or at >= len(node.input) or node.input[at] not in stored:
            continue
        tensor = stored[node.input[at]]
        held = _held(node, tensor)
        room = prod(tensor.dims) * BYTE
        if tensor.data_type == UINT8 and held and 0 < held[0] * held[1] <= room:
            found[tensor.name] = Packed(held[0], held[2])
    return found


def _held(node: Any, tensor: Any) -> tuple[int, int, str] | None:
    """Return weights, bits of each, and their kind."""
    if node.op_type == BITS_AND_BYTES:
        kind = "nf4" if integer(node, "quant_type", 1) else "fp4"
        return integer(node, "N") * integer(node, "K"), FOUR, kind
    bits = integer(node, "bits", FOUR)
    if not 0 < bits <= BYTE:
        return None
    if node.op_type == LOOK_UP:
        return prod(tensor.dims) * (BYTE // bits), bits, f"int{bits}"
    return integer(node, "N") * integer(node, "K"), bits, f"int{bits}"
