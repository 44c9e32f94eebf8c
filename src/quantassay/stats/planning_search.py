"""Search for the least sample size of a rule whose reach shrinks as samples come in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats

MOST, HALVINGS = 2.0**60, 60


def least_size(
    reach: Callable[[Floats], Floats], margin: Floats, defined: NDArray[np.bool_]
) -> Floats:
    """Return the least whole n of 2 or more at which ``reach`` is within the margin.

    Parameters
    ----------
    reach
        Smallest margin that n samples (N,) pass with the power wanted; falls as n grows.
    margin
        Margins (N,).
    defined
        Which cells (N,) to look at; the others give 2.

    Returns
    -------
    Floats
        n (N,); about 1e18 where none is enough.
    """
    few, enough = np.ones(margin.shape), np.full(margin.shape, 2.0)
    while np.any(short := defined & ~(reach(enough) <= margin) & (enough < MOST)):
        few, enough = np.where(short, (enough, 2 * enough), (few, enough))
    for _ in range(HALVINGS):
        open_ = defined & (enough - few > 1)
        if not open_.any():
            break
        middle = np.floor((few + enough) / 2)
        within = reach(middle) <= margin
        few = np.where(open_ & ~within, middle, few)
        enough = np.where(open_ & within, middle, enough)
    return enough
