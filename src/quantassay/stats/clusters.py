"""Means over clusters: a t interval of the ratio estimate with worst-case pseudo-clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, check_alpha, scalar
from .cluster_totals import ClusterSums, cluster_sums
from .means import mean_floor

# Fewer clusters of the largest size carry no pass, whatever the margin.
FEWEST = 20


def cluster_bounds(
    sizes: ArrayLike,
    totals: ArrayLike,
    cap: ArrayLike,
    alpha: ArrayLike,
    cells: ArrayLike | None = None,
) -> tuple[Floats, Floats]:
    """Return the interval of the mean loss per sample, each end one-sided at ``alpha``.

    Parameters
    ----------
    sizes, totals
        Number of samples, and sum of their differences, in every cluster (N,).
    cap
        Largest absolute difference of one sample; one, or one for every cell.
    alpha
        One-sided level in (0, .5].
    cells
        Cell of every cluster (N,), from 0; None: all are of one cell.

    Returns
    -------
    tuple of Floats
        Low and high end in [-cap, cap], scalars or one for every cell; NaN where there are fewer
        than two clusters.

    Raises
    ------
    ValueError
        If shapes differ, a size is not positive, a total is beyond its cap, or the level is out
        of range.

    Notes
    -----
    The mean is a ratio of sums and its variance that of its linearization (Cochran, Sampling
    Techniques, 1977, section 6.3), with `effective_clusters` less one degrees of freedom.
    `pseudo_count` clusters of the size ``sum n_g / equivalent_clusters`` are appended, wholly lost
    for the high end and wholly gained for the low one: a loss may sit in the largest clusters
    alone, for which clusters of a typical size would not stand. Clusters are taken as independent,
    and those of the cell as the largest that there are.
    """
    low, high = cluster_sums(sizes, totals, cells).bounds(cap, alpha)
    return scalar(low), scalar(high)


def cluster_p_within(
    sizes: ArrayLike,
    totals: ArrayLike,
    cap: ArrayLike,
    margin: ArrayLike,
    cells: ArrayLike | None = None,
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or more.

    Parameters
    ----------
    sizes, totals, cap, cells
        As for `cluster_bounds`.
    margin
        Loss in the metric's unit, one or one for every cell; NaN gives NaN.

    Returns
    -------
    Floats
        The largest level whose high end is not below the margin; NaN where undefined.
    """
    return scalar(cluster_sums(sizes, totals, cells).p_within(cap, margin))


def cluster_p_beyond(
    sizes: ArrayLike,
    totals: ArrayLike,
    cap: ArrayLike,
    margin: ArrayLike,
    cells: ArrayLike | None = None,
) -> Floats:
    """Return p of the hypothesis that the mean loss is ``margin`` or less."""
    return scalar(cluster_sums(sizes, totals, cells).p_beyond(cap, margin))


def cluster_floor(cap: ArrayLike, margin: ArrayLike, alpha: ArrayLike) -> Floats:
    """Return the least `equivalent_clusters` at which a pass is possible, 20 or more.

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


def equivalent_clusters(
    sizes: ArrayLike, alpha: ArrayLike, cells: ArrayLike | None = None
) -> Floats:
    """Return how many clusters of equal size would show a loss as surely.

    Parameters
    ----------
    sizes, cells
        As for `cluster_bounds`.
    alpha
        Probability in (0, .5] with which a loss of whole clusters stays out of the sample.

    Returns
    -------
    Floats
        Between `full_clusters` and the number of clusters; NaN where there is no sample.

    Notes
    -----
    Let clusters be wholly lost with probability mu_g each. The largest mean loss that stays hidden
    with probability alpha has ``mu_g = max(0, 1 - c / n_g)`` with ``prod(1 - mu_g) = alpha``; among
    equal clusters it is ``1 - alpha^(1/G)``. What counts is the ratio of the two.
    """
    sums = _of_sizes(sizes, cells)
    return scalar(sums.size / sums.equivalent(check_alpha(alpha)))


def effective_clusters(sizes: ArrayLike, cells: ArrayLike | None = None) -> Floats:
    """Return how many clusters of equal size would tell as much.

    Parameters
    ----------
    sizes, cells
        As for `cluster_bounds`.

    Returns
    -------
    Floats
        ``(sum n_g)^2 / sum n_g^2`` in [1, G]; NaN where there is no sample.
    """
    return scalar(_of_sizes(sizes, cells).effective)


def full_clusters(sizes: ArrayLike, cells: ArrayLike | None = None) -> Floats:
    """Return how many clusters of the largest size would hold as many samples.

    Parameters
    ----------
    sizes, cells
        As for `cluster_bounds`.

    Returns
    -------
    Floats
        ``sum n_g / max n_g`` in [1, G]; NaN where there is no sample.
    """
    return scalar(_of_sizes(sizes, cells).full)


def _of_sizes(sizes: ArrayLike, cells: ArrayLike | None) -> ClusterSums:
    return cluster_sums(sizes, np.zeros(np.shape(sizes)), cells)
