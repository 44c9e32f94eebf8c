"""Real differences as counts on an even grid.

Splitting a difference between its neighbours keeps its mean; by Jensen's inequality (1906, Acta
Mathematica 30:175) wealth can only shrink.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, check_cap
from .wealth import ROUNDING

# Shares of a count are multiples of this: sums are exact, whatever the order, below 5e8 pairs.
SHARE = 2.0**-24


def betting_counts(differences: ArrayLike, cap: float, bins: int = 1000) -> tuple[Floats, Floats]:
    """Return differences as counts on an even grid, conservative for both ends of the interval.

    Parameters
    ----------
    differences
        Candidate minus reference (n,), within the cap.
    cap
        Largest absolute difference that the metric allows.
    bins
        Steps of the grid from -cap to cap, even so that 0 is on it.

    Returns
    -------
    tuple of Floats
        Values and counts (bins + 1,); counts of shards with the same cap and bins add, exactly.

    Raises
    ------
    ValueError
        If a difference is NaN or beyond the cap, or the cap or number of bins is out of range.

    Notes
    -----
    A difference, read to 2^-24 of a step, counts in part for the two values around it, so that the
    mean stays. The weighted geometric mean of two stakes is at most the stake of their mean: wealth
    can only shrink, against either hypothesis, by an order of (cap / bins)^2.
    """
    d, bound = np.asarray(differences, np.float64), float(check_cap(cap))
    if bins < 2 or bins % 2:
        msg = f"the number of bins is even and positive: {bins}"
        raise ValueError(msg)
    if d.ndim != 1 or not np.all(np.abs(d) <= bound * (1 + ROUNDING)):
        msg = "differences are one row of numbers within the cap, none of them NaN"
        raise ValueError(msg)
    place = np.clip((d / bound + 1) * (bins / 2), 0, bins)
    place = np.round(place / SHARE) * SHARE
    below = np.minimum(place.astype(np.intp), bins - 1)
    upper = place - below
    counts = np.bincount(below, 1 - upper, bins + 1) + np.bincount(below + 1, upper, bins + 1)
    return np.linspace(-bound, bound, bins + 1), np.asarray(counts, np.float64)
