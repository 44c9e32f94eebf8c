"""Means over clusters by betting: one bet a cluster, valid at every look, declared or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .arrays import Floats, check_alpha, scalar
from .means import ROUNDING
from .roots import Cells, decreasing_root
from .wealth import BETS, STAKES

TOLERANCE = 1e-9


@dataclass(frozen=True)
class ClusterBets:
    """Clusters (U,) of many cells (G,) that bets are placed on.

    A single sample is a cluster of one. The largest cluster of a cell is taken as the largest that
    there can be.

    Attributes
    ----------
    sizes, losses
        Samples, and sum of losses (reference minus candidate, higher is better), of every cluster.
    cells
        Cell of every cluster, in [0, G).
    largest
        Size of the largest cluster of each cell (G,); 0 where there is none.
    cap
        Largest absolute difference of one sample.

    Notes
    -----
    Wealth against a mean loss of m or more is the mean over fixed bets l in (0, 1) of
    ``prod (1 + l (m n_g - L_g) / (n_max (cap - m)))``: Waudby-Smith and Ramdas, 2024, Journal of
    the Royal Statistical Society B 86:1. It never falls as m grows.
    """

    sizes: Floats
    losses: Floats
    cells: NDArray[np.intp]
    largest: Floats
    cap: float

    def p_within(self, margin: ArrayLike) -> Floats:
        """Return p (G,) of the hypothesis that the mean loss is ``margin`` or more; 1 if unknown.

        Margins lie in (-cap, cap); NaN gives NaN.
        """
        wealth = self._log_wealth(np.broadcast_to(margin, self.largest.shape))
        return scalar(np.exp(-np.maximum(wealth, 0.0)))

    def p_beyond(self, margin: ArrayLike) -> Floats:
        """Return p (G,) of the hypothesis that the mean loss is ``margin`` or less."""
        return self._mirrored().p_within(-np.asarray(margin, np.float64))

    def bounds(self, alpha: ArrayLike) -> tuple[Floats, Floats]:
        """Return both ends (G,) of the mean loss in [-cap, cap], each one-sided at ``alpha``."""
        return -self._mirrored().high(alpha), self.high(alpha)

    def high(self, alpha: ArrayLike) -> Floats:
        """Return the least loss (G,) beyond which every loss is rejected at ``alpha``."""
        target = -np.log(np.broadcast_to(check_alpha(alpha), self.largest.shape))
        groups = len(self.largest)

        def lacking(margin: Floats, cells: Cells) -> Floats:
            whole = np.zeros(groups)
            whole[cells] = margin
            return np.asarray(target[cells] - self._log_wealth(whole)[cells])

        most = self.cap * (1 - 1e-12)
        ends = np.full(groups, -most), np.full(groups, most)
        root = decreasing_root(lacking, *self._guess(target), ends, TOLERANCE)
        return np.where(root >= most, self.cap, root)

    def _guess(self, target: Floats) -> tuple[Floats, Floats]:
        """Return about where the high end lies (G,), and how far from the mean loss."""
        size, loss, square = (
            np.bincount(self.cells, values, len(self.largest))
            for values in (self.sizes, self.losses, self.losses**2)
        )
        size = np.maximum(size, 1.0)
        error = np.sqrt(square + (self.largest * self.cap) ** 2) / size
        return loss / size + np.sqrt(2 * target + 4) * error, error / 2

    def _log_wealth(self, margin: Floats) -> Floats:
        m = margin[self.cells]
        stake = self.largest[self.cells] * (self.cap - m)
        gain = np.maximum((m * self.sizes - self.losses) / stake, -1.0)
        groups = len(self.largest)
        logs = [np.bincount(self.cells, np.log1p(bet * gain), groups) for bet in BETS]
        return np.asarray(special.logsumexp(np.stack(logs, axis=-1), b=STAKES, axis=-1))

    def _mirrored(self) -> ClusterBets:
        return ClusterBets(self.sizes, -self.losses, self.cells, self.largest, self.cap)


def cluster_bets(
    sizes: ArrayLike,
    totals: ArrayLike,
    cap: float,
    cells: ArrayLike | None = None,
    cell_count: int = 1,
) -> ClusterBets:
    """Place bets on the clusters of one cell or of many.

    Parameters
    ----------
    sizes, totals
        Number of samples, and sum of their differences (candidate minus reference), of every
        cluster (U,).
    cap
        Largest absolute difference of one sample.
    cells
        Cell of every cluster (U,), in [0, cell_count); all in one by default.
    cell_count
        How many cells there are.

    Raises
    ------
    ValueError
        If shapes differ, a size is not positive, or a total is beyond its cap.

    Examples
    --------
    >>> bets = cluster_bets([1] * 600, [0] * 600, cap=1)
    >>> bool(bets.p_within(0.02)[0] < 0.025)
    True
    """
    n, losses = np.asarray(sizes, np.float64), 0.0 - np.asarray(totals, np.float64)
    where = np.zeros(n.shape, np.intp) if cells is None else np.asarray(cells, np.intp)
    if n.ndim != 1 or not n.shape == losses.shape == where.shape or not np.all(n > 0):
        msg = "every cluster has one total and a positive size"
        raise ValueError(msg)
    if not np.all(np.abs(losses) <= cap * n * (1 + ROUNDING)):
        msg = "a cluster's total is a number within its size times the cap"
        raise ValueError(msg)
    largest = np.zeros(cell_count)
    np.maximum.at(largest, where, n)
    return ClusterBets(n, losses, where, largest, float(cap))
