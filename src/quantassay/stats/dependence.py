"""How much samples of one cluster hang together, and what that costs."""

from __future__ import annotations

from numpy.typing import ArrayLike

from .arrays import Floats, scalar
from .cluster_totals import cluster_sums


def intraclass_correlation(
    sizes: ArrayLike, totals: ArrayLike, square_total: ArrayLike, cells: ArrayLike | None = None
) -> Floats:
    """Return the share of a score's variance that lies between clusters.

    Parameters
    ----------
    sizes, totals
        Number of samples, and sum of their scores, in every cluster (N,).
    square_total
        Sum of squares of all scores, one for every cell.
    cells
        Cell of every cluster (N,), from 0; None: all are of one cell.

    Returns
    -------
    Floats
        At most 1, negative where clusters differ less than chance; NaN where all clusters hold
        one sample, there are fewer than two, or the scores do not vary.

    Notes
    -----
    The estimate of one-way analysis of variance for unequal clusters (Donner, 1986, International
    Statistical Review 54:67).
    """
    sums = cluster_sums(sizes, totals, cells)
    return scalar(sums.intraclass_correlation(square_total))


def design_effect(
    sizes: ArrayLike, totals: ArrayLike, square_total: ArrayLike, cells: ArrayLike | None = None
) -> Floats:
    """Return the squared standard error by cluster over that of independent samples.

    Parameters
    ----------
    sizes, totals, square_total, cells
        As for `intraclass_correlation`, of differences.

    Returns
    -------
    Floats
        Not negative; NaN where there are fewer than two clusters or no variance.

    Notes
    -----
    Kish, Survey Sampling, 1965, section 8.2.
    """
    return scalar(cluster_sums(sizes, totals, cells).design_effect(square_total))
