"""What samples may do: change sides, move a bounded score, move a ratio or a ranking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from quantassay import stats

from .outlook import Law, Prospects

Floats = NDArray[np.float64]
Figure = Callable[[Law, Prospects], Floats]
Clustered = Callable[[NDArray[np.intp], stats.ClusterMix], Any]
Taken = TypeVar("Taken", bound=Any)
MOST_COPIES = 50


@dataclass(frozen=True)
class BinaryLaw:
    """A share of samples changes between right and wrong."""

    discordance: Floats
    method: str = "exact enumeration of the paired binary rule (normal above 40 changes)"

    @property
    def spread(self) -> Floats:
        """Standard deviation of the loss per sample, without any true loss."""
        return np.sqrt(self.discordance)

    def floor(self, cells: Prospects) -> Floats:
        """Return the least number of samples that could pass."""
        return np.asarray(stats.binary_floor(cells.margin, cells.alpha), float)

    def needed(self, cells: Prospects, power: float) -> Floats:
        """Return the number of samples that passes with this power."""
        found = stats.enumerated_binary_sample_size(
            cells.margin, self.discordance, cells.loss, power, cells.alpha
        )
        return np.asarray(found, float)

    def power(self, cells: Prospects, n: Floats) -> Floats:
        """Return the chance of a pass of n samples."""
        found = stats.enumerated_binary_power(
            n, cells.margin, self.discordance, cells.loss, cells.alpha
        )
        return np.asarray(found, float)

    def detectable(self, cells: Prospects, power: float) -> Floats:
        """Return the smallest margin that the samples there are pass with this power."""
        found = stats.enumerated_smallest_detectable_binary(
            cells.n, self.discordance, cells.alpha, power
        )
        return np.asarray(found, float)


@dataclass(frozen=True)
class MeanLaw:
    """Losses of a bounded mean, or influence values of a ratio, of known spread and tails.

    ``cap`` is None where no pseudo-observations are paid for.
    """

    spread: Floats
    cap: Floats | None
    skewness: Floats
    kurtosis: Floats
    method: str = "normal approximation with the pseudo-observations at the cap"
    discordance: Floats | None = None

    def _tails(self) -> tuple[Floats, Floats]:
        return self.skewness, self.kurtosis

    def floor(self, cells: Prospects) -> Floats:
        """Return the least number of samples that could pass."""
        if self.cap is None:
            return np.full(len(cells.margin), 2.0)
        return np.asarray(stats.mean_floor(self.cap, cells.margin, cells.alpha), float)

    def needed(self, cells: Prospects, power: float) -> Floats:
        """Return the number of samples that passes with this power."""
        found = stats.mean_sample_size(
            cells.margin, self.spread, self.cap, cells.loss, power, cells.alpha, *self._tails()
        )
        return np.asarray(found, float)

    def power(self, cells: Prospects, n: Floats) -> Floats:
        """Return the chance of a pass of n samples."""
        found = stats.mean_power(
            n, cells.margin, self.spread, self.cap, cells.loss, cells.alpha, *self._tails()
        )
        return np.asarray(found, float)

    def detectable(self, cells: Prospects, power: float) -> Floats:
        """Return the smallest margin that the samples there are pass with this power."""
        found = stats.smallest_detectable_mean(
            cells.n, self.spread, self.cap, cells.alpha, power, *self._tails()
        )
        return np.asarray(found, float)


@dataclass(frozen=True)
class AurocLaw:
    """Placements whose differences have this spread per sample."""

    spread: Floats
    prevalence: Floats
    method: str = "normal approximation of paired DeLong with its appended samples"

    def floor(self, cells: Prospects) -> Floats:
        """Return the least number of samples that could pass."""
        share = np.minimum(self.prevalence, 1 - self.prevalence)
        return np.asarray(stats.auroc_floor(cells.margin, cells.alpha), float) / share

    def needed(self, cells: Prospects, power: float) -> Floats:
        """Return the number of samples that passes with this power."""
        found = stats.auroc_sample_size(
            cells.margin, self.spread, self.prevalence, cells.loss, power, cells.alpha
        )
        return np.asarray(found, float)

    def power(self, cells: Prospects, n: Floats) -> Floats:
        """Return the chance of a pass of n samples."""
        found = stats.auroc_power(
            n, cells.margin, self.spread, self.prevalence, cells.loss, cells.alpha
        )
        return np.asarray(found, float)

    def detectable(self, cells: Prospects, power: float) -> Floats:
        """Return the smallest margin that the samples there are pass with this power."""
        found = stats.smallest_detectable_auroc(
            cells.n, self.spread, self.prevalence, cells.alpha, power
        )
        return np.asarray(found, float)


@dataclass(frozen=True)
class ClusteredLaw:
    """A law of single samples, and the cluster rule where samples share clusters.

    ``cap`` (G,) bounds the loss of one sample; ``correlation`` (G,) is that within clusters.
    """

    plain: Law
    spread: Floats
    cap: Floats
    correlation: Floats
    discordance: Floats | None = None

    @property
    def method(self) -> str:
        """How figures are made."""
        return f"{self.plain.method}; cells with clusters: cluster t with pseudo-clusters"

    def _mix(
        self, cells: Prospects, n: Floats | None = None
    ) -> tuple[NDArray[np.intp], stats.ClusterMix]:
        """Return the cells with clusters, and their sizes, repeated to about n samples (G,)."""
        there = [(g, sizes) for g, sizes in enumerate(cells.sizes) if sizes is not None]
        copies = np.ones(len(cells.sizes)) if n is None else np.round(n / cells.n)
        copies = np.clip(np.nan_to_num(copies, nan=1.0), 1, MOST_COPIES).astype(int)
        mixes = np.array(
            [stats.cluster_mix(sizes, cells.alpha, int(copies[g])) for g, sizes in there]
        )
        return np.array([g for g, _ in there], np.intp), stats.ClusterMix(*mixes.T)

    def _own(self, at: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
        return self.spread[at], self.cap[at], self.correlation[at]

    def _mixed(
        self, cells: Prospects, plain: Figure, clustered: Clustered, n: Floats | None = None
    ) -> Floats:
        """Return the figures of cells without clusters and of those with them."""
        at, mix = self._mix(cells, n)
        single = np.setdiff1d(np.arange(len(cells.margin)), at)
        found = np.full(len(cells.margin), np.nan)
        if len(single):
            found[single] = plain(taken(self.plain, single), taken(cells, single))
        found[at] = np.asarray(clustered(at, mix), float)
        return found

    def floor(self, cells: Prospects) -> Floats:
        """Return the least number of samples that could pass."""
        return self._mixed(
            cells,
            lambda law, some: law.floor(some),
            lambda at, mix: (
                stats.cluster_floor(self.cap[at], cells.margin[at], cells.alpha) * mix.worst
            ),
        )

    def needed(self, cells: Prospects, power: float) -> Floats:
        """Return the number of samples that passes with this power."""

        def single(law: Law, some: Prospects) -> Floats:
            return law.needed(some, power)

        def shared(at: NDArray[np.intp], mix: stats.ClusterMix) -> Floats:
            rest = cells.loss[at], power, cells.alpha
            return stats.cluster_sample_size(mix, cells.margin[at], *self._own(at), *rest)

        if all(sizes is None or sizes.min() == sizes.max() for sizes in cells.sizes):
            return self._mixed(cells, single, shared)
        # more clusters of the same mix hold more of the largest ones
        first = self._mixed(cells, lambda _, some: some.n, shared)
        return self._mixed(cells, single, shared, first)

    def power(self, cells: Prospects, n: Floats) -> Floats:
        """Return the chance of a pass of n samples, in clusters of the same mix."""
        return self._mixed(
            replace(cells, n=n),
            lambda law, some: law.power(some, some.n),
            lambda at, mix: stats.cluster_power(
                mix, cells.margin[at], *self._own(at), cells.loss[at], cells.alpha, n[at]
            ),
        )

    def detectable(self, cells: Prospects, power: float) -> Floats:
        """Return the smallest margin that the samples there are pass with this power."""
        return self._mixed(
            cells,
            lambda law, some: law.detectable(some, power),
            lambda at, mix: stats.smallest_detectable_cluster(
                mix, *self._own(at), cells.alpha, power
            ),
        )


def taken(value: Taken, at: NDArray[np.intp]) -> Taken:
    """Return the same law, or prospects, of some cells."""
    columns: dict[str, Any] = {}
    for field in fields(value):
        column = getattr(value, field.name)
        if isinstance(column, np.ndarray):
            columns[field.name] = column[at]
        elif field.name == "sizes":
            columns[field.name] = tuple(column[g] for g in at)
    return replace(value, **columns)
