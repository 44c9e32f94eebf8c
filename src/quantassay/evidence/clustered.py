"""Cells whose samples share clusters: the cluster, not the sample, is the unit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.stats import ClusterSums
from quantassay.stats.clusters import FEWEST

from .anytime import anytime_p
from .contract import Evidence, Floats, Level
from .counting import counted
from .units import UnitSums

# one-sided level of the least confidence that may be declared
LOOSEST, ROUNDING = 0.15, 1e-12


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

    Attributes
    ----------
    design_effect
        Squared standard error of the loss over that of independent samples (G,); NaN where no
        cluster holds two samples, or no difference varies.
    intraclass
        Share of the variance of the differences that lies between clusters (G,); NaN likewise.
    """

    def __init__(
        self, plain: Evidence, units: UnitSums, squares: Floats, cap: float, scale: float = 1.0
    ) -> None:
        self.plain, self.cap, self.units, self.scale = plain, cap, units, scale
        self._sums = stats.cluster_sums(units.size, units.total / scale, units.cell, len(plain.n))
        self.shared = self._sums.largest > 1
        self.n, self.loss = plain.n, plain.loss
        self.reference, self.candidate = plain.reference, plain.candidate
        self.losses, self.gains = plain.losses, plain.gains
        self.clusters: NDArray[np.int64] | None = self._sums.clusters.astype(np.int64)
        self.method = [
            f"cluster t with pseudo-clusters at the cap {cap:g}" if shared else method
            for shared, method in zip(self.shared, plain.method, strict=True)
        ]
        self.counted = [
            f"clusters of the largest size ({size:.0f})" if size > 1 else own
            for size, own in zip(self._sums.largest, counted(plain), strict=True)
        ]
        self.undefined = plain.undefined
        nothing = np.full(len(plain.n), np.nan)
        self.design_effect = self._mixed(nothing, self._sums.design_effect(squares))
        self.intraclass = self._mixed(nothing, self._sums.intraclass_correlation(squares))

    def _mixed(self, plain: Floats, clustered: Floats) -> Floats:
        return np.where(self.shared, clustered, plain)

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return both ends of the loss interval."""
        plain, clustered = self.plain.bounds(alpha), self._sums.bounds(self.cap, alpha)
        return self._mixed(plain[0], clustered[0]), self._mixed(plain[1], clustered[1])

    def p_within(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or more'."""
        clustered = self._sums.p_within(self.cap, margin)
        return self._mixed(self.plain.p_within(margin), clustered)

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or less'."""
        clustered = self._sums.p_beyond(self.cap, margin)
        return self._mixed(self.plain.p_beyond(margin), clustered)

    def anytime_p(self, margin: Floats) -> tuple[Floats, Floats]:
        """Return p within and p beyond that hold at every look, by totals of whole clusters."""
        plain, m = anytime_p(self.plain, margin), margin
        found = [
            self._mixed(own, _totals_p(sums, self.cap, limit))
            for own, sums, limit in zip(
                plain, (self._sums, self._sums.mirrored()), (m, -m), strict=True
            )
        ]
        return found[0], found[1]

    def floor(self, margin: Floats, alpha: Level) -> Floats:
        """Return the least number of clusters of the largest size, or samples, that could pass."""
        # the fewest at the loosest level, lest a stricter one find more of them
        least = FEWEST * self._sums.equivalent(LOOSEST)
        enough = stats.mean_floor(self.cap, margin, alpha) * self._sums.equivalent(alpha)
        clustered = np.maximum(least, enough) / self._sums.largest
        return self._mixed(self.plain.floor(margin, alpha), clustered * (1 - ROUNDING))

    def size(self) -> Floats:
        """Return clusters of the largest size where samples share one, samples elsewhere."""
        return self._mixed(self.plain.size(), self._sums.full)

    def _inflation(self) -> Floats:
        """Return the design effect, 1 where it is less or undefined: it promises nothing."""
        return np.fmax(1.0, self.design_effect)

    def needed(self, margin: Floats, alpha: Level, power: float) -> Floats:
        """Return the n that would settle each cell, times its design effect."""
        return self.plain.needed(margin, alpha, power) * self._inflation()

    def detectable(self, alpha: Level, power: float) -> Floats:
        """Return the smallest loss that this n would find, times the root of the design effect."""
        return self.plain.detectable(alpha, power) * np.sqrt(self._inflation())


def _totals_p(sums: ClusterSums, cap: float, margin: Floats) -> Floats:
    """Return p from each cluster's sum of difference and margin, none of them below its size."""
    square = sums.loss_square - 2 * margin * sums.size_loss + margin**2 * sums.size_square
    lowest = (cap - margin) * np.maximum(sums.largest, 1.0)
    return stats.anytime_p(margin * sums.size - sums.loss, square, lowest)
