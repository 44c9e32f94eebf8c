"""Exact sums by cell: integers and fixed point, so that neither order nor sharding matters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError
from quantassay.records.samples import Partition

Integers = NDArray[np.int64]
MOST = 2.0**62
BITS, BITS_WITHOUT_LIMIT = 36, 32
# float64 holds every whole number up to here; larger numbers are cut in two halves of bits
EXACT, HALF, SHORTEST = 2**53, 31, 2**14
# keys this much more numerous than rows are sorted instead of counted
SPARSE = 8


def add(first: Integers, second: Integers) -> Integers:
    """Add sums of two shards.

    Raises
    ------
    DataError
        If a sum passes the range of int64, instead of wrapping round to the other sign.
    """
    total = first + second
    if np.any(((first ^ total) & (second ^ total)) < 0):
        raise DataError(_OVERFLOW)
    return total


def sum_by_cell(values: Integers, partitions: Sequence[Partition]) -> Integers:
    """Sum int64 values (n, ...) over the cells of every partition, in their order (G, ...)."""
    return np.concatenate([_sum_one(values, part) for part in partitions])


def _sum_one(values: Integers, part: Partition) -> Integers:
    width = len(part.labels)
    if width == 1 and not part.codes.any():
        return np.asarray(values.sum(axis=0, dtype=np.int64))[None]
    # code -1, outside of every cell, is put first and left out again
    return dense_sums(part.codes + 1, values, width + 1)[1:]


def dense_sums(keys: NDArray[np.integer], values: Integers, width: int) -> Integers:
    """Sum int64 values (n, ...) by key in [0, width) exactly (width, ...).

    numpy counts in float64, exact below 2^53, so that rows are taken in spans of smaller sums.
    """
    sums = np.zeros((width, int(np.prod(values.shape[1:]))), np.int64)
    for j, column in enumerate(values.reshape(len(values), sums.shape[1]).T):
        largest = max(-int(column.min()), int(column.max()), 1) if len(column) else 1
        if largest > EXACT // SHORTEST:
            sums[:, j] = dense_sums(keys, column >> HALF, width) << HALF
            column, largest = column & ((1 << HALF) - 1), 1 << HALF
        step = EXACT // largest
        for start in range(0, len(column), step):
            span = slice(start, start + step)
            sums[:, j] += np.bincount(keys[span], column[span], width).astype(np.int64)
    return sums.reshape(width, *values.shape[1:])


def grouped(keys: NDArray[np.integer], values: Integers) -> tuple[Integers, Integers]:
    """Return the distinct keys, rising, and the sums of the values (n, ...) of each.

    Keys are not negative.
    """
    if not len(keys):
        return np.zeros(0, np.int64), np.zeros((0, *values.shape[1:]), np.int64)
    width = int(keys.max()) + 1
    if width <= SPARSE * len(keys):
        present = np.flatnonzero(np.bincount(keys, minlength=width))
        return present.astype(np.int64), dense_sums(keys, values, width)[present]
    order = np.argsort(keys, kind="stable")
    distinct, starts = np.unique(keys[order], return_index=True)
    return distinct.astype(np.int64), np.add.reduceat(values[order], starts, axis=0)


def count_by_cell(partitions: Sequence[Partition]) -> Integers:
    """Count samples of every cell (G,)."""
    nothing = np.zeros(len(partitions[0].codes), np.intp)
    return count_by_outcome(nothing, 1, partitions)[:, 0]


def count_by_outcome(
    outcome: NDArray[np.integer], outcomes: int, partitions: Sequence[Partition]
) -> Integers:
    """Count every outcome (n,), numbered from 0, in every cell (G, outcomes)."""
    return np.concatenate([_count_one(outcome, outcomes, part) for part in partitions])


def _count_one(outcome: NDArray[np.integer], outcomes: int, part: Partition) -> Integers:
    width = len(part.labels) + 1
    # code -1, outside of every cell, is put first and left out again
    keys = (part.codes + 1) * outcomes + outcome
    return np.bincount(keys, minlength=width * outcomes).reshape(width, outcomes)[1:]


class FixedPoint:
    """Numbers as int64 multiples of a power of two, chosen so that ``limit`` * n fits.

    Parameters
    ----------
    limit
        Largest magnitude of one number; None where no limit is known.
    """

    def __init__(self, limit: float | None) -> None:
        bits = BITS_WITHOUT_LIMIT if limit is None else BITS - int(np.ceil(np.log2(limit)))
        self.scale = float(2.0**bits)

    def encode(self, values: NDArray[np.float64]) -> Integers:
        """Round to the grid.

        Raises
        ------
        DataError
            If a number is not finite, or sums could leave the range of int64.
        """
        return _whole(np.rint(values * self.scale))

    def encode_up(self, values: NDArray[np.float64]) -> Integers:
        """Round up to the grid, so that a sum of squares is never too small for its sum."""
        return _whole(np.ceil(values * self.scale))

    def decode(self, sums: Integers) -> NDArray[np.float64]:
        """Return the numbers that the integers stand for."""
        return sums / self.scale


_OVERFLOW = "scores are too large to be summed exactly: give the metric a smaller unit or a cap"


def _whole(scaled: NDArray[np.float64]) -> Integers:
    if not np.isfinite(scaled).all():
        msg = "a score that is not a finite number cannot be summed"
        raise DataError(msg)
    if np.any(np.abs(scaled).sum(axis=0) >= MOST):
        raise DataError(_OVERFLOW)
    return scaled.astype(np.int64)
