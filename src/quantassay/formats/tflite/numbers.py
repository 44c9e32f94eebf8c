"""The numbers that the weights of a TFLite model stand for."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...records.contents import Dequantized, StoredWeight
from .graph import Model, Tensor

# how codes and numbers are stored; 4-bit codes lie two to a byte
STORED = {
    "FLOAT32": "<f4", "FLOAT16": "<f2", "INT8": "i1", "UINT8": "u1", "INT16": "<i2", "INT4": "i1",
}  # fmt: skip
CODES = {"INT8": (-128, 127), "UINT8": (0, 255), "INT16": (-32768, 32767), "INT4": (-8, 7)}


def stored_weights(model: Model) -> list[StoredWeight]:
    """Return the weights of two or more dimensions, those on an even grid marked so; unread."""
    found: dict[int, StoredWeight] = {}
    for graph in model.graphs:
        for tensor in graph.tensors:
            if tensor.data is None or len(tensor.shape) < 2 or tensor.kind not in STORED:
                continue
            codes = tensor.kind in CODES
            if not codes or tensor.scales:
                read = partial(_dequantized if codes else _plain, tensor)
                found[tensor.buffer] = StoredWeight(tensor.name, tensor.shape, codes, read)
    return list(found.values())


def _plain(tensor: Tensor) -> Dequantized | None:
    values = _stored(tensor)
    return None if values is None else Dequantized(values.astype(np.float32))


def _dequantized(tensor: Tensor) -> Dequantized | None:
    """Return ``(code - zero point) * scale``; None where the file contradicts itself."""
    codes = _stored(tensor)
    step = _along(tensor, np.frombuffer(tensor.scales, "<f4"))
    zeros = np.frombuffer(tensor.zeros, "<i8") if tensor.zeros else np.zeros(1, np.int64)
    zero = _along(tensor, zeros)
    if codes is None or step is None or zero is None:
        return None
    low, high = ((end - zero) * step for end in CODES[tensor.kind])
    values = (codes.astype(np.float32) - zero) * step
    return Dequantized(
        values.astype(np.float32), step, low.astype(np.float32), high.astype(np.float32)
    )


def _along(tensor: Tensor, parameters: NDArray[np.generic]) -> NDArray[np.float32] | None:
    """Shape scales or zero points so that they run along their dimension."""
    one = len(parameters) == 1
    if not one and not (
        0 <= tensor.axis < len(tensor.shape) and len(parameters) == tensor.shape[tensor.axis]
    ):
        return None
    shape = [1] * len(tensor.shape)
    if not one:
        shape[tensor.axis] = len(parameters)
    return parameters.astype(np.float32).reshape(shape)


def _stored(tensor: Tensor) -> NDArray[np.generic] | None:
    found = np.frombuffer(tensor.data or b"", STORED[tensor.kind])
    if tensor.kind == "INT4":
        # the first of two codes lies in the lower half of the byte
        halves = np.stack([found << 4 >> 4, found >> 4], axis=-1).reshape(-1)
        found = halves[: tensor.elements]
    return found.reshape(tensor.shape) if len(found) == tensor.elements else None
