"""Cells that wait for all of their samples: a part of them would not tell of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantassay.evidence.contract import Codes, Partial
from quantassay.evidence.units import unit_sums
from quantassay.records.samples import Partition

LAST = "judged at the last look only"
UNEQUAL = f"clusters of unequal size: {LAST}"
SHARED = f"clusters that may differ in the classes they hold: {LAST}"
NOTHING = f"a part of the samples need not measure the same as all of them: {LAST}"
BEYOND = "its largest cluster lies beyond the last look, so that no verdict holds"
MISSING = "a class of it occurs beyond the last look alone, so that no verdict holds"


@dataclass(frozen=True)
class Waiting:
    """Why each cell (G,) waits for all of its samples, '' where it does not.

    ``never`` (G,) marks those that even the last look does not show whole enough.
    """

    why: tuple[str, ...]
    never: NDArray[np.bool_]

    @property
    def waits(self) -> NDArray[np.bool_]:
        """Which cells wait (G,)."""
        return np.array([bool(text) for text in self.why], bool)


def no_waiting(cells: int) -> Waiting:
    """Return that no cell waits."""
    return Waiting(("",) * cells, np.zeros(cells, bool))


def waiting(
    partial: Partial,
    partitions: Sequence[Partition],
    units: Codes | None,
    n: int,
    missing: NDArray[np.bool_] | None = None,
) -> Waiting:
    """Return which cells wait: from sizes and clusters alone.

    Parameters
    ----------
    partial
        Which part of the samples measures the same as all of them.
    partitions, units
        Cells and clusters of the whole test set, in the order in which samples are taken.
    n
        Samples at the last look.
    missing
        Cells (G,) of which some class occurs beyond the last look alone; None: none.
    """
    least, largest = _sizes(partitions, units, len(partitions[0].codes))
    drawn = _sizes(partitions, units, n)[1]
    beyond = (drawn > 0) & (drawn < largest)
    lacking = np.zeros(len(beyond), bool) if missing is None else missing
    texts = np.where(largest > least, UNEQUAL, "" if partial == "clusters" else SHARED)
    alone = NOTHING if partial == "nothing" else ""
    why = np.where(lacking, MISSING, np.where(largest > 1, texts, alone))
    why = np.where(beyond, BEYOND, why)
    return Waiting(tuple(why.tolist()), beyond | lacking)


def _sizes(
    partitions: Sequence[Partition], units: Codes | None, n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the least and the largest cluster of every cell (G,) among the first samples."""
    parts = [replace(part, codes=part.codes[:n]) for part in partitions]
    own = np.arange(n) if units is None else units[:n]
    sums = unit_sums(np.zeros(n, np.int64), parts, own)
    assert sums is not None
    cells = sum(len(part.labels) for part in parts)
    least, largest = np.full(cells, n, np.int64), np.zeros(cells, np.int64)
    np.minimum.at(least, sums.cell, sums.size)
    np.maximum.at(largest, sums.cell, sums.size)
    return least, largest
