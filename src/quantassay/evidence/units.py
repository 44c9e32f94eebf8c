"""Independent units of a cell: samples, or clusters of samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantassay.records.samples import Partition

from .sums import Integers, add, grouped


@dataclass(frozen=True)
class UnitSums:
    """Size and total of every (cell, unit) that holds a sample, sorted by cell then unit."""

    cell: Integers
    unit: Integers
    size: Integers
    total: Integers

    def __add__(self, other: UnitSums) -> UnitSums:
        """Merge: a unit that occurs on both sides becomes one."""
        add(self.total.sum(keepdims=True), other.total.sum(keepdims=True))
        return _merge(
            *(
                np.concatenate([getattr(self, field), getattr(other, field)])
                for field in ("cell", "unit", "size", "total")
            )
        )


def _merge(cell: Integers, unit: Integers, size: Integers, total: Integers) -> UnitSums:
    width = int(unit.max(initial=0)) + 1
    keys, sums = grouped(cell * width + unit, np.stack([size, total], axis=1))
    return UnitSums(keys // width, keys % width, sums[:, 0], sums[:, 1])


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
        cell = part.codes[inside].astype(np.int64) + offset
        parts.append(_merge(cell, units[inside].astype(np.int64), one, values[inside]))
        offset += len(part.labels)
    return UnitSums(
        *(
            np.concatenate([getattr(part, field) for part in parts])
            for field in ("cell", "unit", "size", "total")
        )
    )


def merged(first: UnitSums | None, second: UnitSums | None) -> UnitSums | None:
    """Merge the units of two shards.

    Raises
    ------
    ValueError
        If one shard has clusters and the other none: dropping them would narrow intervals.
    """
    if first is None and second is None:
        return None
    if first is None or second is None:
        msg = "one shard has clusters and the other has none"
        raise ValueError(msg)
    return first + second
