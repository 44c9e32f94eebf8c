"""Means over clusters: a t interval of the ratio estimate with worst-case pseudo-clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_cap, scalar
from .means import ROUNDING, mean_floor
from .pseudo import p_over_levels, pseudo_count

# Fewer effective clusters carry no pass, whatever the margin.
FEWEST = 20


def effective_clusters(sizes: ArrayLike) -> Floats:
    """Return how many clusters of equal size would tell as much.

    Parameters
    ----------
    sizes
        Samples of every cluster (G,).

    Returns
    -------
    Floats
        ``(sum n_g)^2 / sum n_g^2`` in [1, G]; NaN where there is no sample.
    """
    n = np.asarray(sizes, np.float64)
    with np.errstate(invalid="ignore"):
        return scalar(np.divide(n.sum() ** 2, (n**2).sum()))


def cluster_bounds(
    sizes: ArrayLike, totals: ArrayLike, cap: float, alpha: float
) -> tuple[Floats, Floats]:
    """Return the interval of the mean loss per sample, each end one-sided at ``alpha``.

    Parameters
    ----------
    sizes, totals
        Number of samples, and sum of their differences, in every cluster (G,).
    cap
        Largest absolute difference of one sample.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end in [-cap, cap]; NaN where there are fewer than two clusters.

    Raises
    ------
    ValueError
        If shapes differ, a size is not positive, a total is beyond its cap, or the level is out
        of range.

    Notes
    -----
    Degrees of freedom are the effective clusters less one. `pseudo_count` clusters of the size
    ``sum n_g^2 / sum n_g`` are appended, wholly lost for the high end and wholly gained for the
    low one.
    """
    sums = _sums(sizes, totals, cap)
    level, count = check_alpha(alpha), int(pseudo_count(alpha))
    return scalar(-_upper(sums.mirrored(), level, count)), scalar(_upper(sums, level, count))


def cluster_p_within(sizes: ArrayLike, totals: ArrayLike, cap: float, margin: float) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or more.

    Parameters
    ----------
    sizes, totals, cap
        As for `cluster_bounds`.
    margin
        Loss in the metric's unit; NaN gives NaN.

    Returns
    -------
    Floats
        The largest level whose high end is not below the margin; NaN where undefined.
    """
    sums = _sums(sizes, totals, cap)
    return scalar(p_over_levels(lambda count: _p(sums, margin, count)))


