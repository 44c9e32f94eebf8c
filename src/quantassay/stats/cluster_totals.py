"""Sums over the clusters of cells, and the mean loss that they give.

The linearized ratio estimate of a mean over clusters: Cochran, Sampling Techniques (1977).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .arrays import Floats, check_alpha, check_cap, scalar
from .bands import Band, highest, level_of
from .cluster_sizes import ClusterSizes

ROUNDING = 1e-9


@dataclass(frozen=True)
class ClusterSums:
    """Sums over the clusters of every cell; clusters are of n samples and loss L.

    Attributes
    ----------
    clusters, size
        Clusters, and samples, of every cell (...).
    size_square, loss, loss_square, size_loss
        Sums of ``n^2``, ``L``, ``L^2`` and ``n L`` (...).
    explained
        Sum of ``L^2 / n`` (...).
    largest
        Samples of the largest cluster (...).
    steepest
        Largest ``|L| / n`` of any cluster (...), which no cap may be below.
    sizes
        The sizes themselves; None: pseudo-clusters are of the largest size.
    """

    clusters: Floats
    size: Floats
    size_square: Floats
    loss: Floats
    loss_square: Floats
    size_loss: Floats
    explained: Floats
    largest: Floats
    steepest: Floats
    sizes: ClusterSizes | None = None

    def mirrored(self) -> ClusterSums:
        """Return the sums with losses and gains swapped."""
        return replace(self, loss=-self.loss, size_loss=-self.size_loss)

    def with_pseudo(self, band: Band, cap: ArrayLike) -> ClusterSums:
        """Append the clusters that a band of levels asks for, wholly lost; see `cluster_bounds`."""
        size, bound = self.equivalent(band.top), np.asarray(cap, np.float64)
        number, loss = float(band.count), bound * size
        return replace(
            self,
            clusters=self.clusters + number,
            size=self.size + number * size,
            size_square=self.size_square + number * size**2,
            loss=self.loss + number * loss,
            loss_square=self.loss_square + number * loss**2,
            size_loss=self.size_loss + number * size * loss,
            explained=self.explained + number * bound * loss,
        )

    @property
    def effective(self) -> Floats:
        """How many clusters of one size would tell as much: ``(sum n)^2 / sum n^2``."""
        with np.errstate(invalid="ignore"):
            return self.size**2 / self.size_square

    @property
    def full(self) -> Floats:
        """How many clusters of the largest size would hold as many samples."""
        with np.errstate(invalid="ignore"):
            return self.size / self.largest

    def equivalent(self, alpha: ArrayLike) -> Floats:
        """Return the size of clusters that, all alike, could hide as large a loss."""
        return self.largest if self.sizes is None else self.sizes.equivalent(alpha)

    def estimate(self) -> tuple[Floats, Floats]:
        """Return the mean loss per sample and its variance; NaN below two clusters."""
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = self.loss / self.size
            residual = self.loss_square - 2 * mean * self.size_loss + mean**2 * self.size_square
            correction = self.clusters / (self.clusters - 1) / self.size**2
            variance = np.maximum(residual, 0.0) * correction
        return mean, np.where(self.clusters > 1, variance, np.nan)

    def check_cap(self, cap: ArrayLike) -> Floats:
        """Return caps; ValueError unless they are positive, finite and hold every cluster."""
        caps = check_cap(cap)
        if not np.all(self.steepest <= caps * (1 + ROUNDING)):
            msg = "a cluster's total is a number within its size times the cap"
            raise ValueError(msg)
        return caps

    def bounds(self, cap: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
        """Return the interval of every cell; see `cluster_bounds`."""
        caps, level = self.check_cap(cap), check_alpha(alpha)
        return -_upper(self.mirrored(), caps, level), _upper(self, caps, level)

    def p_within(self, cap: ArrayLike, margin: ArrayLike) -> Floats:
        """Return p of 'the mean loss is the margin or more'; see `cluster_p_within`."""
        caps, m = self.check_cap(cap), np.asarray(margin, np.float64)
        return level_of(lambda band: _p(self, caps, m, band))

    def p_beyond(self, cap: ArrayLike, margin: ArrayLike) -> Floats:
        """Return p of 'the mean loss is the margin or less'; see `cluster_p_beyond`."""
        return self.mirrored().p_within(cap, -np.asarray(margin, np.float64))

    def intraclass_correlation(self, square_total: ArrayLike) -> Floats:
        """Return the share of variance between clusters; see `intraclass_correlation`."""
        with np.errstate(invalid="ignore", divide="ignore"):
            degrees = self.clusters - 1, self.size - self.clusters
            between = (self.explained - self.loss**2 / self.size) / degrees[0]
            within = (np.asarray(square_total, np.float64) - self.explained) / degrees[1]
            typical = (self.size - self.size_square / self.size) / degrees[0]
            whole = between + (typical - 1) * within
            found = (between - within) / whole
        return np.where((degrees[0] > 0) & (degrees[1] > 0) & (whole > 0), found, np.nan)

    def design_effect(self, square_total: ArrayLike) -> Floats:
        """Return variance by cluster over that of independent samples; see `design_effect`."""
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = np.asarray(square_total, np.float64) - self.loss**2 / self.size
            found = self.estimate()[1] / (spread / (self.size - 1) / self.size)
        return np.where((self.clusters > 1) & (spread > 0), found, np.nan)


def cluster_sums(
    sizes: ArrayLike,
    totals: ArrayLike,
    cells: ArrayLike | None = None,
    cell_count: int | None = None,
) -> ClusterSums:
    """Sum the clusters of one cell or of many.

    Parameters
    ----------
    sizes, totals
        Number of samples, and sum of their differences, in every cluster (N,).
    cells
        Cell of every cluster (N,), from 0; None: all are of one cell.
    cell_count
        Number of cells; None: one more than the largest of ``cells``.

    Returns
    -------
    ClusterSums
        Of one cell as scalars, of many as arrays (cells,).

    Raises
    ------
    ValueError
        If shapes differ, a size is not positive, a total is NaN, or a cell is out of range.
    """
    n, loss = np.asarray(sizes, np.float64), -np.asarray(totals, np.float64)
    if n.ndim != 1 or n.shape != loss.shape or not np.all(n > 0) or np.isnan(loss).any():
        msg = "every cluster has one total, a number, and a positive size"
        raise ValueError(msg)
    code, number = _codes(cells, cell_count, len(n))

    def total(term: Floats) -> Floats:
        sums = np.bincount(code, term, minlength=number).astype(np.float64)
        return scalar(sums[0]) if cells is None else sums

    def most(term: Floats) -> Floats:
        found = np.zeros(number)
        np.maximum.at(found, code, term)
        return scalar(found[0]) if cells is None else found

    return ClusterSums(
        clusters=total(np.ones(len(n))),
        size=total(n),
        size_square=total(n * n),
        loss=total(loss),
        loss_square=total(loss * loss),
        size_loss=total(n * loss),
        explained=total(loss * loss / n),
        largest=most(n),
        steepest=most(np.abs(loss) / n),
        sizes=ClusterSizes(n, None if cells is None else code, number),
    )


def _codes(
    cells: ArrayLike | None, cell_count: int | None, size: int
) -> tuple[NDArray[np.intp], int]:
    if cells is None:
        return np.zeros(size, np.intp), 1
    code = np.asarray(cells)
    number = int(code.max(initial=-1)) + 1 if cell_count is None else cell_count
    whole = code.size == 0 or np.issubdtype(code.dtype, np.integer)
    if code.shape != (size,) or not whole or np.any((code < 0) | (code >= number)):
        msg = f"every cluster has one cell, a whole number from 0 to {number - 1}"
        raise ValueError(msg)
    return code.astype(np.intp, copy=False), number


def _upper(sums: ClusterSums, cap: Floats, alpha: Floats) -> Floats:
    def upper(band: Band, level: Floats) -> Floats:
        mean, variance = sums.with_pseudo(band, cap).estimate()
        with np.errstate(invalid="ignore"):
            return mean - special.stdtrit(sums.effective - 1, level) * np.sqrt(variance)

    return np.where(sums.clusters > 1, np.minimum(highest(upper, alpha), cap), np.nan)


def _p(sums: ClusterSums, cap: Floats, margin: Floats, band: Band) -> Floats:
    mean, variance = sums.with_pseudo(band, cap).estimate()
    with np.errstate(invalid="ignore", divide="ignore"):
        p = special.stdtr(sums.effective - 1, (mean - margin) / np.sqrt(variance))
    known = np.where(np.isnan(margin), np.nan, mean >= margin)
    return np.where(sums.clusters > 1, np.where(variance > 0, p, known), np.nan)
