"""Exact sums by cell: integers and fixed point, so that neither order nor sharding matters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from quantassay.records.samples import Partition

Integers = NDArray[np.int64]


def sum_by_cell(values: Integers, partitions: Sequence[Partition]) -> Integers:
    """Sum int64 values (n,) over the cells of every partition, in their order (G,)."""
    return np.concatenate([_sum_one(values, part) for part in partitions])


def _sum_one(values: Integers, part: Partition) -> Integers:
    sums = np.zeros(len(part.labels), np.int64)
    if len(part.labels) == 1 and not (part.codes < 0).any():
        sums[0] = values.sum()
        return sums
    inside = part.codes >= 0
    np.add.at(sums, part.codes[inside], values[inside])
    return sums


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
        bits = 32 if limit is None else 40 - int(np.ceil(np.log2(max(limit, 2.0**-20))))
        self.scale = float(2.0**bits)

    def encode(self, values: NDArray[np.float64]) -> Integers:
        """Round to the grid.

        Raises
        ------
        OverflowError
            If the sum could pass 2**63.
        """
        return self._checked(np.rint(values * self.scale), values)

    def encode_up(self, values: NDArray[np.float64]) -> Integers:
        """Round up to the grid; raises as `encode` does."""
        return self._checked(np.ceil(values * self.scale), values)

    def _checked(self, scaled: NDArray[np.float64], values: NDArray[np.float64]) -> Integers:
        if scaled.size and float(np.abs(scaled).max()) * scaled.size >= 2.0**63:
            msg = f"a sum of {scaled.size} values as large as {np.abs(values).max():g} overflows"
            raise OverflowError(msg)
        return scaled.astype(np.int64)

    def decode(self, sums: Integers) -> NDArray[np.float64]:
        """Return the numbers that the integers stand for."""
        return sums / self.scale
