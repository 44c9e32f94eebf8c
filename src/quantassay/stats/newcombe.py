"""Newcombe's interval for a paired difference: a diagnostic."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, floats, scalar


def wilson(count: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Return Wilson's score interval of a proportion, each end one-sided at ``alpha``.

    Parameters
    ----------
    count, n
        Successes and trials; broadcastable.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end in [0, 1]; NaN where n is 0.
    """
    k, size, z = floats(count, n, special.ndtri(check_alpha(alpha)))
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (k + z * z / 2) / (size + z * z)
        half = -z * np.sqrt(k * (size - k) / size + z * z / 4) / (size + z * z)
        return scalar(middle - half), scalar(middle + half)


def newcombe_interval(table: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Return Newcombe's square-and-add interval of the loss.

    Parameters
    ----------
    table
        Counts (..., 2, 2): reference right or wrong by candidate right or wrong. It needs the
        agreements too, unlike the score interval.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end in [-1, 1]; NaN where the table is empty.

    Raises
    ------
    ValueError
        If the table is not (..., 2, 2) or holds a negative count.

    Notes
    -----
    Method 10 of Newcombe, 1998, Statistics in Medicine 17:2635, with the correlation corrected
    for continuity where it is positive.
    """
    cells = np.asarray(table, np.float64)
    if cells.shape[-2:] != (2, 2) or np.any(cells < 0):
        msg = "a paired table holds counts (..., 2, 2), none of them negative"
        raise ValueError(msg)
    both, loss, gain, neither = (cells[..., i, j] for i in (0, 1) for j in (0, 1))
    n = both + loss + gain + neither
    reference, candidate = both + loss, both + gain
    r_low, r_high = wilson(reference, n, alpha)
    c_low, c_high = wilson(candidate, n, alpha)
    phi = _correlation(both, loss, gain, neither)
    with np.errstate(invalid="ignore", divide="ignore"):
        r, c = reference / n, candidate / n
    low = _together(r - r_low, c_high - c, phi)
    high = _together(r_high - r, c - c_low, phi)
    return scalar(r - c - low), scalar(r - c + high)


def _correlation(both: Floats, loss: Floats, gain: Floats, neither: Floats) -> Floats:
    n = both + loss + gain + neither
    product = both * neither - loss * gain
    corrected = np.where(product > 0, np.maximum(product - n / 2, 0.0), product)
    margins = (both + loss) * (gain + neither) * (both + gain) * (loss + neither)
    with np.errstate(invalid="ignore", divide="ignore"):
        phi = corrected / np.sqrt(margins)
    return np.where(margins == 0, 0.0, phi)


def _together(first: Floats, second: Floats, phi: Floats) -> Floats:
    return np.sqrt(np.maximum(first**2 + second**2 - 2 * phi * first * second, 0.0))
