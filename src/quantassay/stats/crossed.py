"""Means under two crossed random factors: samples and raters are both drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .arrays import Floats, check_alpha, scalar
from .bands import Band, highest, level_of
from .cluster_totals import ClusterSums, cluster_sums


def crossed_bounds(
    rows: ArrayLike, columns: ArrayLike, differences: ArrayLike, cap: float, alpha: float
) -> tuple[Floats, Floats]:
    """Return the interval of the mean loss over both factors, each end one-sided at ``alpha``.

    Parameters
    ----------
    rows, columns
        Which sample and which rater every difference is of (N,), as whole numbers; any number of
        differences for a pair, or none.
    differences
        Candidate minus reference (N,), oriented so that higher is better.
    cap
        Largest absolute difference that the metric allows.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end in [-cap, cap]; NaN where a factor has fewer than two levels.

    Raises
    ------
    ValueError
        If shapes differ, a difference is NaN or beyond the cap, or the level is out of range.

    Notes
    -----
    Two-way variance: that by rows plus that by columns less that by pairs, and never less than
    either of the first two (Cameron, Gelbach and Miller, 2011, Journal of Business and Economic
    Statistics 29:238; Owen, 2007, Annals of Applied Statistics 1:386). Degrees of freedom are the
    smaller number of effective clusters less one. The end is the outer one of two: with the
    pseudo-clusters of `cluster_bounds` among the rows, and with those among the columns. No pass
    should be read from it where `crossed_clusters` is below `cluster_floor`: three raters stand for
    no others, and a claim of them alone is one of clusters by sample.
    """
    sums, level = _sums(rows, columns, differences, cap), check_alpha(alpha)
    return scalar(-sums.mirrored().upper(level)), scalar(sums.upper(level))


def crossed_p_within(
    rows: ArrayLike, columns: ArrayLike, differences: ArrayLike, cap: float, margin: float
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or more.

    Parameters
    ----------
    rows, columns, differences, cap
        As for `crossed_bounds`.
    margin
        Loss in the metric's unit; NaN gives NaN.

    Returns
    -------
    Floats
        The largest level whose high end is not below the margin; NaN where undefined.
    """
    return scalar(_sums(rows, columns, differences, cap).p_within(margin))


def crossed_p_beyond(
    rows: ArrayLike, columns: ArrayLike, differences: ArrayLike, cap: float, margin: float
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or less."""
    return scalar(_sums(rows, columns, differences, cap).mirrored().p_within(-margin))


def crossed_clusters(rows: ArrayLike, columns: ArrayLike, alpha: float) -> Floats:
    """Return what `cluster_floor` is compared with: the fewer `equivalent_clusters` of both ways.

    Parameters
    ----------
    rows, columns
        As for `crossed_bounds`.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    Floats
        At least 1; NaN where there is no difference.
    """
    sums, level = _sums(rows, columns, np.zeros(np.shape(rows)), 1.0), check_alpha(alpha)
    with np.errstate(invalid="ignore"):
        ways = [way.size / way.equivalent(level) for way in (sums.rows, sums.columns)]
    return scalar(np.minimum(*ways))


@dataclass(frozen=True)
class CrossedSums:
    """The same differences by row, by column and by pair of both."""

    rows: ClusterSums
    columns: ClusterSums
    pairs: ClusterSums
    cap: float

    def mirrored(self) -> CrossedSums:
        """Return the sums with losses and gains swapped."""
        ways = self.rows.mirrored(), self.columns.mirrored(), self.pairs.mirrored()
        return CrossedSums(*ways, self.cap)

    @property
    def df(self) -> Floats:
        """Degrees of freedom: of the way with fewer effective clusters."""
        return np.minimum(self.rows.effective, self.columns.effective) - 1

    def upper(self, alpha: Floats) -> Floats:
        """Return the high end of the mean loss."""

        def high(band: Band, level: Floats) -> Floats:
            t = special.stdtrit(self.df, level)
            first, second = (mean - t * error for mean, error in self._padded(band))
            return np.maximum(first, second)

        defined = (self.rows.clusters > 1) & (self.columns.clusters > 1)
        with np.errstate(invalid="ignore"):
            return np.where(defined, np.minimum(highest(high, alpha), self.cap), np.nan)

    def p_within(self, margin: ArrayLike) -> Floats:
        """Return p of 'the mean loss is the margin or more'."""
        m = np.asarray(margin, np.float64)
        return level_of(lambda band: np.maximum(*(self._p(m, *way) for way in self._padded(band))))

    def _p(self, margin: Floats, mean: Floats, error: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            p = special.stdtr(self.df, (mean - margin) / error)
        known = np.where(np.isnan(margin + error), np.nan, mean >= margin)
        return np.where(error > 0, p, known)

    def _padded(self, band: Band) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Return mean and standard error with pseudo-rows, and with pseudo-columns."""
        own, across, pairs = (way.estimate()[1] for way in (self.rows, self.columns, self.pairs))
        return (
            _joined(self.rows.with_pseudo(band, self.cap), across, pairs),
            _joined(self.columns.with_pseudo(band, self.cap), own, pairs),
        )


def _joined(padded: ClusterSums, other: Floats, pairs: Floats) -> tuple[Floats, Floats]:
    """Return mean and two-way standard error of one way with pseudo-clusters and the other way."""
    mean, own = padded.estimate()
    return mean, np.sqrt(np.maximum(own + other - pairs, np.maximum(own, other)))


def _sums(rows: ArrayLike, columns: ArrayLike, differences: ArrayLike, cap: float) -> CrossedSums:
    first, second = _codes(rows), _codes(columns)
    d = np.asarray(differences, np.float64)
    if first.ndim != 1 or not first.shape == second.shape == d.shape:
        msg = "every difference has one row and one column"
        raise ValueError(msg)
    pair = _codes(first * (int(second.max(initial=0)) + 1) + second)
    found = CrossedSums(_by(first, d), _by(second, d), _by(pair, d), float(cap))
    found.pairs.check_cap(cap)
    return found


def _codes(labels: ArrayLike) -> NDArray[np.intp]:
    return np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.intp)


def _by(code: NDArray[np.intp], d: Floats) -> ClusterSums:
    return cluster_sums(np.bincount(code), np.bincount(code, d))
