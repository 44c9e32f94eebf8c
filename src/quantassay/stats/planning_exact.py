"""Exact power of the paired binary rule, and the sample size that reaches it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .arrays import Floats, check_alpha, check_margin, check_power, floats, scalar
from .binary import binary_floor, binary_p_within
from .planning_binary import (
    binary_power,
    binary_sample_size,
    check_share,
    smallest_detectable_binary,
)
from .tango import restricted_loss_probability

# Beyond so many expected disagreements the normal approximation is about a point low.
MOST_DISCORDANT = 40.0
# Counts of disagreements farther from their mean, in standard deviations, are left out.
REACH = 4.0
# A sample size whose power is this little above the one asked for is taken at once.
CLOSE = 0.001
CORRECTIONS = 2


def enumerated_binary_power(
    n: ArrayLike,
    margin: ArrayLike,
    discordance: ArrayLike,
    loss: ArrayLike = 0.0,
    alpha: ArrayLike = 0.025,
) -> Floats:
    """Return the probability that `paired_binary` passes, by enumeration of its tables.

    Parameters
    ----------
    n
        Pairs.
    margin
        Largest loss accepted, positive.
    discordance
        Share of pairs that disagree, in [0, 1]; at least the absolute loss is assumed.
    loss
        True loss.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    Floats
        In [0, 1]; 0 below the floor; NaN where an argument is NaN. Above 40 expected
        disagreements the normal approximation of `binary_power`, which is then about .01 low.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    values = floats(n, check_margin(margin), check_share(discordance), loss, check_alpha(alpha))
    size, m, psi, true, level = (value.ravel() for value in values)
    psi = np.minimum(np.maximum(psi, np.abs(true)), 1.0)
    power = np.asarray(binary_power(size, m, psi, true, level), np.float64).copy()
    few = (power > 0) & (size * psi <= MOST_DISCORDANT) & (m < 1)
    rows = np.stack([np.floor(size), m, psi, true, level], axis=1)[few]
    if len(rows):
        different, which = np.unique(rows, axis=0, return_inverse=True)
        power[few] = _enumerated(*np.ascontiguousarray(different.T))[which.ravel()]
    return scalar(power.reshape(values[0].shape))


def enumerated_binary_sample_size(
    margin: ArrayLike,
    discordance: ArrayLike,
    loss: ArrayLike = 0.0,
    power: ArrayLike = 0.9,
    alpha: ArrayLike = 0.025,
) -> Floats:
    """Return the n at which `paired_binary` passes with the given power.

    Parameters
    ----------
    margin, discordance, loss, alpha
        As for `enumerated_binary_power`.
    power
        Probability of a pass, in (0, 1).

    Returns
    -------
    Floats
        Whole numbers, never below `binary_floor`; infinite where the loss is the margin or more;
        NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Power is saw-toothed in n (Chernick and Liu, 2002, The American Statistician 56:149): one pair
    fewer misses the power, a few pairs more may do so too, by the height of a tooth.
    """
    target = check_power(power)
    m, psi, true, level, wanted = floats(
        check_margin(margin), check_share(discordance), loss, check_alpha(alpha), target
    )
    start = np.asarray(binary_sample_size(m, psi, true, wanted, level), np.float64)
    some = np.isfinite(start)
    rows = np.stack([value[some] for value in (m, psi, true, level, wanted, start)], axis=-1)
    different, which = np.unique(rows.reshape(-1, 6), axis=0, return_inverse=True)
    columns = np.ascontiguousarray(different.T)
    found = start.copy()
    found[some] = _least(_Case(*columns[:5]), columns[5])[which.ravel()]
    return scalar(found)


