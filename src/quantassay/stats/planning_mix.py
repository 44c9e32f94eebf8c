"""Sizes of clusters as a plan sees them, and by how much clusters inflate a sample size."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, floats, scalar
from .clusters import equivalent_clusters


class ClusterMix(NamedTuple):
    """Cluster sizes as a plan sees them: ``samples`` in all, ``clusters`` of them for each sample.

    ``mean_square`` is ``sum n^2 / sum n``, ``worst`` the size of equal clusters that could hide as
    large a loss; arrays (...) hold several cells.
    """

    samples: Floats
    clusters: Floats
    mean_square: Floats
    worst: Floats


def cluster_mix(sizes: ArrayLike, alpha: float = 0.025, copies: int = 1) -> ClusterMix:
    """Describe the cluster sizes of one cell.

    Parameters
    ----------
    sizes
        Samples of every cluster (G,).
    alpha
        One-sided level in (0, .5].
    copies
        How often each cluster is taken: a larger test set of the same mix.

    Returns
    -------
    ClusterMix
        Scalars.

    Raises
    ------
    ValueError
        If there are fewer than two clusters, or one is empty.
    """
    each = np.asarray(sizes, np.float64)
    if each.ndim != 1 or len(each) < 2 or not np.all(each > 0):
        msg = "there are two clusters at least, each of one sample or more"
        raise ValueError(msg)
    each = np.repeat(each, copies)
    n = each.sum()
    worst = n / float(equivalent_clusters(each, alpha))
    figures = n, len(each) / n, (each**2).sum() / n, worst
    return ClusterMix(*(scalar(np.float64(figure)) for figure in figures))


def expected_design_effect(
    mean_size: ArrayLike, size_variation: ArrayLike, correlation: ArrayLike
) -> Floats:
    """Return the factor by which clusters inflate a sample size.

    Parameters
    ----------
    mean_size
        Mean samples per cluster, 1 or more.
    size_variation
        Standard deviation of cluster sizes over their mean.
    correlation
        Intraclass correlation of the differences, in [0, 1].

    Returns
    -------
    Floats
        ``1 + (mean_size (1 + size_variation^2) - 1) correlation``.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Eldridge, Ashby and Kerry, 2006, International Journal of Epidemiology 35:1292.
    """
    size, variation, rho = floats(mean_size, size_variation, correlation)
    if np.any((size < 1) | (variation < 0) | (rho < 0) | (rho > 1)):
        msg = "clusters hold one sample or more, and their correlation lies in [0, 1]"
        raise ValueError(msg)
    return scalar(1 + (size * (1 + variation**2) - 1) * rho)
