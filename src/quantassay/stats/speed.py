"""Speed of the candidate over the reference from adjacent paired blocks.

Student's t (1908, Biometrika 6:1) on log ratios of adjacent pairs, as Kalibera and Jones (2013,
Rigorous Benchmarking in Reasonable Time) have it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import check_confidence
from .quantiles import Interval


def speed_ratio(log_ratios: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the geometric mean of paired speed ratios with its t interval.

    Parameters
    ----------
    log_ratios
        Log of candidate speed over reference speed (K,), one for each pair of adjacent blocks.
    confidence
        Of the two-sided interval.

    Returns
    -------
    Interval
        Ratios above 0, 1 being equal speed; t with K - 1 degrees of freedom on the logs. The ends
        are NaN for fewer than two pairs, and all is NaN for none.

    Raises
    ------
    ValueError
        If a log ratio is not finite, or the confidence is outside (0, 1).
    """
    alpha = check_confidence(confidence)
    logs = np.asarray(log_ratios, np.float64)
    if logs.ndim != 1 or not np.isfinite(logs).all():
        msg = "log ratios are one row of finite numbers"
        raise ValueError(msg)
    pairs = len(logs)
    if pairs < 2:
        return Interval(float(np.exp(logs[0])) if pairs else np.nan, np.nan, np.nan)
    mean = float(logs.mean())
    half = -float(special.stdtrit(pairs - 1, alpha)) * float(logs.std(ddof=1)) / np.sqrt(pairs)
    return Interval(float(np.exp(mean)), float(np.exp(mean - half)), float(np.exp(mean + half)))
