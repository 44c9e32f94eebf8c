"""Metrics that are functions of sums (F1): delete-bucket jackknife with pseudo-samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.records.planned import Outlook
from quantassay.records.samples import Partition

from .contract import Codes, Floats, Value
from .outlook import Prospect, no_outlook
from .sums import FixedPoint, Integers, add, grouped

BUCKETS = 500
FIXED = FixedPoint(None)
UNUSED = np.asarray(np.nan)
SHARED = "samples share clusters: no interval of a ratio of sums is known to hold for them"
Pseudo = Callable[[Floats], tuple[Floats, Floats]]
Positives = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Ratio:
    """The metric is a smooth function of summed rows.

    ``worst`` maps a cell's totals to the pair of rows (reference, candidate) of the most harmful
    sample; ``positives`` to the count that limits what the cell can tell; ``largest_loss`` is
    that of a ratio of counts unless said otherwise.
    """

    worst: Pseudo
    positives: Positives
    largest_loss: float | None = 1.0
    name: str = "ratio of sums"

    def outlook(self, cell: Prospect, discordance: float) -> Outlook:
        """Return no outlook: no closed form is known for a ratio."""
        return no_outlook(discordance, "no sample-size formula for a ratio of sums")

    def accumulate(
        self,
        reference: Floats,
        candidate: Floats,
        partitions: Sequence[Partition],
        units: Codes | None,
        value: Value,
        higher_is_better: bool,
    ) -> RatioState:
        """Sum rows by cell and bucket; a cluster stays in one bucket."""
        bucket = _buckets(np.arange(len(reference)) if units is None else units)
        sides = FIXED.encode(reference), FIXED.encode(candidate)
        cells = [
            _cell(*sides, bucket, units, part.codes == code)
            for part in partitions
            for code in range(len(part.labels))
        ]
        return RatioState(tuple(cells), self, value, higher_is_better, units is not None)


def _buckets(units: Codes) -> Integers:
    """Return the bucket of each unit (n,); a unit has the same one in every shard."""
    codes = units.astype(np.uint64)
    # splitmix64, so that neighbouring samples do not share a bucket
    mixed = (codes + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(31))) % np.uint64(BUCKETS)
    return np.where(codes < BUCKETS, codes, mixed).astype(np.int64)


@dataclass(frozen=True)
class BucketTotals:
    """Fixed-point sums (m, d) of the occupied buckets (m,) of one cell, and their sizes."""

    bucket: Integers
    n: Integers
    reference: Integers
    candidate: Integers
    shared: bool = False

    def __add__(self, other: BucketTotals) -> BucketTotals:
        """Merge two shards of one cell; a bucket of both may hold one cluster of both."""
        for side in ("reference", "candidate"):
            add(getattr(self, side).sum(axis=0), getattr(other, side).sum(axis=0))
        bucket, n, reference, candidate = (
            np.concatenate([getattr(self, field), getattr(other, field)])
            for field in ("bucket", "n", "reference", "candidate")
        )
        shared = self.shared or other.shared or bool(set(self.bucket) & set(other.bucket))
        return _bucketed(bucket, n, reference, candidate, shared)


def _bucketed(
    bucket: Integers, n: Integers, reference: Integers, candidate: Integers, shared: bool
) -> BucketTotals:
    occupied, size = grouped(bucket, n)
    return BucketTotals(
        occupied, size, grouped(bucket, reference)[1], grouped(bucket, candidate)[1], shared
    )


def _cell(
    reference: Integers,
    candidate: Integers,
    bucket: Integers,
    units: Codes | None,
    inside: NDArray[np.bool_],
) -> BucketTotals:
    one = np.ones(int(inside.sum()), np.int64)
    shared = units is not None and len(np.unique(units[inside])) < len(one)
    return _bucketed(bucket[inside], one, reference[inside], candidate[inside], shared)


@dataclass(frozen=True)
class RatioState:
    """Bucket totals of every cell."""

    cells: tuple[BucketTotals, ...]
    kind: Ratio
    value: Value
    higher_is_better: bool
    clustered: bool

    def __add__(self, other: RatioState) -> RatioState:
        """Merge two shards of the same cells."""
        cells = tuple(a + b for a, b in zip(self.cells, other.cells, strict=True))
        return RatioState(cells, self.kind, self.value, self.higher_is_better, self.clustered)

    def evidence(self) -> RatioEvidence:
        """Return jackknife figures of every cell."""
        return RatioEvidence(self)


class RatioEvidence:
    """Delete-bucket jackknife plus pseudo-samples; see `quantassay.stats.ratio_bounds`."""

    losses = None
    gains = None

    def __init__(self, state: RatioState) -> None:
        self._kind = state.kind
        self._sign = 1.0 if state.higher_is_better else -1.0
        self._value = lambda totals: self._sign * state.value(totals, UNUSED)
        self._cells = [_Sides.of(cell) for cell in state.cells]
        self.n = np.array([cell.n.sum() for cell in state.cells], np.int64)
        self.clusters: NDArray[np.int64] | None = (
            np.array([len(cell.n) for cell in self._cells], np.int64) if state.clustered else None
        )
        self.reference = self._values("reference", state.value)
        self.candidate = self._values("candidate", state.value)
        self.loss = self._sign * (self.reference - self.candidate) + 0.0
        self.method = [
            f"jackknife over {len(cell.n)} buckets with pseudo-samples" for cell in self._cells
        ]
        shared = [state.clustered and cell.shared for cell in state.cells]
        self.undefined = [
            _why(int(size), float(loss), together)
            for size, loss, together in zip(self.n, self.loss, shared, strict=True)
        ]

    def _values(self, side: str, value: Value) -> Floats:
        return np.array(
            [float(value(getattr(cell, side).sum(axis=0), UNUSED)) for cell in self._cells]
        )

    def _df(self, cell: _Sides) -> float:
        return min(len(cell.n), float(self._kind.positives(cell.reference.sum(axis=0)))) - 1

    def _each(self, figure: Callable[..., object], *more: Floats) -> Floats:
        found = np.full(len(self._cells), np.nan)
        for g, cell in enumerate(self._cells):
            df = self._df(cell) if len(cell.n) else 0.0
            if df < 1 or self.undefined[g]:
                continue
            worst = self._kind.worst(cell.reference.sum(axis=0))
            rest = [float(column[g]) for column in more]
            found[g] = figure(cell.reference, cell.candidate, self._value, *worst, *rest, df)
        return found

    def bounds(self, alpha: float) -> tuple[Floats, Floats]:
        """Return both ends of the loss interval."""
        level = np.full(len(self._cells), alpha)
        return (
            self._each(lambda *a: stats.ratio_bounds(*a)[0], level),
            self._each(lambda *a: stats.ratio_bounds(*a)[1], level),
        )

    def p_within(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or more'."""
        return self._each(stats.ratio_p_within, margin)

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or less'."""
        return self._each(stats.ratio_p_beyond, margin)

    def floor(self, margin: Floats, alpha: float) -> Floats:
        """Return the least count of positives (per class) at which a pass is possible."""
        return np.asarray(stats.binary_floor(np.minimum(margin, 0.999), alpha), float)

    def size(self) -> Floats:
        """Return the count of positives that limits each cell."""
        return np.array(
            [float(self._kind.positives(cell.reference.sum(axis=0))) for cell in self._cells]
        )

    def _error(self) -> Floats:
        return self._each(lambda r, c, value, *_: stats.ratio_standard_error(r, c, value))

    def needed(self, margin: Floats, alpha: float, power: float) -> Floats:
        """Return the n that would settle each cell at the observed error and loss."""
        spread = self._error() * np.sqrt(self.n)
        return stats.mean_sample_size(margin, spread, None, self.loss, power, alpha)

    def detectable(self, alpha: float, power: float) -> Floats:
        """Return the smallest loss that this n would find at the observed error."""
        return stats.smallest_detectable_mean(
            self.n, self._error() * np.sqrt(self.n), None, alpha, power
        )


@dataclass(frozen=True)
class _Sides:
    """Sums (m, d) of one cell as numbers, and how many samples each bucket holds."""

    n: Integers
    reference: Floats
    candidate: Floats

    @classmethod
    def of(cls, cell: BucketTotals) -> _Sides:
        return cls(cell.n, FIXED.decode(cell.reference), FIXED.decode(cell.candidate))


def _why(size: int, loss: float, shared: bool) -> str:
    if not size:
        return "no samples"
    if not np.isfinite(loss):
        return "no positives"
    return SHARED if shared else ""
