"""Wald's interval of a paired difference and its adjusted forms: diagnostics, never a verdict."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_counts, floats, scalar


def wald_interval(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Return Wald's interval of the loss, each end one-sided at ``alpha``.

    Parameters
    ----------
    losses, gains, n
        Counts; broadcastable.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end; NaN where n is 0. It collapses to a point where nothing differs, and
        misses a true loss of the order of the discordance nearly always in small tables.

    Raises
    ------
    ValueError
        If counts do not fit in one another, or a level is out of range.
    """
    return _around(losses, gains, n, alpha, 0.0, 0.0)


def agresti_min_interval(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Return `wald_interval` of the table with half a pair added to each of its four cells.

    Agresti and Min, 2005, Statistics in Medicine 24:729.
    """
    return _around(losses, gains, n, alpha, 0.5, 2.0)


def bonett_price_interval(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Return `wald_interval` with one loss and one gain added, cut to [-1, 1].

    Bonett and Price, 2012, Journal of Educational and Behavioral Statistics 37:479.
    """
    low, high = _around(losses, gains, n, alpha, 1.0, 2.0)
    return scalar(np.maximum(low, -1.0)), scalar(np.minimum(high, 1.0))


def _around(
    losses: ArrayLike,
    gains: ArrayLike,
    n: ArrayLike,
    alpha: ArrayLike,
    each: float,
    pairs: float,
) -> tuple[Floats, Floats]:
    b, c, size, level = floats(*check_counts(losses, gains, n), check_alpha(alpha))
    some = np.where(size > 0, size + pairs, np.nan)
    estimate, discordance = (b - c) / some, (b + c + 2 * each) / some
    spread = np.maximum(discordance - estimate**2, 0.0)
    half = -special.ndtri(level) * np.sqrt(spread / some)
    return scalar(estimate - half), scalar(estimate + half)
