"""Which layers of an OpenVINO model compute with low precision, and how much they multiply."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from .graph import nodes, source, stored
from .weights import BITS, kind_of

# inputs that may hold weights
LAYERS = {
    "MatMul": (0, 1), "Convolution": (1,), "ConvolutionBackpropData": (1,),
    "GroupConvolution": (1,), "GroupConvolutionBackpropData": (1,), "Gather": (0,),
    "LSTMSequence": (4, 5), "GRUSequence": (3, 4), "RNNSequence": (3, 4), "LSTMCell": (3, 4),
    "GRUCell": (2, 3), "RNNCell": (2, 3), "DeformableConvolution": (2,),
}  # fmt: skip
LOW_BITS = 16


@dataclass(frozen=True)
class Layers:
    """Layers with weights in 16 bits or less, all layers with weights, and their multiplications.

    ``low_ops`` counts by kind operations that compute in, or convert to, 16 bits or less.
    """

    low: int
    total: int
    macs: tuple[int, int] | None
    low_ops: dict[str, int]


def count_layers(model: Any) -> Layers:
    """Count the layers of a model.

    A layer multiplies by a constant of two or more dimensions, or looks a row up in it.
    Multiplications are those of one sample, of activations with each other included; None where
    a shape is not known but for the first dimension.
    """
    low = total = 0
    macs: list[int | None] = []
    low_macs = 0
    low_ops: dict[str, int] = {}
    batch = _batch(model)
    for node in nodes(model):
        kind = node.get_type_name()
        has_weights, lowered = _weighted(node)
        total, low = total + has_weights, low + (has_weights and lowered)
        if lowered or _converts(node):
            low_ops[kind] = low_ops.get(kind, 0) + 1
        if kind in LAYERS and kind != "Gather":
            macs.append(_macs(node, batch))
            low_macs += (macs[-1] or 0) if lowered else 0
    known = [one for one in macs if one is not None]
    both = (low_macs, sum(known)) if len(known) == len(macs) else None
    return Layers(low, total, both, dict(sorted(low_ops.items())))


def _weighted(node: Any) -> tuple[bool, bool]:
    """Return whether an operation has weights, and whether it computes with low precision."""
    at = LAYERS.get(node.get_type_name(), ())
    inputs = node.inputs()
    found = [one for i in at if i < len(inputs) and (one := stored(inputs[i])) is not None]
    held = [(kind_of(node), rounded) for node, rounded in found if _is_matrix(node)]
    if held:
        return True, any(rounded or BITS[kind] <= LOW_BITS for kind, rounded in held)
    rounded = [source(inputs[i]).get_type_name() == "FakeQuantize" for i in at if i < len(inputs)]
    return False, bool(rounded) and all(rounded)


def _is_matrix(node: Any) -> bool:
    return kind_of(node) in BITS and len(node.output(0).get_shape()) > 1


def _converts(node: Any) -> bool:
    if node.get_type_name() in ("Constant", "Parameter", "Result"):
        return False
    kind = kind_of(node) if node.get_output_size() else ""
    return node.get_type_name() == "FakeQuantize" or BITS.get(kind, 64) <= LOW_BITS


def _batch(model: Any) -> int:
    """Return how many samples a batch has; 1 where any number will do."""
    shapes = [port.get_partial_shape() for port in model.inputs]
    first = [shape[0] for shape in shapes if shape.rank.is_static and len(shape)]
    sizes = {one.get_length() if one.is_static else 1 for one in first}
    return sizes.pop() if len(sizes) == 1 else 1


def _macs(node: Any, batch: int) -> int | None:
    kind = node.get_type_name()
    made, read = _sizes(node.output(0)), [_sizes(item) for item in node.inputs()]
    if made is None or any(one is None for one in read[:2]):
        return None
    first, weight = read[0] or (), read[1] or ()
    if kind == "MatMul":
        inner = first[-2 if node.get_attributes()["transpose_a"] and len(first) > 1 else -1]
        return prod(made) * inner // batch
    if kind == "Convolution":
        return prod(made) * prod(weight[1:]) // batch
    if kind == "GroupConvolution":
        return prod(made) * prod(weight[2:]) // batch
    if kind == "ConvolutionBackpropData":
        return prod(first) * prod(weight[1:]) // batch
    return None


def _sizes(port: Any) -> tuple[int, ...] | None:
    """Return a shape, an unknown first dimension as 1; None where another is unknown."""
    shape = port.get_partial_shape()
    if shape.rank.is_dynamic or any(one.is_dynamic for one in list(shape)[1:]):
        return None
    return tuple(one.get_length() if one.is_static else 1 for one in shape)
