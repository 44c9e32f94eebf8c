"""Levels in bands: within one, worst cases are the same, so that bounds and p-values agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import special

from .arrays import Floats
from .pseudo import MOST


@dataclass(frozen=True)
class Band:
    """Levels above ``bottom``, up to ``top``, with their number of pseudo-observations."""

    bottom: float
    top: float
    count: int


def _bands() -> tuple[Band, ...]:
    counts = special.ndtr(-np.sqrt(3.0 * np.arange(1, MOST + 1) - 2))
    halves = 0.025 * 2.0 ** (np.arange(8, -30, -1) / 2)
    edges = np.unique(np.r_[0.5, counts, halves])[::-1]
    return tuple(
        Band(float(low), float(high), int((counts >= high).sum()) + 1)
        for high, low in pairwise(edges)
    )


BANDS = _bands()


def highest(upper: Callable[[Band, Floats], Floats], alpha: Floats) -> Floats:
    """Return the largest bound of all levels from ``alpha`` up, so that stricter ones widen.

    Parameters
    ----------
    upper
        Bound at a level (cells) of a band.
    alpha
        One-sided levels in (0, .5], one or one for every cell; below 1e-42 they are not told
        apart.

    Returns
    -------
    Floats
        Bounds (cells); NaN where that of any band is.
    """
    found: Floats = np.asarray(-np.inf)
    for band in BANDS:
        inside = alpha <= band.top
        if not inside.any():
            break
        bound = upper(band, np.maximum(alpha, band.bottom))
        found = np.where(inside, np.maximum(found, bound), found)
    return found


def level_of(p_with: Callable[[Band], Floats]) -> Floats:
    """Return the largest level at which `highest` is not below the margin.

    Parameters
    ----------
    p_with
        p-values (cells) under the worst case of a band.

    Returns
    -------
    Floats
        p (cells); NaN where those are; never below the least level of all bands.
    """
    above, found = 1.0, np.full_like(p_with(BANDS[0]), np.nan)
    for band in BANDS:
        p = p_with(band)
        first = np.isnan(found) & (p > band.bottom)
        found = np.where(first, np.minimum(p, above), found)
        above = band.bottom
        if np.all(~np.isnan(found) | np.isnan(p)):
            return found
    return np.where(np.isnan(found) & ~np.isnan(p), above, found)
