"""What a pilot tells: spread and tails of the loss, and what the worst sample would cost.

They go into `mean_sample_size`: influence values as spread, harm as cap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, scalar

Value = Callable[[Any], Any]


def ratio_influence(reference: ArrayLike, candidate: ArrayLike, value: Value) -> Floats:
    """Return how much each sample moves n times the loss of a metric of sums.

    Parameters
    ----------
    reference, candidate
        Rows (n, d) of both sides, two samples at least.
    value
        Maps sums (..., d) to the metric (...), higher is better.

    Returns
    -------
    Floats
        Jackknife influence values (n,) around 0: their standard deviation over the root of n is
        the standard error of the loss. NaN where the metric is undefined without a sample.

    Raises
    ------
    ValueError
        If shapes differ, or there are fewer than two samples.

    Notes
    -----
    Efron, 1982, The Jackknife, the Bootstrap and Other Resampling Plans, chapter 3.
    """
    ref, cand = np.asarray(reference, np.float64), np.asarray(candidate, np.float64)
    if ref.ndim != 2 or ref.shape != cand.shape or len(ref) < 2:
        msg = "rows are (n, d) on both sides, of two samples at least"
        raise ValueError(msg)
    without = np.asarray(value(ref.sum(axis=0) - ref) - value(cand.sum(axis=0) - cand))
    return np.asarray((len(ref) - 1) * (without.mean() - without))


def ratio_harm(
    reference: ArrayLike,
    candidate: ArrayLike,
    value: Value,
    pseudo_reference: ArrayLike,
    pseudo_candidate: ArrayLike,
) -> Floats:
    """Return how much the most harmful sample would move n times the loss.

    Parameters
    ----------
    reference, candidate, value
        As for `ratio_influence`.
    pseudo_reference, pseudo_candidate
        Rows (d,) of the most harmful sample.

    Returns
    -------
    Floats
        In the metric's unit: the cap that stands for pseudo-samples in planning.
    """
    ref, cand = (np.asarray(side, np.float64) for side in (reference, candidate))
    sums = ref.sum(axis=0), cand.sum(axis=0)
    worse = sums[0] + np.asarray(pseudo_reference), sums[1] + np.asarray(pseudo_candidate)
    moved = (value(worse[0]) - value(worse[1])) - (value(sums[0]) - value(sums[1]))
    return scalar((len(ref) + 1) * np.asarray(moved, np.float64))


def spread_upper(influence: ArrayLike, confidence: float = 0.8) -> Floats:
    """Return an upper bound of a standard deviation, for planning.

    Parameters
    ----------
    influence
        Differences or influence values (n,) of a pilot.
    confidence
        One-sided confidence of the bound, at least .5.

    Returns
    -------
    Floats
        Root of the upper normal limit of the mean squared deviation, so that heavy tails widen
        it; NaN below two values.

    Raises
    ------
    ValueError
        If the confidence is out of range.
    """
    values = np.asarray(influence, np.float64)
    if not 0.5 <= confidence < 1:
        msg = f"a bound for planning has a confidence in [.5, 1): {confidence}"
        raise ValueError(msg)
    if values.size < 2:
        return scalar(np.nan)
    squares = (values - values.mean()) ** 2 * values.size / (values.size - 1)
    error = squares.std(ddof=1) / np.sqrt(values.size)
    return scalar(np.sqrt(squares.mean() + special.ndtri(confidence) * error))


class Tails(NamedTuple):
    """Skewness, and kurtosis in excess of 3."""

    skewness: Floats
    kurtosis: Floats


def tails(influence: ArrayLike) -> Tails:
    """Return skewness and excess kurtosis of the losses of a pilot.

    Parameters
    ----------
    influence
        Losses or influence values (n,); a pilot shows the tails no heavier than it holds them.

    Returns
    -------
    Tails
        Moment estimates; 0 where the values do not vary.
    """
    values = np.asarray(influence, np.float64)
    d = values - values.mean() if values.size else values
    variance = float((d**2).mean()) if values.size else 0.0
    if variance <= 0:
        return Tails(scalar(0.0), scalar(0.0))
    return Tails(scalar((d**3).mean() / variance**1.5), scalar((d**4).mean() / variance**2 - 3))
