"""The order in which samples are taken where a run may stop: whole clusters, by a seeded hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Order:
    """Rows of the data in the order in which they are taken, cut into blocks.

    Attributes
    ----------
    rows
        Row of the data of every place (n,), rising within a block.
    ends
        Places at which looks are taken, rising; what lies beyond the last is never taken.
    """

    rows: NDArray[np.intp]
    ends: tuple[int, ...]

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """Place of every row of the data (n,)."""
        found = np.empty(len(self.rows), np.intp)
        found[self.rows] = np.arange(len(self.rows))
        return found

    @property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of the rows that looks take, and of where these are."""
        taken = self.rows[: self.ends[-1]].astype("<i8").tobytes()
        return sha256(taken + repr(self.ends).encode()).hexdigest()

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """First place and end of every block, that of the rows never taken included."""
        edges = [0, *self.ends, *([len(self.rows)] if self.ends[-1] < len(self.rows) else [])]
        return list(pairwise(edges))


def shuffled(
    ids: NDArray[np.str_], units: NDArray[np.intp] | None, seed: int, sizes: Sequence[int]
) -> Order:
    """Shuffle samples by a hash of their ids, clusters whole, whatever the order of the data.

    Parameters
    ----------
    ids
        Of the samples (n,).
    units
        Cluster of each sample (n,); None: every sample is its own. A cluster has the hash of the
        first of its ids.
    seed
        Of the hash.
    sizes
        Samples wanted at each look, rising; a cluster that such a number cuts is taken whole.
    """
    own = np.arange(len(ids)) if units is None else units
    by_id = np.argsort(ids, kind="stable")
    _, first, unit = np.unique(own[by_id], return_index=True, return_inverse=True)
    names = ids[by_id][first]
    hashes = [sha256(f"{seed}\0{name}".encode()).digest() for name in names.tolist()]
    place = np.empty(len(hashes), np.intp)
    place[np.argsort(np.array(hashes, "S32"), kind="stable")] = np.arange(len(hashes))
    turn = np.empty(len(ids), np.intp)
    turn[by_id] = place[unit]
    rows = np.argsort(turn, kind="stable")
    counts = np.cumsum(np.bincount(turn))
    ends = [*dict.fromkeys(int(counts[np.searchsorted(counts, size)]) for size in sizes)]
    for begin, end in pairwise([0, *ends]):
        rows[begin:end].sort()
    rows[ends[-1] :].sort()
    return Order(rows, tuple(ends))
