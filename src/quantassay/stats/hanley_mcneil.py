"""Variance of AUROC from its level alone, for planning."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, floats, scalar


def auroc_variance(auroc: ArrayLike, positives: ArrayLike, negatives: ArrayLike) -> Floats:
    """Return the variance of one AUROC for planning, before any score is seen.

    Parameters
    ----------
    auroc
        Expected area, 0 to 1.
    positives, negatives
        Planned samples of each class, 1 or more.

    Returns
    -------
    Floats
        Variance, not negative.

    Raises
    ------
    ValueError
        If an area or a count is out of range.

    Notes
    -----
    Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747, for exponential scores.
    """
    area, m, n = floats(auroc, positives, negatives)
    if not np.all((area >= 0) & (area <= 1) & (m >= 1) & (n >= 1)):
        msg = "an area lies in [0, 1], and each class has a sample"
        raise ValueError(msg)
    of_positives, of_negatives = _components(area)
    whole = area * (1 - area) + (n - 1) * of_positives + (m - 1) * of_negatives
    return scalar(whole / (m * n))


def auroc_difference_variance(
    reference: ArrayLike, loss: ArrayLike, correlation: ArrayLike, prevalence: ArrayLike
) -> Floats:
    """Return n times the variance of a paired difference of AUROC, for planning.

    Its root is the spread that a sample-size formula for means asks for; the cap that stands for
    the appended samples is one over the share of the smaller class.

    Parameters
    ----------
    reference
        Expected area of the reference, 0 to 1.
    loss
        Expected loss; the candidate's area is the reference's less this.
    correlation
        Of the two sides' placements within a class, -1 to 1.
    prevalence
        Share of positives, in (0, 1).

    Returns
    -------
    Floats
        Variance of one sample's contribution, in the limit of large n.

    Raises
    ------
    ValueError
        If an area, a correlation or a share is out of range.

    Notes
    -----
    Hanley and McNeil 1983, doi:10.1148/radiology.148.3.6878708: components of each side, joined
    by the correlation.
    """
    first, lost, rho, share = floats(reference, loss, correlation, prevalence)
    second = first - lost
    inside = (np.minimum(first, second) >= 0) & (np.maximum(first, second) <= 1)
    if not np.all(inside & (np.abs(rho) <= 1) & (share > 0) & (share < 1)):
        msg = "areas lie in [0, 1], the correlation in [-1, 1] and the prevalence in (0, 1)"
        raise ValueError(msg)
    parts = [
        a + b - 2 * rho * np.sqrt(a * b)
        for a, b in zip(_components(first), _components(second), strict=True)
    ]
    return scalar(parts[0] / share + parts[1] / (1 - share))


def _components(area: Floats) -> tuple[Floats, Floats]:
    """Return the variances of the placements of positives and of negatives."""
    return 2 * area**2 / (1 + area) - area**2, area / (2 - area) - area**2
