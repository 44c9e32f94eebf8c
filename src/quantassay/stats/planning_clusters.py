"""Planning means over clusters: sample size, power and the smallest detectable loss.

The interval that will decide is worked out at its expected sums; how far planned sizes reach their
power was simulated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_cap, check_margin, check_power, floats, scalar
from .cluster_totals import ClusterSums
from .clusters import cluster_floor
from .planning_mix import ClusterMix
from .planning_search import least_size


def cluster_sample_size(
    mix: ClusterMix,
    margin: ArrayLike,
    spread: ArrayLike,
    cap: ArrayLike,
    correlation: ArrayLike,
    loss: ArrayLike = 0.0,
    power: ArrayLike = 0.9,
    alpha: ArrayLike = 0.025,
) -> Floats:
    """Return how many samples, in clusters of the same mix of sizes, pass with the given power.

    Parameters
    ----------
    mix
        From `cluster_mix`, of the test set or of one like it.
    margin
        Largest loss accepted, in the metric's unit.
    spread
        Standard deviation of the paired differences of samples.
    cap
        Largest absolute difference of one sample; 1 for a binary metric.
    correlation
        Intraclass correlation of the differences, in [0, 1].
    loss
        Expected true loss.
    power
        Probability of a pass, in (0, 1).
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    Floats
        Whole numbers, never fewer than fill `cluster_floor` clusters of the worst size;
        infinite where the loss is the margin or more; NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    The interval of `cluster_bounds`, pseudo-clusters included, at the sums that its clusters are
    expected to have: a cluster of n samples has variance ``spread^2 n (1 + (n - 1) correlation)``.
    """
    design = _design(mix, spread, cap, correlation, loss, power, alpha)
    m, _ = floats(check_margin(margin), design.spread)
    defined = ~np.isnan(m + design.spread + design.correlation + design.loss)
    found = least_size(design.reach, m, defined)
    floor = cluster_floor(design.cap, m, design.alpha) * design.worst
    found = np.where(design.loss < m, np.maximum(found, np.ceil(floor)), np.inf)
    return scalar(np.where(defined, found, np.nan))


def cluster_power(
    mix: ClusterMix,
    margin: ArrayLike,
    spread: ArrayLike,
    cap: ArrayLike,
    correlation: ArrayLike,
    loss: ArrayLike = 0.0,
    alpha: ArrayLike = 0.025,
    n: ArrayLike | None = None,
) -> Floats:
    """Return the probability that a mean over these clusters passes.

    Parameters
    ----------
    mix, margin, spread, cap, correlation, loss, alpha
        As for `cluster_sample_size`.
    n
        Samples in clusters of the same mix; those of ``mix`` by default.

    Returns
    -------
    Floats
        In [0, 1]; 0 below the floor; NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    design = _design(mix, spread, cap, correlation, loss, 0.5, alpha)
    m, _ = floats(check_margin(margin), design.spread)
    size = np.broadcast_to(np.asarray(mix.samples if n is None else n, np.float64), m.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        high, deviation = design.expected(size)
        z = (m - high) / deviation
    floor = cluster_floor(design.cap, m, design.alpha) * design.worst
    power = np.where(size >= floor, special.ndtr(z), 0.0)
    return scalar(np.where(np.isnan(z), np.nan, power))


def smallest_detectable_cluster(
    mix: ClusterMix,
    spread: ArrayLike,
    cap: ArrayLike,
    correlation: ArrayLike,
    alpha: ArrayLike = 0.025,
    power: ArrayLike = 0.9,
) -> Floats:
    """Return the smallest margin that a candidate without loss passes with the given power.

    Parameters
    ----------
    mix, spread, cap, correlation, alpha, power
        As for `cluster_sample_size`, of which this is the inverse.

    Returns
    -------
    Floats
        In the metric's unit; NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    design = _design(mix, spread, cap, correlation, 0.0, power, alpha)
    return scalar(design.reach(np.broadcast_to(mix.samples, design.spread.shape)))


@dataclass(frozen=True)
class _Design:
    """A planned mean over clusters, whose sizes are described per sample."""

    spread: Floats
    cap: Floats
    correlation: Floats
    loss: Floats
    z_power: Floats
    alpha: Floats
    clusters: Floats
    mean_square: Floats
    worst: Floats

    def sums(self, n: Floats, loss: Floats) -> ClusterSums:
        """Return the sums that n samples are expected to have at this loss."""
        inflation = 1 + (self.mean_square - 1) * self.correlation
        own = n * self.spread**2 * inflation * (1 - 1 / np.maximum(n * self.clusters, 1.0))
        return ClusterSums(
            clusters=n * self.clusters,
            size=n,
            size_square=n * self.mean_square,
            loss=n * loss,
            loss_square=own + n * self.mean_square * loss**2,
            size_loss=n * self.mean_square * loss,
            explained=n * loss**2,
            largest=self.worst,
            steepest=np.fmin(np.abs(loss), self.cap),
        )

    def high(self, n: Floats, loss: Floats) -> Floats:
        """Return the upper end expected of n samples."""
        return self.sums(n, loss).bounds(self.cap, self.alpha)[1]

    def expected(self, n: Floats) -> tuple[Floats, Floats]:
        """Return the upper end expected of n samples, and its standard deviation."""
        inflation = 1 + (self.mean_square - 1) * self.correlation
        error = self.spread * np.sqrt(inflation / n)
        df = np.maximum(n / self.mean_square - 1, 1.0)
        # the standard error is estimated too
        widened = np.sqrt(1 + special.ndtri(self.alpha) ** 2 / (2 * df))
        high = self.high(n, self.loss)
        moved = self.high(n, self.loss + error) - high
        return high, np.asarray(np.minimum(moved, error) * widened)

    def reach(self, n: Floats) -> Floats:
        """Return the smallest margin that n samples pass with the power asked for."""
        with np.errstate(invalid="ignore", divide="ignore"):
            high, deviation = self.expected(n)
            return np.asarray(high + self.z_power * deviation)


def _design(
    mix: ClusterMix,
    spread: ArrayLike,
    cap: ArrayLike,
    correlation: ArrayLike,
    loss: ArrayLike,
    power: ArrayLike,
    alpha: ArrayLike,
) -> _Design:
    rho = np.asarray(correlation)
    if np.any(np.asarray(spread) < 0) or np.any((rho < 0) | (rho > 1)):
        msg = "a standard deviation is not negative, and a planned correlation lies in [0, 1]"
        raise ValueError(msg)
    z_power = special.ndtri(check_power(power))
    return _Design(
        *floats(spread, check_cap(cap), correlation, loss, z_power, check_alpha(alpha), *mix[1:])
    )
