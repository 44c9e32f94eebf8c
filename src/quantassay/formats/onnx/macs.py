"""Multiplications with weights that an ONNX model makes for one sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from .layers import Layer
from .packed import BITS_AND_BYTES, BLOCKWISE, LOOK_UP, integer
from .shapes import Shape

PRODUCTS = {
    "MatMul", "Gemm", "MatMulInteger", "MatMulIntegerToFloat", "QLinearMatMul", "QGemm",
    "DynamicQuantizeMatMul", "FusedGemm", "MatMulInteger16",
}  # fmt: skip
CONVOLUTIONS = {"Conv", "ConvInteger", "QLinearConv", "FusedConv"}
TURNED = {"ConvTranspose"}
RECURRENT = {"LSTM", "GRU", "RNN", "DynamicQuantizeLSTM"}
FREE = {"Gather", LOOK_UP}


def count_macs(layers: Sequence[Layer], shapes: Mapping[str, Shape]) -> tuple[int, int] | None:
    """Return multiplications in layers of low precision, and in all; None where shapes do not tell.

    A length that the file leaves open is left out where it multiplies every layer alike; where it
    multiplies only some, the sums cannot be told.
    """
    low = total = 0
    lengths = set()
    for layer in layers:
        if layer.node.op_type in FREE:
            continue
        count = _count(layer, shapes)
        if count is None or any(isinstance(size, int) and size < 0 for size in count):
            return None
        lengths.add(tuple(sorted(size for size in count if isinstance(size, str))))
        number = prod(size for size in count if isinstance(size, int))
        low, total = low + layer.low * number, total + number
    return (low, total) if len(lengths) == 1 and total else None


def _count(layer: Layer, shapes: Mapping[str, Shape]) -> Shape | None:
    """Return the factors of one layer's multiplications."""
    count = next((count for kinds, count in RULES if layer.node.op_type in kinds), None)
    try:
        return None if count is None else count(layer, shapes)
    except (KeyError, IndexError):
        return None


def _product(layer: Layer, shapes: Mapping[str, Shape]) -> Shape:
    """Return results times the length of the rows that are summed."""
    weight = shapes[layer.weights[0]]
    first = layer.node.input[0] == layer.weights[0]
    turned = integer(layer.node, "transA" if first else "transB")
    inner = weight[-2 if bool(turned) == first else -1]
    return (*shapes[layer.node.output[0]], inner)


def _blockwise(layer: Layer, shapes: Mapping[str, Shape]) -> Shape:
    return (*shapes[layer.node.output[0]], integer(layer.node, "K"))


def _convolution(layer: Layer, shapes: Mapping[str, Shape]) -> Shape:
    return (*shapes[layer.node.output[0]], *shapes[layer.weights[0]][1:])


def _turned(layer: Layer, shapes: Mapping[str, Shape]) -> Shape:
    return (*shapes[layer.node.input[0]], *shapes[layer.weights[0]][1:])


def _recurrent(layer: Layer, shapes: Mapping[str, Shape]) -> Shape:
    sizes = [shapes[name] for name in layer.weights]
    numbers = [size for shape in sizes for size in shape if isinstance(size, int)]
    if len(numbers) < sum(map(len, sizes)):
        raise KeyError
    per_step = sum(prod(size for size in shape if isinstance(size, int)) for shape in sizes)
    return (*shapes[layer.node.input[0]][:2], per_step)


RULES: tuple[tuple[set[str], Callable[[Layer, Mapping[str, Shape]], Any]], ...] = (
    (PRODUCTS, _product),
    ({BLOCKWISE, BITS_AND_BYTES}, _blockwise),
    (CONVOLUTIONS, _convolution),
    (TURNED, _turned),
    (RECURRENT, _recurrent),
)
