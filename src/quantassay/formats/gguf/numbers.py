"""The numbers that the weights of a GGUF file stand for.

Blocks of 32 weights, as llama.cpp's ``ggml-common.h`` lays them out. Scales of the K types are
quantized themselves, and the I types have no even grid: their numbers are not read.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from ...records.contents import Dequantized, StoredWeight
from ..grids import HALF, on_grid, unread
from .file import GgufFile, Tensor

SIZE = 32
FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
#: what a block holds: scale, smallest number, the fifth bit of each code, two codes a byte
SCALE, START = ("scale", "<f2"), ("start", "<f2")
FIFTH, FOUR = ("fifth", "<u4"), ("four", "u1", SIZE // 2)
BLOCKS = {
    "Q8_0": np.dtype([SCALE, ("codes", "i1", SIZE)]),
    "Q4_0": np.dtype([SCALE, FOUR]),
    "Q4_1": np.dtype([SCALE, START, FOUR]),
    "Q5_0": np.dtype([SCALE, FIFTH, FOUR]),
    "Q5_1": np.dtype([SCALE, START, FIFTH, FOUR]),
}
ZERO = {"Q4_0": 8, "Q5_0": 16}
UNREAD = ("Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K")


def stored_weights(file: GgufFile) -> list[StoredWeight]:
    """Return the matrices of a file, those on an even grid marked so; none is read yet.

    Those of K types are marked too, and give no numbers.
    """
    return [
        unread(
            tensor.name,
            tensor.shape[::-1],
            partial(_read, file, tensor),
            quantized=tensor.type not in FLOATS,
        )
        for tensor in file.tensors
        if len(tensor.shape) > 1 and tensor.type in (*FLOATS, *BLOCKS, *UNREAD)
    ]


def _read(file: GgufFile, tensor: Tensor) -> Dequantized | None:
    if tensor.type in UNREAD:
        return None
    kind = BLOCKS.get(tensor.type) or np.dtype(FLOATS[tensor.type])
    shape = tensor.shape[::-1]
    found = np.fromfile(file.path, kind, tensor.size // kind.itemsize, offset=tensor.start)
    if tensor.type in BLOCKS:
        return _dequantized(found.reshape(*shape[:-1], -1), tensor.type)
    if tensor.type == "BF16":
        found = (found.astype(np.uint32) << 16).view(np.float32)
    return Dequantized(found.astype(np.float32, copy=False).reshape(shape))


def _dequantized(blocks: NDArray[np.void], kind: str) -> Dequantized:
    """Return the numbers of blocks, and the grid that each block has of its own."""
    held = blocks.dtype.names or ()
    codes = (blocks["codes"] if "codes" in held else _codes(blocks)).reshape(*blocks.shape[:-1], -1)
    scale, start = (
        blocks[name].astype(np.float32) if name in held else 0.0 for name in ("scale", "start")
    )
    return on_grid(codes, scale, ZERO.get(kind, 0), start, HALF)


def _codes(blocks: NDArray[np.void]) -> NDArray[np.uint8]:
    """Return codes of 4 or 5 bits: the first half of a block lies in the low bits of its bytes."""
    codes = np.concatenate([blocks["four"] & 15, blocks["four"] >> 4], axis=-1)
    if "fifth" in (blocks.dtype.names or ()):
        fifth = blocks["fifth"][..., None] >> np.arange(SIZE, dtype=np.uint32)
        codes |= (fifth & 1).astype(np.uint8) << 4
    return codes