def enumerated_smallest_detectable_binary(
    n: ArrayLike, discordance: ArrayLike, alpha: ArrayLike = 0.025, power: ArrayLike = 0.9
) -> Floats:
    """Return the smallest margin that a candidate without loss passes with the given power.

    Parameters
    ----------
    n, discordance, alpha
        As for `enumerated_binary_power`.
    power
        Probability of a pass, in (0, 1).

    Returns
    -------
    Floats
        In (0, 1], to a few hundredths of itself; 1 where no margin below it would do; NaN where
        n is 0 or an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    level, target = check_alpha(alpha), check_power(power)
    size, psi, level, wanted = floats(n, check_share(discordance), level, target)
    found = np.asarray(smallest_detectable_binary(size, psi, level, wanted), np.float64)
    for _ in range(CORRECTIONS):
        power = enumerated_binary_power(size, np.where(found > 0, found, np.nan), psi, 0.0, level)
        over = _probit(power) - special.ndtri(wanted)
        with np.errstate(invalid="ignore", divide="ignore"):
            nearer = found - np.maximum(over, 0.0) * np.sqrt(psi / size)
        found = np.where((power > wanted) & (found < 1), nearer, found)
    return scalar(found)


@dataclass(frozen=True)
class _Case:
    """Cells (N,) whose sample size is sought."""

    margin: Floats
    discordance: Floats
    loss: Floats
    alpha: Floats
    wanted: Floats

    def excess(self, n: Floats, asked: NDArray[np.bool_], known: Floats) -> Floats:
        """Return power at n less the power wanted, in standard normal units, where asked."""
        rows = (self.margin, self.discordance, self.loss, self.alpha, self.wanted)
        m, psi, loss, alpha, wanted = (row[asked] for row in rows)
        power = enumerated_binary_power(n[asked], m, psi, loss, alpha)
        found = known.copy()
        found[asked] = _probit(power) - special.ndtri(wanted)
        return found

    def close(self, excess: Floats) -> NDArray[np.bool_]:
        """Return where the power wanted is reached, and hardly exceeded."""
        over = special.ndtr(excess + special.ndtri(self.wanted)) - self.wanted
        return np.asarray((excess >= 0) & (over <= CLOSE))


def _probit(power: Floats) -> Floats:
    return np.asarray(special.ndtri(np.clip(power, 1e-12, 1 - 1e-12)))


def _least(case: _Case, start: Floats) -> Floats:
    """Return an n (N,) that reaches the power although n - 1 misses it, or nearly so."""
    few, enough = binary_floor(case.margin, case.alpha) - 1, start
    low, high = np.full(start.shape, -4.0), np.full(start.shape, -4.0)
    high = case.excess(enough, high < 0, high)
    while np.any(short := high < 0):
        few, low = np.where(short, (enough, high), (few, low))
        enough = np.where(short, np.ceil(1.1 * enough) + 1, enough)
        high = case.excess(enough, short, high)
    halve = False
    while np.any(open_ := (enough - few > 1) & ~case.close(high)):
        n = _between(few, enough, low, high, halve)
        excess = case.excess(n, open_, high)
        few, low = np.where(open_ & (excess < 0), (n, excess), (few, low))
        enough, high = np.where(open_ & (excess >= 0), (n, excess), (enough, high))
        halve = not halve
    return enough


def _between(few: Floats, enough: Floats, low: Floats, high: Floats, halve: bool) -> Floats:
    """Return a whole number strictly between, where power should cross: probits rise as sqrt n."""
    share = 0.5 if halve else -low / np.where(high > low, high - low, 1.0)
    root = np.sqrt(np.maximum(few, 0.0)) * (1 - share) + np.sqrt(enough) * share
    return np.asarray(np.clip(np.ceil(root**2), few + 1, np.maximum(enough - 1, few + 1)))


def _enumerated(n: Floats, m: Floats, psi: Floats, loss: Floats, alpha: Floats) -> Floats:
    """Sum the probability (N,) of every table that passes."""
    width = REACH * np.sqrt(n * psi * (1 - psi)) + REACH
    first = np.maximum(np.floor(n * psi - width), 0.0)
    count = (np.minimum(np.ceil(n * psi + width), n) - first + 1).astype(np.intp)
    cell = np.repeat(np.arange(len(n)), count)
    k = first[cell] + np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    n, m, psi, loss, alpha = (value[cell] for value in (n, m, psi, loss, alpha))
    gains = _fewest_gains(k, n, m, alpha)
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    table = np.exp(ways + special.xlogy(k, psi) + special.xlog1py(n - k, -psi))
    share = np.where(psi > 0, (psi - loss) / (2 * np.where(psi > 0, psi, 1.0)), 0.5)
    inside = special.betainc(np.maximum(gains, 1.0), np.maximum(k - gains + 1, 1.0), share)
    passes = np.where(gains <= 0, 1.0, np.where(gains > k, 0.0, inside))
    return np.minimum(np.bincount(cell, table * passes, len(first)), 1.0)


def _fewest_gains(k: Floats, n: Floats, m: Floats, alpha: Floats) -> Floats:
    """Return the fewest gains among k disagreements that pass; k + 1 where none does."""
    fails, passes, step = np.full(k.shape, -1.0), k + 1, np.ones(k.shape)
    tried = _normal_gains(k, n, m, alpha)
    while np.any(open_ := passes - fails > 1):
        at = tried[open_]
        good = binary_p_within(k[open_] - at, at, n[open_], m[open_]) < alpha[open_]
        passes[open_] = np.where(good, at, passes[open_])
        fails[open_] = np.where(good, fails[open_], at)
        tried[open_] = at + np.where(good, -step[open_], step[open_])
        outside = (tried <= fails) | (tried >= passes)
        tried = np.where(outside, np.floor((fails + passes) / 2), tried)
        step *= 2
    return passes


def _normal_gains(k: Floats, n: Floats, m: Floats, alpha: Floats) -> Floats:
    """Return about the fewest gains at which Tango's score rejects, within [0, k]."""
    gains, z = k / 2, -special.ndtri(alpha)
    for _ in range(10):
        q = restricted_loss_probability(k - gains, gains, n, m)
        error = np.sqrt(n * np.maximum(2 * q - m - m * m, 0.0))
        gains = np.clip((k - n * m + z * error) / 2, 0.0, k)
    return np.asarray(np.ceil(gains - 1e-9))
