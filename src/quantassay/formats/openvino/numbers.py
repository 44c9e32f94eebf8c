"""The numbers that the weights of an OpenVINO model stand for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...records.contents import Dequantized, StoredWeight
from ..grids import HALF, on_grid, unread
from .graph import is_constant, nodes, source
from .weights import id_of, kind_of, scales_of

FLOATS = {"f64", "f32", "f16", "bf16"}
CODES = {"i8", "u8", "i4", "u4", "u2", "u3", "u6"}
#: what may stand between a weight's numbers and their layer, and changes none
MOVING = ("Convert", "Reshape", "Squeeze", "Unsqueeze")


def stored_weights(model: Any) -> list[StoredWeight]:
    """Return the matrices of a model, those on an even grid marked so; none is read yet.

    On a grid are stored integers that are converted, shifted and scaled, and numbers that go
    through ``FakeQuantize``.
    """
    operations = list(nodes(model))
    scales = scales_of(operations)
    constants = [one for one in operations if is_constant(one) and id_of(one) not in scales]
    names = Counter(one.get_friendly_name() for one in constants)
    found = []
    for one in constants:
        name = one.get_friendly_name()
        weight = _weight(one, name if names[name] == 1 else id_of(one))
        found += [weight] if weight is not None and len(weight.shape) > 1 else []
    return found


def _weight(constant: Any, name: str) -> StoredWeight | None:
    if kind_of(constant) in CODES:
        scaled = _scaling(constant)
        if scaled is None:
            return None
        shape = _shape(_passed(scaled, MOVING))
        return unread(name, shape, partial(_scaled, constant, scaled, shape), quantized=True)
    if kind_of(constant) not in FLOATS:
        return None
    rounding = _next(_passed(constant, ("Convert",)), "FakeQuantize")
    read = partial(_plain, constant) if rounding is None else partial(_faked, constant, rounding)
    return unread(name, _shape(constant), read, quantized=rounding is not None)


def _scaling(constant: Any) -> Any | None:
    """Return the multiplication by which stored integers are scaled, by constants alone."""
    node = _next(constant, "Convert")
    shifted = None if node is None else _next(node, "Subtract")
    scaled = _next(node if shifted is None else shifted, "Multiply") if node is not None else None
    steps = [one for one in (shifted, scaled) if one is not None]
    return scaled if all(_constant(one.inputs()[1]) is not None for one in steps) else None


def _scaled(constant: Any, scaled: Any, shape: tuple[int, ...]) -> Dequantized:
    scale, shifted = _constant(scaled.inputs()[1]), source(scaled.inputs()[0])
    zero = _constant(shifted.inputs()[1]) if shifted.get_type_name() == "Subtract" else None
    point = 0.0 if zero is None else _numbers(zero)
    error = 0.0 if kind_of(scale) == "f32" else HALF
    found = on_grid(_numbers(constant), _numbers(scale), point, error=error)
    grid = (found.step, found.low, found.high)
    step, low, high = (_reshaped(one, found.values.shape, shape) for one in grid)
    return replace(found, values=found.values.reshape(shape), step=step, low=low, high=high)


def _reshaped(
    grid: NDArray[np.float32] | None, before: tuple[int, ...], after: tuple[int, ...]
) -> NDArray[np.float32]:
    """Return what holds for blocks of numbers as it is after groups were joined to rows."""
    found = np.asarray(grid, np.float32)
    if before == after:
        return found
    for at in range(1, len(before)):
        joined = (*before[: at - 1], before[at - 1] * before[at], *before[at + 1 :])
        if joined == after and found.shape[at] == 1:
            return found.reshape(*found.shape[:at], *found.shape[at + 1 :])
    return np.broadcast_to(found, before).reshape(after)


def _faked(constant: Any, rounding: Any) -> Dequantized | None:
    """Return what ``FakeQuantize`` makes of numbers: its first range in levels, as its second."""
    ends = [_constant(item) for item in rounding.inputs()[1:]]
    if any(end is None for end in ends):
        return None
    first, last, low, high = (_numbers(end) for end in ends)
    steps = np.float32(rounding.get_attributes()["levels"] - 1)
    codes = np.round((np.clip(_numbers(constant), first, last) - first) / (last - first) * steps)
    return on_grid(codes, (high - low) / steps, start=low)


def _plain(constant: Any) -> Dequantized:
    return Dequantized(_numbers(constant))


def _numbers(constant: Any) -> NDArray[np.float32]:
    """Return a constant in float32; packed types are unpacked."""
    found: NDArray[np.float32] = constant.get_data(dtype=np.float32)
    return found


def _constant(item: Any) -> Any | None:
    """Return the constant that feeds an input, converted or not."""
    node = source(item)
    node = source(node.inputs()[0]) if node.get_type_name() == "Convert" else node
    return node if is_constant(node) else None


def _next(node: Any, kind: str) -> Any | None:
    """Return the first operation of a kind that takes what another gives as its first input."""
    taken = node.output(0).get_target_inputs()
    found = [one.get_node() for one in taken if one.get_index() == 0]
    return next((one for one in found if one.get_type_name() == kind and _is_static(one)), None)


def _is_static(node: Any) -> bool:
    return bool(node.output(0).get_partial_shape().is_static)


def _passed(node: Any, kinds: tuple[str, ...]) -> Any:
    """Follow what an operation gives through operations of some kinds."""
    following: Any = node
    while following is not None:
        node = following
        following = next((one for kind in kinds if (one := _next(node, kind))), None)
    return node


def _shape(node: Any) -> tuple[int, ...]:
    return tuple(node.output(0).get_shape())
