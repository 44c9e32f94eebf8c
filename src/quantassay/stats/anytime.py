"""A p-value that holds at every look, declared or not, from sums alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, scalar
from .wealth import BETS, STAKES

# What every bet of a share l of the safest pays for a square: -log(1 - l) - l.
PRICES = -np.log1p(-BETS) - BETS


def anytime_p(total: ArrayLike, square_total: ArrayLike, lowest: ArrayLike) -> Floats:
    """Return p of the hypothesis that increments are 0 or less on average, valid at every look.

    Parameters
    ----------
    total, square_total
        Sum and sum of squares of the increments so far (...): of ``d + margin``, or for clusters
        of the sum of ``d + margin`` over each; additive over shards and looks.
    lowest
        What no increment can fall below, taken as positive (...): ``cap - margin``, or for
        clusters that times the samples of the largest one.

    Returns
    -------
    Floats
        ``min(1, 1 / E)`` with E the mean of ``exp(l S / a - (-log(1 - l) - l) Q / a^2)`` over
        fixed bets l in (0, 1), where S and Q are the sums and a is ``lowest``.

    Raises
    ------
    ValueError
        If ``lowest`` is not positive.

    Notes
    -----
    ``1 + l x >= exp(l x - (-log(1 - l) - l) x^2)`` for x >= -1, so that E is at most the wealth of
    a bettor who never goes bankrupt: Fan, Grama and Liu, Electronic Journal of Probability 20
    (2015), lemma 4.1. Sharper where every value is at hand: `betting_p_within`.
    """
    bound = np.asarray(lowest, np.float64)
    if np.any(bound <= 0):
        msg = f"what no increment can fall below is taken as positive: {lowest!r}"
        raise ValueError(msg)
    sums, squares = np.asarray(total, np.float64) / bound, np.asarray(square_total) / bound**2
    logs = BETS * sums[..., None] - PRICES * squares[..., None]
    return scalar(np.exp(-np.maximum(special.logsumexp(logs, b=STAKES, axis=-1), 0.0)))
