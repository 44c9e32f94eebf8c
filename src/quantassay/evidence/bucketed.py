"""Sums by cell and bucket, in one pass and exact: neither order nor sharding matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantassay.records.samples import Partition

from .sums import Integers, add, dense_sums, grouped

BUCKETS = 500


@dataclass(frozen=True)
class BucketSums:
    """Fixed-point sums (m, d) of every occupied (cell, bucket), sorted, and its samples (m,)."""

    cell: Integers
    bucket: Integers
    n: Integers
    reference: Integers
    candidate: Integers

    def __add__(self, other: BucketSums) -> BucketSums:
        """Merge two shards of the same cells.

        Raises
        ------
        DataError
            If a sum passes the range of int64.
        """
        for side in ("reference", "candidate"):
            add(getattr(self, side).sum(axis=0), getattr(other, side).sum(axis=0))
        keys = np.concatenate([one.cell * BUCKETS + one.bucket for one in (self, other)])
        n, reference, candidate = (
            np.concatenate([getattr(self, field), getattr(other, field)])
            for field in ("n", "reference", "candidate")
        )
        key, size = grouped(keys, n)
        sides = (grouped(keys, side)[1] for side in (reference, candidate))
        return BucketSums(key // BUCKETS, key % BUCKETS, size, *sides)

    def by_cell(self, values: Integers, cells: int) -> Integers:
        """Return the sums of values (m, ...) over the buckets of every cell."""
        sums = np.zeros((cells, *values.shape[1:]), np.int64)
        present, found = grouped(self.cell, values)
        sums[present] = found
        return sums


def bucket_sums(
    reference: Integers,
    candidate: Integers,
    units: NDArray[np.intp],
    partitions: Sequence[Partition],
) -> BucketSums:
    """Sum rows (n, d) of both sides by cell and bucket; a unit stays in one bucket."""
    bucket, first, parts = buckets(units), 0, []
    columns = [np.ascontiguousarray(side.T) for side in (reference, candidate)]
    for part in partitions:
        inside = part.codes >= 0
        rows = slice(None) if inside.all() else np.flatnonzero(inside)
        key, place = _places((first + part.codes[rows]) * BUCKETS + bucket[rows])
        size = np.bincount(place, minlength=len(key))
        sides = (dense_sums(place, side[:, rows].T, len(key)) for side in columns)
        parts.append((key // BUCKETS, key % BUCKETS, size, *sides))
        first += len(part.labels)
    return BucketSums(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def buckets(units: NDArray[np.intp]) -> Integers:
    """Return the bucket of each unit (n,); a unit has the same one in every shard."""
    codes = units.astype(np.uint64)
    # splitmix64, so that neighbouring samples do not share a bucket
    mixed = (codes + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(31))) % np.uint64(BUCKETS)
    return np.where(codes < BUCKETS, codes, mixed).astype(np.int64)


def _places(keys: Integers) -> tuple[Integers, NDArray[np.intp]]:
    """Return the distinct keys, rising, and the place among them of each."""
    if not len(keys) or keys.max() > 8 * len(keys) + 2**20:
        key, place = np.unique(keys, return_inverse=True)
        return key.astype(np.int64), place
    there = np.zeros(int(keys.max()) + 1, bool)
    there[keys] = True
    return np.flatnonzero(there).astype(np.int64), (np.cumsum(there) - 1)[keys]
