"""Planning a paired AUROC: sample size, power and the smallest detectable loss.

The interval that will decide is worked out at its expected sums (DeLong, DeLong and Clarke-Pearson,
1988, Biometrics 44:837).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_margin, check_power, floats, scalar
from .auroc import auroc_bounds, auroc_floor
from .placements import Placements
from .planning_search import least_size


def auroc_sample_size(
    margin: ArrayLike,
    spread: ArrayLike,
    prevalence: ArrayLike,
    loss: ArrayLike = 0.0,
    power: ArrayLike = 0.9,
    alpha: ArrayLike = 0.025,
) -> Floats:
    """Return how many samples of both classes pass with the given power.

    Parameters
    ----------
    margin
        Largest loss accepted, in AUROC.
    spread
        Root of n times the variance of the paired difference: the root of
        `auroc_difference_variance` where level and correlation are expected, or of
        ``s1^2 / prevalence + s0^2 / (1 - prevalence)`` with the standard deviations of a pilot's
        differences of placements in each class.
    prevalence
        Share of positives, in (0, 1).
    loss
        Expected true loss.
    power
        Probability of a pass, in (0, 1).
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    Floats
        Whole numbers, never fewer than give either class its `auroc_floor`; infinite where the
        loss is the margin or more; NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    The interval of `auroc_bounds`, its appended samples included, at the sums that are expected.
    """
    design = _design(spread, prevalence, loss, power, alpha)
    m, _ = floats(check_margin(margin), design.spread)
    defined = ~np.isnan(m + design.spread + design.loss)
    found = np.maximum(least_size(design.reach, m, defined), design.floor(m))
    return scalar(np.where(defined, np.where(design.loss < m, found, np.inf), np.nan))


def auroc_power(
    n: ArrayLike,
    margin: ArrayLike,
    spread: ArrayLike,
    prevalence: ArrayLike,
    loss: ArrayLike = 0.0,
    alpha: ArrayLike = 0.025,
) -> Floats:
    """Return the probability that a paired AUROC passes, by the normal approximation.

    Parameters
    ----------
    n
        Samples of both classes.
    margin, spread, prevalence, loss, alpha
        As for `auroc_sample_size`.

    Returns
    -------
    Floats
        In [0, 1]; 0 where a class is below its floor; NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    design = _design(spread, prevalence, loss, 0.5, alpha)
    size, m, _ = floats(n, check_margin(margin), design.spread)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (m - design.reach(size)) / design.deviation(size)
    power = np.where(size >= design.floor(m), special.ndtr(z), 0.0)
    return scalar(np.where(np.isnan(size + m + design.spread + design.loss), np.nan, power))


def smallest_detectable_auroc(
    n: ArrayLike,
    spread: ArrayLike,
    prevalence: ArrayLike,
    alpha: ArrayLike = 0.025,
    power: ArrayLike = 0.9,
) -> Floats:
    """Return the smallest margin that a candidate without loss passes with the given power.

    Parameters
    ----------
    n, spread, prevalence, alpha, power
        As for `auroc_sample_size`, of which this is the inverse.

    Returns
    -------
    Floats
        In AUROC; NaN where a class has no sample, or an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    design = _design(spread, prevalence, 0.0, power, alpha)
    size, _ = floats(n, design.spread)
    return scalar(np.where(size > 0, design.reach(np.maximum(size, 1.0)), np.nan))


@dataclass(frozen=True)
class _Design:
    """A planned AUROC; its variance is shared evenly between the two classes."""

    spread: Floats
    prevalence: Floats
    loss: Floats
    z_power: Floats
    alpha: Floats

    def floor(self, margin: Floats) -> Floats:
        """Return the n that gives the rarer class its floor."""
        rarer = np.minimum(self.prevalence, 1 - self.prevalence)
        return np.asarray(np.ceil(auroc_floor(margin, self.alpha) / rarer - 1e-9))

    def high(self, n: Floats, loss: Floats) -> Floats:
        """Return the upper end expected of n samples."""
        share = self.prevalence
        positives, negatives = n * share, n * (1 - share)
        square = self.spread**2 * share * (1 - share) + loss**2
        pairs = Placements(
            positives, negatives, loss, 0.0 * loss, positives * square, negatives * square
        )
        return auroc_bounds(pairs, self.alpha)[1]

    def deviation(self, n: Floats) -> Floats:
        """Return the standard deviation of the upper end."""
        error = self.spread / np.sqrt(n)
        moved = self.high(n, self.loss + error) - self.high(n, self.loss)
        return np.asarray(np.minimum(moved, error))

    def reach(self, n: Floats) -> Floats:
        """Return the smallest margin that n samples pass with the power asked for."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.high(n, self.loss) + self.z_power * self.deviation(n))


def _design(
    spread: ArrayLike, prevalence: ArrayLike, loss: ArrayLike, power: ArrayLike, alpha: ArrayLike
) -> _Design:
    share = np.asarray(prevalence, np.float64)
    if np.any(np.asarray(spread) < 0) or np.any((share <= 0) | (share >= 1)):
        msg = "a standard deviation is not negative, and a prevalence lies in (0, 1)"
        raise ValueError(msg)
    z_power = special.ndtri(check_power(power))
    return _Design(*floats(spread, share, loss, z_power, check_alpha(alpha)))
