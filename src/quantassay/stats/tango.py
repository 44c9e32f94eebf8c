"""Tango's score statistic for a paired difference of proportions, and its interval.

Tango, 1998, Statistics in Medicine 17:891.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_counts, scalar
from .roots import decreasing_root

TOLERANCE = 1e-11


def restricted_loss_probability(b: Floats, c: Floats, n: Floats, loss: Floats) -> Floats:
    """Return the likeliest probability of a loss when losses exceed gains by ``loss``.

    Parameters
    ----------
    b, c, n
        Losses, gains, pairs; broadcastable.
    loss
        Assumed true loss in [-1, 1].

    Returns
    -------
    Floats
        q in [max(0, loss), (1 + loss) / 2]; gains have probability q - loss, so that the
        discordance is 2 q - loss.

    Notes
    -----
    Larger root of Tango's quadratic (1998, Statistics in Medicine 17:891), with the discriminant
    written as a sum of terms that cannot be negative. q rises with ``loss``, and q - loss falls.
    """
    up, down, shift = b * (1 + loss), c * (1 - loss), 2 * n * loss
    root = np.sqrt((up - shift - down) ** 2 + 4 * up * down)
    with np.errstate(invalid="ignore", divide="ignore"):
        q = (up + down + shift + root) / (4 * n)
    return np.clip(q, np.maximum(loss, 0.0), (1 + loss) / 2)


def score(b: Floats, c: Floats, n: Floats, loss: Floats) -> Floats:
    """Return Tango's T of the hypothesis that the true loss is ``loss``.

    Positive where the observed loss is smaller; it grows with ``loss``. Where its variance is
    zero, T is 0 if the numerator is zero too, else infinite with the numerator's sign.
    """
    q = restricted_loss_probability(b, c, n, loss)
    excess = c - b + n * loss
    variance = n * np.maximum(2 * q - loss - loss * loss, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = excess / np.sqrt(variance)
    return np.where((variance == 0) & (excess == 0), 0.0, t)


def upper_limit(b: Floats, c: Floats, n: Floats, z: Floats) -> Floats:
    """Return the loss (N,) at which T reaches ``z`` > 0; 1 where every pair is a loss."""
    loss = (b - c) / n
    z = np.broadcast_to(z, loss.shape)
    error = np.sqrt(b + c + z * z / 2) / n

    def short(x: Floats, cells: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
        return z[cells] - np.clip(score(b[cells], c[cells], n[cells], x), -1e3, 1e3)

    found = decreasing_root(short, loss + z * error, error, (loss, np.ones_like(loss)), TOLERANCE)
    return np.where(b == n, 1.0, found)


def tango_interval(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Return Tango's score interval of the loss, each end one-sided at ``alpha``.

    Parameters
    ----------
    losses, gains, n
        Counts; broadcastable.
    alpha
        One-sided level in (0, .5).

    Returns
    -------
    tuple of Floats
        Low and high end in [-1, 1]; NaN where n is 0.

    Raises
    ------
    ValueError
        If counts are not whole, negative or more than n, or a level is out of range.
    """
    b, c, size = check_counts(losses, gains, n)
    b, c, size, z = np.broadcast_arrays(b, c, size, -special.ndtri(check_alpha(alpha)))
    low, high = np.full(b.shape, np.nan), np.full(b.shape, np.nan)
    some = size > 0
    b, c, size, z = b[some], c[some], size[some], z[some]
    low[some] = -upper_limit(c, b, size, z)
    high[some] = upper_limit(b, c, size, z)
    return scalar(low), scalar(high)
