"""Standard deviations of few values, with their chi-square interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import check_confidence
from .quantiles import Interval


def deviation_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the standard deviation of independent normal values with its interval.

    Parameters
    ----------
    values
        Values (K,).
    confidence
        Of the two-sided interval.

    Returns
    -------
    Interval
        In the unit of the values; NaN for fewer than two.

    Raises
    ------
    ValueError
        If a value is not finite, or the confidence is outside (0, 1).

    Notes
    -----
    ``(K - 1) s^2 / sigma^2`` is chi-square with K - 1 degrees of freedom. It needs normal values:
    heavier tails make the interval too narrow, however many there are (Scheffe, The Analysis of
    Variance, 1959, section 10.2).
    """
    x = np.asarray(values, np.float64)
    if x.ndim != 1 or not np.isfinite(x).all():
        msg = "values are one row of finite numbers"
        raise ValueError(msg)
    low, high = deviation_factors(len(x), confidence)
    spread = float(x.std(ddof=1)) if len(x) > 1 else np.nan
    return Interval(spread, low * spread, high * spread)


def deviation_factors(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return what a standard deviation of ``count`` normal values is multiplied by for its ends.

    Parameters
    ----------
    count
        Values; NaN is returned for fewer than two.
    confidence
        Of the two-sided interval.

    Returns
    -------
    tuple of float
        Below and above 1.

    Examples
    --------
    >>> [round(factor, 2) for factor in deviation_factors(8)]
    [0.66, 2.04]
    """
    alpha, df = check_confidence(confidence), count - 1
    if df < 1:
        return np.nan, np.nan
    tails = special.chdtri(df, alpha), special.chdtri(df, 1 - alpha)
    return float(np.sqrt(df / tails[0])), float(np.sqrt(df / tails[1]))
