"""Independent units of a cell: samples, or clusters of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantassay.records.samples import Partition

from .sums import Integers


@dataclass(frozen=True)
class UnitSums:
    """Size and total of every (cell, unit) that holds a sample, sorted by cell then unit."""

    cell: Integers
    unit: Integers
    size: Integers
    total: Integers

    def __add__(self, other: UnitSums) -> UnitSums:
        """Merge: a unit that occurs on both sides becomes one."""
        return _merge(
            *(
                np.concatenate([getattr(self, field), getattr(other, field)])
                for field in ("cell", "unit", "size", "total")
            )
        )


def _merge(cell: Integers, unit: Integers, size: Integers, total: Integers) -> UnitSums:
    width = int(unit.max(initial=0)) + 1
    keys, inverse = np.unique(cell * width + unit, return_inverse=True)
    sizes, totals = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    np.add.at(sizes, inverse, size)
    np.add.at(totals, inverse, total)
    return UnitSums(keys // width, keys % width, sizes, totals)


def unit_sums(
    values: Integers, partitions: Sequence[Partition], units: NDArray[np.intp] | None
) -> UnitSums | None:
    """Sum values (n,) by cell and unit; None where every sample is a unit of its own."""
    if units is None:
        return None
    offset, parts = 0, []
    for part in partitions:
        inside = part.codes >= 0
        one = np.ones(int(inside.sum()), np.int64)
        parts.append(
            _merge(
                part.codes[inside].astype(np.int64) + offset,
                units[inside].astype(np.int64),
                one,
                values[inside],
            )
        )
        offset += len(part.labels)
    return sum(parts[1:], parts[0])
