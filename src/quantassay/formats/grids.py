"""Numbers of quantized weights: codes, and the even grid that they stand on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..records.contents import Dequantized, StoredWeight, in_blocks

BYTE, WORD = 8, 32
LARGEST = 1 << 28  # numbers of a weight that is read: they, and their grid, take some gigabytes
UNEVEN = "packed rows are of another length"
#: relative error of a number that is kept in so few digits
HALF, BRAIN = 2.0**-11, 2.0**-8


def unread(
    name: str, shape: tuple[int, ...], read: Callable[[], Dequantized | None], *, quantized: bool
) -> StoredWeight:
    """Describe a weight, read only where it is not too large and sizes in the file fit each other.

    Parameters
    ----------
    name : str
        As the file has it.
    shape : tuple of int
        Of the values that ``read`` is to give.
    read : callable
        May raise `ValueError`, `TypeError`, `LookupError` or `OverflowError` on a damaged weight.
    quantized : bool
        Whether the numbers lie on an even grid.
    """
    return StoredWeight(name, shape, quantized, partial(_whole, read, shape))


def _whole(read: Callable[[], Dequantized | None], shape: tuple[int, ...]) -> Dequantized | None:
    if prod(shape) > LARGEST:
        return None
    try:
        with np.errstate(all="ignore"):  # a damaged scale may be no number
            found = read()
    except (ValueError, TypeError, LookupError, OverflowError):
        return None
    return found if found is not None and found.values.shape == shape else None


def on_grid(
    codes: NDArray[Any],
    scale: NDArray[Any] | float,
    point: NDArray[Any] | float = 0.0,
    start: NDArray[Any] | float = 0.0,
    error: float = 0.0,
) -> Dequantized:
    """Return ``(codes - point) * scale + start``; the grid ends with the codes that occur.

    Parameters
    ----------
    codes : ndarray of integers
        Each weight's.
    scale, point, start : ndarray or number
        Of shapes that `in_blocks` takes; scales may be negative.
    error : float, optional
        Relative error that storing scales added, such as `HALF`.

    Raises
    ------
    ValueError
        If scales do not fit the weight.
    """
    ends = (codes.min(), codes.max()) if codes.size else (0, 0)
    sizes = [np.asarray(each, np.float32) for each in (scale, point, start)]
    values = codes.astype(np.float32, order="C")
    view, (step, zero, least) = in_blocks(values, *sizes)
    first, last = ((np.float32(end) - zero) * step + least for end in ends)
    # in place: new memory takes longer than the arithmetic
    view -= zero
    view *= step
    view += least
    low, high = np.minimum(first, last), np.maximum(first, last)
    # a view in blocks has two dimensions for each
    step, low, high = (one.reshape(one.shape[::2]) for one in (np.abs(step), low, high))
    return Dequantized(values, step, low, high, error)


def unpacked(words: NDArray[np.uint32], bits: int, count: int) -> NDArray[np.uint8]:
    """Return the first ``count`` numbers of each row of words, packed without gaps, low bits first.

    Parameters
    ----------
    words : ndarray of uint32
        Shape (rows, words).
    bits : int
        Of a number, from 1 to 8.

    Raises
    ------
    ValueError
        If rows are not exactly as long as that.
    """
    if not 1 <= bits <= BYTE or words.ndim != 2 or words.shape[1] != -(-count * bits // WORD):
        raise ValueError(UNEVEN)
    if BYTE % bits:
        return _across_words(words, bits, count)
    held = np.ascontiguousarray(words, "<u4").view(np.uint8)
    found = np.empty((*held.shape, BYTE // bits), np.uint8)
    for at in range(BYTE // bits):
        np.right_shift(held, at * bits, out=found[..., at])
    found &= (1 << bits) - 1
    return found.reshape(len(held), -1)[:, :count]


def _across_words(words: NDArray[np.uint32], bits: int, count: int) -> NDArray[np.uint8]:
    starts = np.arange(count, dtype=np.int64) * bits
    word, shift = starts // WORD, (starts % WORD).astype(np.uint32)
    found = (words[:, word] >> shift).astype(np.uint8)
    crossing = np.flatnonzero(shift + bits > WORD)
    high = words[:, word[crossing] + 1] << (WORD - shift[crossing])
    found[:, crossing] |= high.astype(np.uint8)
    return found & np.uint8((1 << bits) - 1)
