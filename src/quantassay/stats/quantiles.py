"""Quantiles of independent values: distribution-free intervals from order statistics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import check_confidence


@dataclass(frozen=True)
class Interval:
    """An estimate with both ends of its interval; NaN where undefined."""

    estimate: float
    low: float
    high: float


def quantile_interval(values: ArrayLike, q: float, confidence: float = 0.95) -> Interval:
    """Return a quantile between two order statistics.

    Parameters
    ----------
    values
        Independent values (n,) in any order.
    q
        Quantile in (0, 1).
    confidence
        Of the two-sided interval.

    Returns
    -------
    Interval
        An end is NaN where no order statistic bounds the quantile at this confidence (the 99th
        percentile of fewer than 368 values has no high end at .95).

    Raises
    ------
    ValueError
        If a value is NaN, or ``q`` or the confidence is outside (0, 1).

    Notes
    -----
    Ranks r, s with P(Binomial(n, q) < r) <= alpha and P(Binomial(n, q) >= s) <= alpha (David and
    Nagaraja, Order Statistics, 2003, section 7.1).
    """
    alpha = check_confidence(confidence)
    x = np.sort(np.asarray(values, np.float64).ravel())
    if not 0 < q < 1 or np.isnan(x).any():
        msg = "a quantile in (0, 1) of numbers is asked for, none of them NaN"
        raise ValueError(msg)
    if not len(x):
        return Interval(np.nan, np.nan, np.nan)
    below = special.bdtr(np.arange(len(x), dtype=float), len(x), q)
    low = int(np.searchsorted(below, alpha, side="right"))
    high = int(np.searchsorted(below, 1 - alpha, side="left")) + 1
    return Interval(
        float(np.quantile(x, q)),
        float(x[low - 1]) if low else np.nan,
        float(x[high - 1]) if high <= len(x) else np.nan,
    )
