"""Speed of one variant over another from blocks in which both ran.

Student's t (1908, Biometrika 6:1) on log ratios inside randomized blocks, as Kalibera and Jones
(2013, Rigorous Benchmarking in Reasonable Time) have it, with an allowance for bias. A load that
comes and goes slows the variant that takes longer more evenly, so that log ratios are skewed, and a
little too large for the faster one: plain t then errs up to three times as often as its level.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .arrays import check_alpha, check_confidence, check_power
from .quantiles import Interval

#: a spread of log ratios below this is rounding: no clock is that even
NO_SPREAD = 1e-12
#: part of a block's standard deviation that its log ratio may be biased by, times 1 + |mean|
BIAS = 1 / 16
MOST_BLOCKS = 1_000_000


def speed_ratio(log_ratios: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the geometric mean of paired speed ratios with its interval.

    Parameters
    ----------
    log_ratios
        Log of candidate speed over reference speed (K,), one for each block.
    confidence
        Of the two-sided interval.

    Returns
    -------
    Interval
        Ratios above 0, 1 being equal speed; `speed_p_within` and `speed_p_beyond` inverted. The
        ends are NaN for fewer than two blocks, and where all gave one ratio, which no clock does;
        all is NaN for none.

    Raises
    ------
    ValueError
        If a log ratio is not finite, or the confidence is outside (0, 1).
    """
    alpha = check_confidence(confidence)
    logs = _row(log_ratios)
    if len(logs) < 2:
        return _around(logs, np.nan)
    mean, spread = float(logs.mean()), float(logs.std(ddof=1))
    half = _half_width(len(logs), alpha, mean) * spread if spread > NO_SPREAD else np.nan
    return _around(logs, half)


def throughput_interval(log_throughputs: ArrayLike, confidence: float = 0.95) -> Interval:
    """Return the geometric mean of the throughputs of one variant with its t interval.

    Parameters
    ----------
    log_throughputs
        Log of samples per second (K,), one for each block.
    confidence
        Of the two-sided interval.

    Returns
    -------
    Interval
        In samples per second. It holds for these minutes of this machine: what slows one block
        slows its neighbours too, and ratios inside blocks alone are free of that. The ends are NaN
        for fewer than two blocks; all is NaN for none.

    Raises
    ------
    ValueError
        If a logarithm is not finite, or the confidence is outside (0, 1).
    """
    alpha = check_confidence(confidence)
    logs = _row(log_throughputs)
    if len(logs) < 2:
        return _around(logs, np.nan)
    spread = float(logs.std(ddof=1)) / np.sqrt(len(logs))
    half = -float(special.stdtrit(len(logs) - 1, alpha)) * spread
    return _around(logs, half)


def speed_p_within(log_ratios: ArrayLike, speedup: float = 1.0) -> float:
    """Return p of 'the speed ratio is the declared one or less': small speaks for faster.

    Parameters
    ----------
    log_ratios
        Log of candidate speed over reference speed (K,), one for each block.
    speedup
        The declared ratio, above 0.

    Returns
    -------
    float
        One-sided p in [0, 1]; NaN for fewer than two blocks, or where all gave one ratio, which no
        clock does.

    Raises
    ------
    ValueError
        If a log ratio is not finite, or the declared ratio is not above 0.

    Notes
    -----
    t with K - 1 degrees of freedom, the mean moved against what is to be shown by a sixteenth of
    the standard deviation times ``1 + |mean|``: more blocks do not make the bias less.
    """
    logs = _row(log_ratios)
    if not 0 < speedup < np.inf:
        msg = f"a speed-up is above 0 and finite, not {speedup}"
        raise ValueError(msg)
    blocks = len(logs)
    if blocks < 2 or logs.std(ddof=1) <= NO_SPREAD:
        return np.nan
    mean, spread = float(logs.mean()), float(logs.std(ddof=1))
    away = mean - float(np.log(speedup)) - _bias(mean) * spread
    return float(special.stdtr(blocks - 1, -away / spread * np.sqrt(blocks)))


def speed_p_beyond(log_ratios: ArrayLike, speedup: float = 1.0) -> float:
    """Return p of 'the speed ratio is the declared one or more': small speaks for slower.

    See Also
    --------
    speed_p_within : for the parameters, and what is raised.
    """
    return speed_p_within(-_row(log_ratios), 1 / speedup if speedup else speedup)


def speed_needed_blocks(
    log_ratios: ArrayLike, speedup: float, alpha: float = 0.025, power: float = 0.9
) -> float:
    """Return how many blocks would settle a declared ratio, were mean and spread as seen.

    Parameters
    ----------
    log_ratios
        Log of candidate speed over reference speed (K,), one for each block.
    speedup
        The declared ratio, above 0.
    alpha
        One-sided level of the next timing.
    power
        Probability in (0, 1) of settling it.

    Returns
    -------
    float
        NaN for fewer than two blocks or no spread; infinite where a million would not do.

    Raises
    ------
    ValueError
        If a log ratio is not finite, or the level or the power is out of range.
    """
    logs, level = _row(log_ratios), float(check_alpha(alpha))
    sure = float(special.ndtri(check_power(power)))
    if len(logs) < 2 or logs.std(ddof=1) <= NO_SPREAD:
        return np.nan
    mean = float(logs.mean())
    away = abs(mean - np.log(speedup)) / float(logs.std(ddof=1))
    for blocks in np.unique(np.geomspace(10, MOST_BLOCKS, 400).astype(int)).tolist():
        half = _half_width(blocks, level, mean)
        if half + sure / np.sqrt(blocks) < away:
            return float(blocks)
    return np.inf


def _around(logs: NDArray[np.float64], half: float) -> Interval:
    """Return the geometric mean with ends whose logarithms are ``half`` away; all NaN for none."""
    mean = float(logs.mean()) if len(logs) else np.nan
    return Interval(*(float(np.exp(mean + side)) for side in (0.0, -half, half)))


def _bias(mean: float) -> float:
    """Return the allowance for bias, in standard deviations of a block."""
    return BIAS * (1 + abs(mean))


def _half_width(blocks: int, alpha: float, mean: float) -> float:
    """Return half the width of the interval, in standard deviations of a block."""
    return -float(special.stdtrit(blocks - 1, alpha)) / float(np.sqrt(blocks)) + _bias(mean)


def _row(log_ratios: ArrayLike) -> NDArray[np.float64]:
    logs = np.asarray(log_ratios, np.float64)
    if logs.ndim != 1 or not np.isfinite(logs).all():
        msg = "log ratios are one row of finite numbers"
        raise ValueError(msg)
    return logs
