"""Numbers of an ONNX model's weights as they are computed with, tensor by tensor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records.contents import Dequantized, StoredWeight
from ..grids import on_grid, unread
from .packed import BLOCKWISE, BYTE, integer
from .weights import nodes_of

FLOATS = {1, 10, 11, 16}
INTEGERS = {2, 3, 4, 5, 21, 22, 25, 26}
UNPACKABLE = (2, 4, 8)
UNEVEN = "the scales do not fit the weight"
# inputs that hold a weight, its scale, its zero point, and the axis that the scale runs along
SCALED = {
    "DequantizeLinear": (0, 1, 2, 1),
    "QLinearConv": (3, 4, 5, 0),
    "QLinearMatMul": (3, 4, 5, -1),
    "QGemm": (3, 4, 5, -1),
    "DynamicQuantizeMatMul": (1, 2, 3, -1),
    "MatMulIntegerToFloat": (1, 3, 5, -1),
}
# operations that take scales elsewhere: inputs of weight and zero point, and the axis
APART = {"MatMulInteger": (1, 3, -1), "ConvInteger": (1, 3, 0)}
SUFFIX = "_quantized"

Reader = Callable[[], Dequantized]
_Found = tuple[str, tuple[int, ...], Reader]


def stored_weights(model: Any) -> list[StoredWeight]:
    """Return the matrices of a model, those on an even grid marked so; none is read yet."""
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    found = {
        name: unread(name, tuple(tensor.dims), partial(_plain, tensor), quantized=False)
        for name, tensor in stored.items()
        if len(tensor.dims) > 1 and tensor.data_type in FLOATS
    }
    for node in nodes_of(model.graph):
        if quantized := _of_node(node, stored):
            name, shape, read = quantized
            found[name] = unread(name, shape, read, quantized=True)
    return list(found.values())


def _plain(tensor: Any) -> Dequantized:
    return Dequantized(_array(tensor).astype(np.float32, copy=False))


def _array(tensor: Any) -> NDArray[Any]:
    from onnx import numpy_helper

    found: NDArray[Any] = numpy_helper.to_array(tensor)
    return found


def _of_node(node: Any, stored: Mapping[str, Any]) -> _Found | None:
    """Return the quantized weight of an operation: its name, shape and reader."""
    given = _Given([stored.get(name) for name in node.input])
    if node.op_type == BLOCKWISE:
        return _of_blocks(node, given)
    if node.op_type in SCALED:
        weight, scale, zero, axis = SCALED[node.op_type]
        if node.op_type == "DequantizeLinear":
            axis = integer(node, "axis", axis)
        return _of_scaled(given[weight], given[scale], given[zero], axis, node)
    if node.op_type in APART:
        weight, zero, axis = APART[node.op_type]
        name = "" if given[weight] is None else given[weight].name.removesuffix(SUFFIX)
        return _of_scaled(given[weight], stored.get(f"{name}_scale"), given[zero], axis, node)
    return None


class _Given(list[Any]):
    """Stored inputs of an operation by position; None where there is none."""

    def __getitem__(self, at: Any) -> Any:
        return super().__getitem__(at) if at < len(self) else None


def _of_scaled(weight: Any, scale: Any, zero: Any, axis: int, node: Any) -> _Found | None:
    if scale is None or not _is_grid(weight):
        return None
    read = partial(_scaled, weight, scale, zero, axis, integer(node, "block_size"))
    return weight.name, tuple(weight.dims), read


def _of_blocks(node: Any, given: _Given) -> _Found | None:
    if given[1] is None or given[2] is None or not _blocks_are_readable(node, given[1]):
        return None
    sizes = integer(node, "K"), integer(node, "N")
    return given[1].name, sizes, partial(_blockwise, node, given)


def _is_grid(tensor: Any) -> bool:
    return tensor is not None and tensor.data_type in INTEGERS and len(tensor.dims) > 1


def _scaled(weight: Any, scale: Any, zero: Any, axis: int, block: int) -> Dequantized:
    """Read a weight whose scale is one number, one a channel, or one a block of channels."""
    codes = _array(weight).astype(np.int32)
    step = _spread(_array(scale).astype(np.float32), codes.shape, axis, block)
    shift = None if zero is None else _array(zero).astype(np.int32)
    point = 0 if shift is None else _spread(shift, codes.shape, axis, block)
    return on_grid(codes, step, point)


def _spread(found: NDArray[Any], shape: tuple[int, ...], axis: int, block: int) -> NDArray[Any]:
    """Give scales the rank of their weight, so that they broadcast to it."""
    if found.size == 1:
        return found.reshape(())
    if not -len(shape) <= axis < len(shape):
        raise ValueError(UNEVEN)
    if found.ndim == len(shape) and block > 0:
        return found.take(np.arange(shape[axis]) // block, axis)
    if found.ndim != 1 or found.size != shape[axis]:
        raise ValueError(UNEVEN)
    return found.reshape([-1 if at == axis % len(shape) else 1 for at in range(len(shape))])


def _blocks_are_readable(node: Any, weight: Any) -> bool:
    """Return whether a blockwise weight is laid out as documented, and is no larger than stored."""
    bits, block = integer(node, "bits", 4), integer(node, "block_size")
    rows, width = integer(node, "N"), integer(node, "K")
    if bits not in UNPACKABLE or min(block, rows, width) < 1 or integer(node, "weight_prepacked"):
        return False
    size = 1
    for dimension in weight.dims:
        size *= dimension
    return size * BYTE == rows * -(-width // block) * block * bits


def _blockwise(node: Any, given: _Given) -> Dequantized:
    """Read the weight of a ``MatMulNBits``: (N, blocks, bytes) with a scale a block, as (K, N)."""
    bits, block = integer(node, "bits", 4), integer(node, "block_size")
    rows, width = integer(node, "N"), integer(node, "K")
    blocks = -(-width // block)
    codes = _unpacked(_array(given[1]).reshape(rows, -1), bits)
    step = _array(given[2]).astype(np.float32).reshape(rows, blocks)
    point: Any = np.float32(1 << (bits - 1))
    if given[3] is not None:
        point = _points(_array(given[3]), bits, (rows, blocks))
        point = point.take(np.arange(width) // block, 1).T
    step = step.take(np.arange(width) // block, 1).T
    return on_grid(codes[:, :width].T, step, point)


def _points(stored: NDArray[Any], bits: int, shape: tuple[int, int]) -> NDArray[Any]:
    """Return zero points, packed in bytes or not, one a block."""
    if stored.dtype != np.uint8:
        return stored.astype(np.float32).reshape(shape)
    return _unpacked(stored.reshape(shape[0], -1), bits)[:, : shape[1]].astype(np.float32)


def _unpacked(stored: NDArray[np.uint8], bits: int) -> NDArray[np.uint8]:
    """Return the numbers of each row's bytes, those in the low bits first."""
    if bits == BYTE:
        return stored
    shifts = np.arange(0, BYTE, bits, dtype=np.uint8)
    split = (stored[:, :, None] >> shifts) & np.uint8((1 << bits) - 1)
    return split.reshape(len(stored), -1)
