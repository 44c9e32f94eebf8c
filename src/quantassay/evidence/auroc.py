"""AUROC: paired DeLong with pseudo-samples, by cluster where samples share one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.errors import DataError
from quantassay.records.planned import Outlook
from quantassay.records.samples import Partition

from .contract import Codes, Floats, Level, Partial, Value
from .expectations import auroc_outlook
from .outlook import Expected, Prospects

SCORE, LABEL = 0, 1


@dataclass(frozen=True)
class Auroc:
    """The metric is the area under the ROC curve; a row begins with a score and a class, 0 or 1."""

    name: str = "area under the ROC curve"
    largest_loss: ClassVar[float] = 1.0
    level_unlabelled: ClassVar[None] = None
    partial: ClassVar[Partial] = "samples"

    def outlook(self, cells: Prospects, expected: Expected) -> list[Outlook]:
        """Return what cells could tell, from a pilot or an expected level and correlation."""
        return auroc_outlook(cells, expected)

    def accumulate(
        self,
        reference: Floats,
        candidate: Floats,
        partitions: Sequence[Partition],
        units: Codes | None,
        value: Value,
        higher_is_better: bool,
    ) -> AurocState:
        """Keep the scores of both sides, sorted.

        Raises
        ------
        DataError
            If a score is not a number, or both sides are not of one class.
        """
        if np.isnan(reference).any() or np.isnan(candidate).any():
            msg = "a score that is not a number has no rank"
            raise DataError(msg)
        if not np.array_equal(reference[:, LABEL], candidate[:, LABEL]):
            msg = "the class of a sample is the same beside both of its scores"
            raise DataError(msg)
        return AurocState(
            reference=reference[:, SCORE],
            candidate=candidate[:, SCORE],
            positive=reference[:, LABEL] > 0,
            unit=np.arange(len(reference)) if units is None else units.astype(np.intp),
            codes=np.stack([part.codes for part in partitions], axis=1).astype(np.intp),
            cells=tuple(len(part.labels) for part in partitions),
            clustered=units is not None,
            higher_is_better=higher_is_better,
        ).sorted()


@dataclass(frozen=True)
class AurocState:
    """Scores (n,) of both sides, classes, clusters, and strata in every partition (n, P).

    Sorted by all of them, so that neither order nor sharding matters. It grows with the samples.
    """

    reference: Floats
    candidate: Floats
    positive: NDArray[np.bool_]
    unit: Codes
    codes: Codes
    cells: tuple[int, ...]
    clustered: bool
    higher_is_better: bool

    def __add__(self, other: AurocState) -> AurocState:
        """Merge two shards of the same cells.

        Raises
        ------
        ValueError
            If one shard has clusters and the other none, or they have different cells.
        """
        alike = ("cells", "clustered", "higher_is_better")
        if any(getattr(self, field) != getattr(other, field) for field in alike):
            msg = "two shards of one metric have the same cells, clusters and direction"
            raise ValueError(msg)
        columns: dict[str, Any] = {
            name: np.concatenate([mine, getattr(other, name)])
            for name, mine in vars(self).items()
            if isinstance(mine, np.ndarray)
        }
        return replace(self, **columns).sorted()

    def sorted(self) -> AurocState:
        """Return the same samples in the one order that they define."""
        unit = self.unit if self.clustered else np.zeros_like(self.unit)
        order = _order(self.reference, [*self.codes.T, unit, self.positive, self.candidate])
        columns: dict[str, Any] = {
            name: column[order]
            for name, column in {**vars(self), "unit": unit}.items()
            if isinstance(column, np.ndarray)
        }
        return replace(self, **columns)

    def evidence(self) -> AurocEvidence:
        """Return the figures of every cell."""
        return AurocEvidence(self)


def _order(first: Floats, rest: Sequence[NDArray[np.generic]]) -> Codes:
    """Return the order by one column, its ties by the others, the last of them foremost."""
    order = np.argsort(first)
    tie = np.diff(first[order]) == 0
    tied = np.flatnonzero(np.append(tie, False) | np.append(False, tie))
    if len(tied):
        some = order[tied]
        order[tied] = some[np.lexsort([*(column[some] for column in rest), first[some]])]
    return order


class AurocEvidence:
    """Paired DeLong with pseudo-samples; see `quantassay.stats.auroc_bounds`."""

    losses = None
    gains = None

    def __init__(self, state: AurocState) -> None:
        rows, cell, cells = _rows_by_cell(state.codes, state.cells)
        sides = state.reference[rows], state.candidate[rows]
        if not state.higher_is_better:
            sides = -sides[0], -sides[1]
        given = *sides, state.positive[rows]
        self._units: stats.ClusterPlacements | None = None
        self.clusters: NDArray[np.int64] | None = None
        if state.clustered:
            self._units = stats.cluster_placements(*given, state.unit[rows], cell, cells)
            self.clusters = self._units.clusters.astype(np.int64)
        self._pairs = (
            self._units.pairs if self._units else stats.paired_placements(*given, cell, cells)
        )
        self.reference, self.candidate = self._pairs.reference, self._pairs.candidate
        self.loss = self.reference - self.candidate + 0.0
        counts = np.stack([self._pairs.positives, self._pairs.negatives])
        self.n: NDArray[np.int64] = counts.sum(axis=0).astype(np.int64)
        self._smaller = counts.min(axis=0)
        self.undefined = [_why(*column) for column in counts.T]
        clusters = self.n if self.clusters is None else self.clusters
        self._shared = clusters < self.n
        self.method = [METHODS[int(one)] for one in self._shared]
        self.counted = [COUNTED[int(one)] for one in self._shared]

    def _mixed(
        self, plain: Floats, clustered: Callable[[stats.ClusterPlacements], Floats]
    ) -> Floats:
        if self._units is None or not self._shared.any():
            return plain
        return np.where(self._shared, clustered(self._units), plain)

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return both ends of the loss interval."""
        low, high = self._mixed(
            np.stack(stats.auroc_bounds(self._pairs, alpha)),
            lambda units: np.stack(stats.auroc_cluster_bounds(units, alpha)),
        )
        return low, high

    def p_within(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or more'."""
        return self._mixed(
            stats.auroc_p_within(self._pairs, margin),
            lambda units: stats.auroc_cluster_p_within(units, margin),
        )

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or less'."""
        return self._mixed(
            stats.auroc_p_beyond(self._pairs, margin),
            lambda units: stats.auroc_cluster_p_beyond(units, margin),
        )

    def floor(self, margin: Floats, alpha: Level) -> Floats:
        """Return the least count of each class, or of clusters of the largest size."""
        return self._mixed(
            stats.auroc_floor(margin, alpha),
            lambda _: stats.auroc_cluster_floor(margin, alpha),
        )

    def size(self) -> Floats:
        """Return the count of the smaller class, or clusters of the largest size."""
        return self._mixed(self._smaller, lambda units: units.full)

    def _spread(self) -> Floats:
        """Return the observed standard error at one sample."""
        plain = stats.delong(self._pairs).standard_error
        error = self._mixed(plain, lambda units: units.standard_error)
        return np.asarray(error * np.sqrt(self.n), np.float64)

    def _cap(self) -> Floats:
        return np.asarray(np.maximum(self.n / np.maximum(self._smaller, 1.0), 1.0), np.float64)

    def needed(self, margin: Floats, alpha: Level, power: float) -> Floats:
        """Return the n that would settle each cell at the observed error, loss and prevalence."""
        return stats.mean_sample_size(margin, self._spread(), self._cap(), self.loss, power, alpha)

    def detectable(self, alpha: Level, power: float) -> Floats:
        """Return the smallest loss that this n would find at the observed error."""
        return stats.smallest_detectable_mean(self.n, self._spread(), self._cap(), alpha, power)


METHODS = (
    "paired DeLong with pseudo-samples of the smaller class",
    "paired DeLong by cluster with pseudo-clusters",
)
COUNTED = "samples of the smaller class", "clusters of the largest size"


def _rows_by_cell(codes: Codes, cells: tuple[int, ...]) -> tuple[Codes, Codes, int]:
    """Return the samples of every partition's strata one after another, and their cells."""
    inside = [np.flatnonzero(column >= 0) for column in codes.T]
    first = np.cumsum([0, *cells])
    cell = [
        column[rows] + start
        for column, rows, start in zip(codes.T, inside, first[:-1], strict=True)
    ]
    return np.concatenate(inside), np.concatenate(cell), int(first[-1])


def _why(positives: float, negatives: float) -> str:
    if not positives + negatives:
        return "no samples"
    if not positives:
        return "no positives"
    return "" if negatives else "no negatives"
