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
    sums = np.zeros((len(part.labels), *values.shape[1:]), np.int64)
    inside = part.codes >= 0
    if len(part.labels) == 1 and inside.all():
        sums[0] = values.sum(axis=0)
        return sums
    present, found = grouped(part.codes[inside], values[inside])
    sums[present] = found
    return sums


def grouped(keys: NDArray[np.integer], values: Integers) -> tuple[Integers, Integers]:
    """Return the distinct keys, rising, and the sums of the values (n, ...) of each."""
    order = np.argsort(keys, kind="stable")
    distinct, starts = np.unique(keys[order], return_index=True)
    if not len(distinct):
        return distinct.astype(np.int64), np.zeros((0, *values.shape[1:]), np.int64)
    return distinct.astype(np.int64), np.add.reduceat(values[order], starts, axis=0)


def count_by_cell(partitions: Sequence[Partition]) -> Integers:
    """Count samples of every cell (G,)."""
    return np.concatenate(
        [np.bincount(p.codes[p.codes >= 0], minlength=len(p.labels)) for p in partitions]
    ).astype(np.int64)


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
