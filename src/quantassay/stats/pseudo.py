"""How many worst-case pseudo-observations a level needs, and p-values over all levels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, scalar

# Beyond this count the level is below 1e-42.
MOST = 64


def pseudo_count(alpha: ArrayLike) -> Floats:
    """Return how many pseudo-observations protect a bound at the one-sided level ``alpha``.

    Parameters
    ----------
    alpha
        Level in (0, .5].

    Returns
    -------
    Floats
        ``ceil((z^2 + 2) / 3)``: 2 at .025, 4 at .00125, 6 at .000125.

    Raises
    ------
    ValueError
        If a level is out of range.

    Notes
    -----
    Where losses of the whole cap are rare and everything else is the same, the error of the t bound
    exceeds its level, by the first term of Edgeworth's expansion, as ``(2 z^2 + 1) / 6`` for the
    skewness and 1/2 for the lattice, less one per pseudo-observation. The terms cancel at
    ``(z^2 + 2) / 3``. Hall, 1992, The Bootstrap and Edgeworth Expansion, section 2.6.
    """
    z = special.ndtri(check_alpha(alpha))
    return scalar(np.ceil((z * z + 2) / 3 - 1e-12))


def p_over_levels(p_with: Callable[[int], Floats]) -> Floats:
    """Return the largest level at which a bound does not reject, whatever its pseudo-observations.

    Parameters
    ----------
    p_with
        p-values (any one shape) when a given number of pseudo-observations is appended.

    Returns
    -------
    Floats
        p in the shape that ``p_with`` returns; NaN where that is NaN; never below 1e-42.
    """
    above = 1.0
    found = np.full_like(p_with(1), np.nan)
    for count in range(1, MOST + 1):
        level = float(special.ndtr(-np.sqrt(3 * count - 2)))
        p = p_with(count)
        first = np.isnan(found) & (p > level)
        found = np.where(first, np.minimum(p, above), found)
        above = level
        if np.all(~np.isnan(found) | np.isnan(p)):
            return found
    return np.where(np.isnan(found) & ~np.isnan(p), above, found)
