"""Planning means: sample size, power and the smallest detectable loss.

The t+w interval at its expected sums, the price of its pseudo-observations included; Student's t
(1908, Biometrika 6:1) where there is no cap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_cap, check_margin, check_power, floats, scalar
from .means import mean_floor
from .planning_search import least_size
from .pseudo import pseudo_count


def mean_sample_size(
    margin: ArrayLike,
    spread: ArrayLike,
    cap: ArrayLike | None,
    loss: ArrayLike = 0.0,
    power: ArrayLike = 0.9,
    alpha: ArrayLike = 0.025,
    skewness: ArrayLike = 0.0,
    kurtosis: ArrayLike = 0.0,
) -> Floats:
    """Return the n at which a mean passes with the given power.

    Parameters
    ----------
    margin
        Largest loss accepted, in the metric's unit.
    spread
        Standard deviation of the paired differences.
    cap
        Largest absolute difference: it prices the pseudo-observations. None: a plain t interval.
    loss
        Expected true loss.
    power
        Probability of a pass, in (0, 1).
    alpha
        One-sided level in (0, .5].
    skewness, kurtosis
        Of the losses, the latter in excess of 3; below 0 they count as 0. Where a share p of
        samples changes by the same amount up or down, kurtosis is ``1 / p - 3``.

    Returns
    -------
    Floats
        Whole numbers, never below `mean_floor`; infinite where the loss is the margin or more;
        NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Normal approximation, with the pseudo-observations and Student's quantile put in. The upper
    end also varies because its standard error is estimated: its variance is that of the mean
    times ``1 + z skewness / sqrt n + z^2 (kurtosis + 2) / (4 n)``.
    """
    design = _design(spread, cap, loss, power, alpha, check_margin(margin), skewness, kurtosis)
    m, defined = design.margin, ~np.isnan(design.margin + design.spread + design.loss)
    enough = least_size(design.reach, m, defined)
    enough = np.where(design.loss < m, enough, np.inf)
    floor = 2.0 if cap is None else mean_floor(cap, m, alpha)
    return scalar(np.where(defined, np.maximum(enough, floor), np.nan))


def mean_power(
    n: ArrayLike,
    margin: ArrayLike,
    spread: ArrayLike,
    cap: ArrayLike | None,
    loss: ArrayLike = 0.0,
    alpha: ArrayLike = 0.025,
    skewness: ArrayLike = 0.0,
    kurtosis: ArrayLike = 0.0,
) -> Floats:
    """Return the probability that a mean passes, by the normal approximation.

    Parameters
    ----------
    n
        Pairs.
    margin, spread, cap, loss, alpha, skewness, kurtosis
        As for `mean_sample_size`.

    Returns
    -------
    Floats
        In [0, 1]; 0 below the floor; NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    design = _design(spread, cap, loss, 0.5, alpha, check_margin(margin), skewness, kurtosis)
    size = np.asarray(n, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (design.margin - design.reach(size)) / design.deviation(size)
    floor = 2.0 if cap is None else mean_floor(cap, design.margin, alpha)
    power = np.where(size >= floor, special.ndtr(z), 0.0)
    return scalar(np.where(np.isnan(z) & (size >= floor), np.nan, power))


def smallest_detectable_mean(
    n: ArrayLike,
    spread: ArrayLike,
    cap: ArrayLike | None,
    alpha: ArrayLike = 0.025,
    power: ArrayLike = 0.9,
    skewness: ArrayLike = 0.0,
    kurtosis: ArrayLike = 0.0,
) -> Floats:
    """Return the smallest margin that a candidate without loss passes with the given power.

    Parameters
    ----------
    n
        Pairs.
    spread, cap, alpha, power, skewness, kurtosis
        As for `mean_sample_size`, of which this is the inverse.

    Returns
    -------
    Floats
        In the metric's unit; NaN for fewer than two pairs or where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    design = _design(spread, cap, 0.0, power, alpha, 1.0, skewness, kurtosis)
    size = np.asarray(n, np.float64)
    return scalar(np.where(size > 1, design.reach(np.maximum(size, 2.0)), np.nan))


@dataclass(frozen=True)
class _Design:
    """A planned mean: ``count`` pseudo-observations at ``cap``, levels as normal quantiles."""

    spread: Floats
    cap: Floats
    loss: Floats
    margin: Floats
    alpha: Floats
    z_power: Floats
    count: Floats
    skewness: Floats
    kurtosis: Floats

    def deviation(self, n: Floats) -> Floats:
        """Return the standard deviation of the upper end once pseudo-observations are in."""
        z, root = -special.ndtri(self.alpha), np.sqrt(n)
        skewness = np.maximum(self.skewness, 0.0)
        # no law has less for its skewness
        kurtosis = np.maximum(np.maximum(self.kurtosis, 0.0), skewness**2 - 2)
        with np.errstate(invalid="ignore", divide="ignore"):
            inflation = 1 + z * skewness / root + z**2 * (kurtosis + 2) / (4 * n)
        return np.asarray(self.spread * root / (n + self.count) * np.sqrt(inflation))

    def reach(self, n: Floats) -> Floats:
        """Return the smallest margin that n pairs pass with the power asked for."""
        size, added = n + self.count, self.count * self.cap
        mean = (n * self.loss + added) / size
        square = (n - 1) * self.spread**2 + n * self.loss**2 + added * self.cap
        with np.errstate(invalid="ignore", divide="ignore"):
            error = np.sqrt(np.maximum(square - size * mean**2, 0.0) / (size - 1) / size)
            return (
                mean
                - special.stdtrit(size - 1, self.alpha) * error
                + self.z_power * self.deviation(n)
            )


def _design(
    spread: ArrayLike,
    cap: ArrayLike | None,
    loss: ArrayLike,
    power: ArrayLike,
    alpha: ArrayLike,
    margin: ArrayLike,
    skewness: ArrayLike,
    kurtosis: ArrayLike,
) -> _Design:
    level = check_alpha(alpha)
    bound, count = (0.0, 0.0) if cap is None else (check_cap(cap), pseudo_count(level))
    z_power = special.ndtri(check_power(power))
    if np.any(np.asarray(spread) < 0):
        msg = "a standard deviation is not negative"
        raise ValueError(msg)
    return _Design(*floats(spread, bound, loss, margin, level, z_power, count, skewness, kurtosis))
