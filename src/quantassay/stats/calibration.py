"""Repeated draws of what calibrates: how far a fresh draw may lie from those seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_confidence
from .deviation import deviation_factors
from .quantiles import Interval

UNDEFINED = Interval(np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class SampleNoise:
    """What finite samples alone do to the losses of several draws; NaN where undefined.

    ``between`` is the variance between draws that they make, ``within`` the variance of the loss of
    one draw over fresh samples, ``error`` the standard error of the variance between draws.
    """

    between: float
    within: float
    error: float


def sample_noise(values: ArrayLike) -> SampleNoise:
    """Return how far finite samples alone make the losses of draws vary.

    Parameters
    ----------
    values
        Jackknife values of the loss of every draw at every unit of the samples (K, G); for a mean
        over independent samples, the differences themselves.

    Returns
    -------
    SampleNoise
        NaN for fewer than two draws or units.

    Raises
    ------
    ValueError
        If a value is not finite.

    Notes
    -----
    ``between`` is the interaction's mean square over G in a two-way analysis of variance with
    random draws and samples (Searle, Casella and McCulloch, Variance Components, 1992, chapter 4);
    the others are jackknives over units, ``within`` averaged over draws.
    """
    v = np.asarray(values, np.float64)
    if v.ndim != 2 or not np.isfinite(v).all():
        msg = "values are finite numbers (draws, units)"
        raise ValueError(msg)
    draws, units = v.shape
    if draws < 2 or units < 2:
        return SampleNoise(np.nan, np.nan, np.nan)
    rest = v - v.mean(axis=1, keepdims=True) - v.mean(axis=0) + v.mean()
    between = float((rest**2).sum()) / (draws - 1) / (units - 1) / units
    without = ((v.sum(axis=1, keepdims=True) - v) / (units - 1)).var(axis=0, ddof=1)
    error = float(np.sqrt((units - 1) * without.var()))
    return SampleNoise(between, float(v.var(axis=1, ddof=1).mean()) / units, error)


def between_draws(
    losses: ArrayLike, noise: SampleNoise, confidence: float = 0.95, shared: float = 0.0
) -> Interval:
    """Return the standard deviation of the loss between draws, on endless samples.

    Parameters
    ----------
    losses
        Loss of every draw, on the same samples (K,).
    noise
        What finite samples do: `sample_noise`.
    confidence
        Of the two-sided interval.
    shared
        Mean share of its samples that a draw has in common with another, in [0, 1).

    Returns
    -------
    Interval
        Not negative; NaN for fewer than two draws. Ends that are both 0 say that nothing varies
        here, not that nothing would elsewhere.

    Raises
    ------
    ValueError
        If a loss is not finite, or the confidence or the share is out of range.

    Notes
    -----
    The variance of the losses less that which samples make, truncated at 0. The ends are those of
    the variance of the losses, chi-square with K - 1 degrees of freedom, in quadrature with the
    error that samples leave in it: where few samples change, the same few decide every draw.
    Draws that share samples vary less: for what is linear in the samples that calibrate, by the
    factor 1 - shared, by which variances are divided.
    """
    x, alpha = _check(losses, confidence, shared)
    if len(x) < 2 or np.isnan(noise.between):
        return UNDEFINED
    variance, z = float(x.var(ddof=1)), -special.ndtri(alpha)
    low, high = np.square(deviation_factors(len(x), confidence))
    own = variance - noise.between
    below = np.hypot(variance * (1 - low), z * noise.error)
    above = np.hypot(variance * (high - 1), z * noise.error)
    squares = np.maximum([own, own - below, own + above], 0.0) / (1 - shared)
    return Interval(*np.sqrt(squares).tolist())


def share_of_draws(spread: Interval, sampling: float) -> Interval:
    """Return the share of a loss's variance that the choice of the draw alone explains.

    Parameters
    ----------
    spread
        Standard deviation between draws: `between_draws`.
    sampling
        Variance of the loss of one draw over fresh samples: ``within`` of `sample_noise`.

    Returns
    -------
    Interval
        In [0, 1]; NaN where neither draws nor samples make the loss vary. The ends are those of the
        spread; the sampling variance, known far better, is taken as it is.
    """
    squares = np.array([spread.estimate, spread.low, spread.high]) ** 2
    if np.isnan([*squares, sampling]).any() or squares[0] + sampling <= 0:
        return UNDEFINED
    return Interval(*(squares / (squares + sampling)).tolist())


def fresh_draw_interval(
    losses: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    confidence: float = 0.95,
    shared: float = 0.0,
) -> Interval:
    """Return the mean loss with an interval for the true loss of one further draw.

    Parameters
    ----------
    losses
        Loss of every draw, on the same samples (K,).
    low, high
        Both ends of its interval, at the same confidence (K,).
    confidence, shared
        As for `between_draws`.

    Returns
    -------
    Interval
        In the metric's unit; NaN ends for fewer than two draws, or where a draw has none.

    Raises
    ------
    ValueError
        If a loss is not finite, or the confidence or the share is out of range.

    Notes
    -----
    ``t s sqrt(1 + 1 / K)`` with K - 1 degrees of freedom, s being the standard deviation of the
    losses (Hahn and Meeker, Statistical Intervals, 1991, section 4.8), in quadrature on each side
    with how far the ends lie from the loss, averaged over draws (Zou and Donner's MOVER, 2008).
    What samples add to s is not subtracted: with few draws nothing is often left, and the interval
    would then miss too often. Where draws share samples, s is that of draws which do not, and the
    mean varies with what is shared: ``sqrt((1 + 1 / K + (1 - 1 / K) shared) / (1 - shared))``.
    """
    x, alpha = _check(losses, confidence, shared)
    loss, k = float(x.mean()) if len(x) else np.nan, len(x)
    if k < 2:
        return Interval(loss, np.nan, np.nan)
    fresh = np.sqrt((1 + 1 / k + (1 - 1 / k) * shared) / (1 - shared))
    among_draws = -special.stdtrit(k - 1, alpha) * x.std(ddof=1) * fresh
    below = np.hypot(among_draws, float((x - np.asarray(low)).mean()))
    above = np.hypot(among_draws, float((np.asarray(high) - x).mean()))
    return Interval(loss, float(loss - below), float(loss + above))


def _check(losses: ArrayLike, confidence: float, shared: float) -> tuple[Floats, float]:
    alpha = check_confidence(confidence)
    x = np.asarray(losses, np.float64)
    if x.ndim != 1 or not np.isfinite(x).all() or not 0 <= shared < 1:
        msg = "losses are finite numbers, one a draw, and draws share less than all their samples"
        raise ValueError(msg)
    return x, alpha
