"""Planning paired binary cells: sample size, power and the smallest detectable loss."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_counts, check_margin, check_power, floats, scalar
from .binary import binary_floor
from .tango import restricted_loss_probability

HALVINGS = 60


def binary_sample_size(
    margin: ArrayLike,
    discordance: ArrayLike,
    loss: ArrayLike = 0.0,
    power: ArrayLike = 0.9,
    alpha: ArrayLike = 0.025,
) -> Floats:
    """Return the n at which a paired binary cell passes with the given power.

    Parameters
    ----------
    margin
        Largest loss accepted, positive.
    discordance
        Expected share of pairs that disagree, in [0, 1]; at least the absolute loss is assumed.
    loss
        Expected true loss.
    power
        Probability of a pass, in (0, 1).
    alpha
        One-sided level in (0, .5].

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
    Normal approximation of Nam, 1997, Biometrics 53:1422: the score test's variance under the
    hypothesis takes the restricted discordance.
    """
    level, z_power = check_alpha(alpha), special.ndtri(check_power(power))
    m, psi, loss, level, z_power = floats(
        check_margin(margin), check_share(discordance), loss, level, z_power
    )
    needed = _normal_size(m, psi, loss, level, z_power)
    found = np.maximum(np.ceil(needed - 1e-9), binary_floor(m, level))
    return scalar(np.where(np.isnan(needed), np.nan, found))


def binary_power(
    n: ArrayLike,
    margin: ArrayLike,
    discordance: ArrayLike,
    loss: ArrayLike = 0.0,
    alpha: ArrayLike = 0.025,
) -> Floats:
    """Return the probability of a pass, by the normal approximation of `binary_sample_size`.

    Parameters
    ----------
    n
        Pairs.
    margin, discordance, loss, alpha
        As for `binary_sample_size`.

    Returns
    -------
    Floats
        In [0, 1]; 0 below the floor; NaN where an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    size, m, psi, loss, level = floats(
        n, check_margin(margin), check_share(discordance), loss, check_alpha(alpha)
    )
    null, spread = _spreads(m, psi, loss)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (np.sqrt(size) * (m - loss) + special.ndtri(level) * null) / spread
    power = np.where(size >= binary_floor(m, level), special.ndtr(z), 0.0)
    return scalar(np.where(np.isnan(size + m + psi + loss), np.nan, power))


def smallest_detectable_binary(
    n: ArrayLike, discordance: ArrayLike, alpha: ArrayLike = 0.025, power: ArrayLike = 0.9
) -> Floats:
    """Return the smallest margin that a candidate without loss passes with the given power.

    Parameters
    ----------
    n
        Pairs.
    discordance, alpha, power
        As for `binary_sample_size`, of which this is the inverse.

    Returns
    -------
    Floats
        In (0, 1], about ``(z_alpha + z_power) sqrt(discordance / n)``; 1 where no margin below it
        would do; NaN where n is 0 or an argument is NaN.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    level, z_power = check_alpha(alpha), special.ndtri(check_power(power))
    size, psi, level, z_power = floats(n, check_share(discordance), level, z_power)
    low, high = np.zeros(size.shape), np.ones(size.shape)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        with np.errstate(divide="ignore"):
            floor = np.log(level) / np.log1p(-middle)
        enough = np.maximum(floor, _normal_size(middle, psi, np.zeros_like(psi), level, z_power))
        low, high = np.where(enough <= size, (low, middle), (middle, high))
    undefined = np.isnan(psi) | ~(size > 0)
    return scalar(np.where(undefined, np.nan, high))


def needed_n_binary(
    losses: ArrayLike,
    gains: ArrayLike,
    n: ArrayLike,
    margin: ArrayLike,
    alpha: ArrayLike = 0.025,
    power: ArrayLike = 0.9,
) -> Floats:
    """Return the n that would settle a cell at its observed discordance and loss.

    Parameters
    ----------
    losses, gains, n
        Observed counts; broadcastable.
    margin, alpha, power
        As for `binary_sample_size`.

    Returns
    -------
    Floats
        Infinite where the observed loss is the margin or more; NaN where n is 0.

    Raises
    ------
    ValueError
        If counts do not fit in one another, or an argument is out of range.
    """
    b, c, size = check_counts(losses, gains, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        psi, loss = (b + c) / size, (b - c) / size
    return binary_sample_size(margin, psi, loss, power, alpha)


def _spreads(m: Floats, psi: Floats, loss: Floats) -> tuple[Floats, Floats]:
    """Return the standard deviation per pair under the hypothesis, and the true one."""
    psi = np.maximum(psi, np.abs(loss))
    m = np.minimum(m, 1.0)
    one = np.ones_like(psi)
    q = restricted_loss_probability((psi + loss) / 2, (psi - loss) / 2, one, m)
    return np.sqrt(np.maximum(2 * q - m - m * m, 0.0)), np.sqrt(np.maximum(psi - loss**2, 0.0))


def _normal_size(m: Floats, psi: Floats, loss: Floats, alpha: Floats, z_power: Floats) -> Floats:
    null, spread = _spreads(m, psi, loss)
    with np.errstate(invalid="ignore", divide="ignore"):
        size = ((z_power * spread - special.ndtri(alpha) * null) / (m - loss)) ** 2
    return np.where(loss >= m, np.inf, size)


def check_share(share: ArrayLike) -> Floats:
    """Return shares; ValueError where one is outside [0, 1] (NaN: unknown)."""
    values = np.asarray(share, np.float64)
    if np.any((values < 0) | (values > 1)):
        msg = f"a discordance lies in [0, 1]: {share!r}"
        raise ValueError(msg)
    return values