def cluster_p_beyond(sizes: ArrayLike, totals: ArrayLike, cap: float, margin: float) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or less."""
    return cluster_p_within(sizes, -np.asarray(totals, np.float64), cap, -margin)


def full_clusters(sizes: ArrayLike) -> Floats:
    """Return how many clusters of the largest size would hold as many samples.

    A loss may sit in the largest clusters alone, so it is these that a floor must count.

    Parameters
    ----------
    sizes
        Samples of every cluster (G,).

    Returns
    -------
    Floats
        ``sum n_g / max n_g`` in [1, G]; NaN where there is no sample.
    """
    n = np.asarray(sizes, np.float64)
    return scalar(n.sum() / n.max() if n.size and n.max() > 0 else np.nan)


def cluster_floor(cap: ArrayLike, margin: ArrayLike, alpha: ArrayLike) -> Floats:
    """Return the least `full_clusters` at which a pass is possible, 20 or more.

    Parameters
    ----------
    cap, margin, alpha
        As for `quantassay.stats.mean_floor`.

    Returns
    -------
    Floats
        The larger of 20 and the floor of a mean; NaN where the margin is NaN.
    """
    return scalar(np.maximum(FEWEST, mean_floor(cap, margin, alpha)))


def intraclass_correlation(sizes: ArrayLike, totals: ArrayLike, square_total: float) -> Floats:
    """Return the share of a score's variance that lies between clusters (one-way ANOVA).

    Parameters
    ----------
    sizes, totals
        Number of samples, and sum of their scores, in every cluster (G,).
    square_total
        Sum of squares of all scores.

    Returns
    -------
    Floats
        At most 1, negative where clusters differ less than chance; NaN where all clusters hold
        one sample, there are fewer than two, or the scores do not vary.
    """
    n, x = np.asarray(sizes, np.float64), np.asarray(totals, np.float64)
    size, groups = n.sum(), len(n)
    if groups < 2 or size <= groups:
        return scalar(np.nan)
    explained = (x**2 / n).sum()
    between = (explained - x.sum() ** 2 / size) / (groups - 1)
    within = (square_total - explained) / (size - groups)
    typical = (size - (n**2).sum() / size) / (groups - 1)
    whole = between + (typical - 1) * within
    return scalar((between - within) / whole if whole > 0 else np.nan)


def design_effect(sizes: ArrayLike, totals: ArrayLike, square_total: float) -> Floats:
    """Return the squared standard error by cluster over that of independent samples.

    Parameters
    ----------
    sizes, totals
        Number of samples, and sum of their differences, in every cluster (G,).
    square_total
        Sum of squares of all differences.

    Returns
    -------
    Floats
        Not negative; NaN where there are fewer than two clusters or no variance.
    """
    sums = _sums(sizes, totals, np.inf)
    variance = square_total - sums.loss**2 / sums.size
    if sums.groups < 2 or variance <= 0:
        return scalar(np.nan)
    independent = variance / (sums.size - 1) / sums.size
    return scalar(_estimate(sums)[1] ** 2 / independent)


@dataclass(frozen=True)
class _Sums:
    """Sums over clusters of size n and loss L; ``cap`` bounds the loss of one sample."""

    groups: float
    size: float
    size_square: float
    loss: float
    loss_square: float
    size_loss: float
    cap: float
    largest: float

    def mirrored(self) -> _Sums:
        """Return the sums with losses and gains swapped."""
        return _Sums(
            self.groups, self.size, self.size_square,
            -self.loss, self.loss_square, -self.size_loss, self.cap, self.largest,
        )  # fmt: skip

    def with_pseudo(self, count: int) -> _Sums:
        """Append ``count`` clusters of the largest size, wholly lost."""
        size = self.largest
        loss = self.cap * size
        return _Sums(
            self.groups + count,
            self.size + count * size,
            self.size_square + count * size**2,
            self.loss + count * loss,
            self.loss_square + count * loss**2,
            self.size_loss + count * size * loss,
            self.cap,
            self.largest,
        )


def _sums(sizes: ArrayLike, totals: ArrayLike, cap: float) -> _Sums:
    n, loss = np.asarray(sizes, np.float64), -np.asarray(totals, np.float64)
    if n.ndim != 1 or n.shape != loss.shape or not np.all(n > 0):
        msg = "every cluster has one total and a positive size"
        raise ValueError(msg)
    bound = float(check_cap(cap)) if cap < np.inf else cap
    if not np.all(np.abs(loss) <= bound * n * (1 + ROUNDING)):
        msg = "a cluster's total is a number within its size times the cap"
        raise ValueError(msg)
    return _Sums(
        groups=len(n),
        size=float(n.sum()),
        size_square=float(n @ n),
        loss=float(loss.sum()),
        loss_square=float(loss @ loss),
        size_loss=float(n @ loss),
        cap=bound,
        largest=float(n.max(initial=0.0)),
    )


def _estimate(sums: _Sums) -> tuple[float, float]:
    """Return the mean loss per sample and its standard error."""
    mean = sums.loss / sums.size
    residual = sums.loss_square - 2 * mean * sums.size_loss + mean**2 * sums.size_square
    groups = sums.groups
    return mean, float(np.sqrt(max(residual, 0.0) * groups / (groups - 1))) / sums.size


def _upper(sums: _Sums, alpha: Floats, count: int) -> Floats:
    if sums.groups < 2:
        return np.asarray(np.nan)
    mean, error = _estimate(sums.with_pseudo(count))
    df = sums.size**2 / sums.size_square - 1
    return np.asarray(np.minimum(mean - special.stdtrit(df, alpha) * error, sums.cap))


def _p(sums: _Sums, margin: float, count: int) -> Floats:
    if sums.groups < 2 or np.isnan(margin):
        return np.asarray(np.nan)
    mean, error = _estimate(sums.with_pseudo(count))
    df = sums.size**2 / sums.size_square - 1
    if error == 0:
        return np.asarray(float(mean >= margin))
    return np.asarray(special.stdtr(df, (mean - margin) / error))
