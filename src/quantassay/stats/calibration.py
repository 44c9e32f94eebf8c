"""Repeated draws over the same samples: how far a fresh draw may lie from those seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_confidence
from .deviation import deviation_factors
from .quantiles import Interval


def between_draws(differences: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the standard deviation of the mean loss between draws, on endless samples.

    Parameters
    ----------
    differences
        Candidate minus reference of every draw on every sample (K, n).
    confidence
        Of the two-sided interval.

    Returns
    -------
    Interval
        Not negative; NaN for fewer than two draws or samples.

    Raises
    ------
    ValueError
        If a difference is not finite, or the confidence is outside (0, 1).

    Notes
    -----
    Two-way analysis of variance with random draws and samples (Searle, Casella and McCulloch,
    Variance Components, 1992, chapter 4): the variance of the draws' means less the interaction's
    mean square over n, truncated at 0. The ends are those of the variance of the draws' means,
    chi-square with K - 1 degrees of freedom, less the same.
    """
    d = _check(differences)
    draws, samples = d.shape
    if draws < 2 or samples < 2:
        return Interval(np.nan, np.nan, np.nan)
    means = d.mean(axis=1)
    rest = d - means[:, None] - d.mean(axis=0) + d.mean()
    chance = float((rest**2).sum()) / (draws - 1) / (samples - 1) / samples
    factors = np.array([1.0, *deviation_factors(draws, confidence)])
    return Interval(*np.sqrt(np.maximum(factors**2 * means.var(ddof=1) - chance, 0.0)).tolist())


def fresh_draw_interval(differences: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the mean loss with an interval for the true mean loss of one further draw.

    Parameters
    ----------
    differences, confidence
        As for `between_draws`.

    Returns
    -------
    Interval
        In the metric's unit; NaN ends for fewer than two draws or samples.

    Raises
    ------
    ValueError
        If a difference is not finite, or the confidence is outside (0, 1).

    Notes
    -----
    ``t s sqrt(1 + 1 / K)`` with K - 1 degrees of freedom, s being the standard deviation of the
    draws' means (Hahn and Meeker, Statistical Intervals, 1991, section 4.8), in quadrature with
    the t interval of the samples' means over draws. The interaction is not subtracted from s:
    with few draws the difference is often 0, and the interval would then miss too often.
    """
    d, alpha = _check(differences), check_confidence(confidence)
    draws, samples = d.shape
    loss = float(0.0 - d.mean()) if d.size else np.nan
    if draws < 2 or samples < 2:
        return Interval(loss, np.nan, np.nan)
    among_draws = special.stdtrit(draws - 1, alpha) * d.mean(axis=1).std(ddof=1)
    among_samples = special.stdtrit(samples - 1, alpha) * d.mean(axis=0).std(ddof=1)
    half = float(np.hypot(among_draws * np.sqrt(1 + 1 / draws), among_samples / np.sqrt(samples)))
    return Interval(loss, loss - half, loss + half)


def _check(differences: ArrayLike) -> Floats:
    d = np.asarray(differences, np.float64)
    if d.ndim != 2 or not np.isfinite(d).all():
        msg = "differences are finite numbers (draws, samples)"
        raise ValueError(msg)
    return d
