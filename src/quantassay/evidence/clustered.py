"""Cells whose samples share clusters: the cluster, not the sample, is the unit."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from quantassay import stats

from .contract import Evidence, Floats
from .units import UnitSums


class Clustered:
    """Evidence by cluster where a cluster holds several samples, as before elsewhere.

    Parameters
    ----------
    plain
        Evidence that takes samples as independent; it answers for cells of single samples.
    units
        Size and total difference of every cluster of every cell.
    squares
        Sum of squared differences of every cell (G,).
    cap
        Largest possible difference of one sample.
    scale
        What the totals are multiples of.
    """

    def __init__(
        self, plain: Evidence, units: UnitSums, squares: Floats, cap: float, scale: float = 1.0
    ) -> None:
        self._plain, self._squares, self._cap = plain, squares, cap
        starts = np.searchsorted(units.cell, np.arange(len(plain.n) + 1))
        spans = [slice(first, last) for first, last in pairwise(starts)]
        self._sizes = [units.size[span].astype(float) for span in spans]
        self._totals = [units.total[span] / scale for span in spans]
        self._shared = np.array([bool((size > 1).any()) for size in self._sizes])
        self.n, self.loss = plain.n, plain.loss
        self.reference, self.candidate = plain.reference, plain.candidate
        self.losses, self.gains = plain.losses, plain.gains
        self.clusters: NDArray[np.int64] | None = np.array([len(s) for s in self._sizes], np.int64)
        self.method = [
            f"cluster t with pseudo-clusters at the cap {cap:g}" if shared else method
            for shared, method in zip(self._shared, plain.method, strict=True)
        ]
        self.undefined = plain.undefined

    def _mixed(self, plain: Floats, clustered: Callable[[int], float]) -> Floats:
        mixed = np.array(plain, float)
        for cell in np.flatnonzero(self._shared):
            mixed[cell] = clustered(int(cell))
        return mixed

    def bounds(self, alpha: float) -> tuple[Floats, Floats]:
        """Return both ends of the loss interval."""
        low, high = (np.array(end, float) for end in self._plain.bounds(alpha))
        for cell in np.flatnonzero(self._shared):
            low[cell], high[cell] = stats.cluster_bounds(
                self._sizes[cell], self._totals[cell], self._cap, alpha
            )
        return low, high

    def p_within(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or more'."""
        return self._mixed(
            self._plain.p_within(margin),
            lambda g: float(
                stats.cluster_p_within(self._sizes[g], self._totals[g], self._cap, float(margin[g]))
            ),
        )

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or less'."""
        return self._mixed(
            self._plain.p_beyond(margin),
            lambda g: float(
                stats.cluster_p_beyond(self._sizes[g], self._totals[g], self._cap, float(margin[g]))
            ),
        )

    def floor(self, margin: Floats, alpha: float) -> Floats:
        """Return the least number of effective clusters, or samples, that could pass."""
        return self._mixed(
            self._plain.floor(margin, alpha),
            lambda g: float(stats.cluster_floor(self._cap, float(margin[g]), alpha)),
        )

    def size(self) -> Floats:
        """Return clusters of the largest size where samples share one, samples elsewhere."""
        return self._mixed(self._plain.size(), lambda g: float(stats.full_clusters(self._sizes[g])))

    def _design_effect(self, g: int) -> float:
        found = stats.design_effect(self._sizes[g], self._totals[g], float(self._squares[g]))
        return max(1.0, float(np.nan_to_num(found, nan=1.0)))

    def _inflation(self) -> Floats:
        """Return the squared standard error over that of independent samples (design effect)."""
        return self._mixed(
            np.ones(len(self.n)),
            lambda g: self._design_effect(g),
        )

    def needed(self, margin: Floats, alpha: float, power: float) -> Floats:
        """Return the n that would settle each cell, times its design effect."""
        return self._plain.needed(margin, alpha, power) * self._inflation()

    def detectable(self, alpha: float, power: float) -> Floats:
        """Return the smallest loss that this n would find, times the root of the design effect."""
        return self._plain.detectable(alpha, power) * np.sqrt(self._inflation())
