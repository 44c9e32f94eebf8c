"""Single proportions: Clopper and Pearson's interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_counts, scalar


def clopper_pearson(count: ArrayLike, n: ArrayLike, alpha: ArrayLike) -> tuple[Floats, Floats]:
    """Return the exact interval of a proportion, each end one-sided at ``alpha``.

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

    Raises
    ------
    ValueError
        If counts are not whole, negative or more than n, or a level is out of range.

    Notes
    -----
    Clopper and Pearson, 1934, Biometrika 26:404.
    """
    k, _, size = check_counts(count, 0, n)
    k, size, level = np.broadcast_arrays(k, size, check_alpha(alpha))
    low = special.betaincinv(np.maximum(k, 1), size - k + 1, level)
    high = special.betaincinv(k + 1, np.maximum(size - k, 1), 1 - level)
    low, high = np.where(k > 0, low, 0.0), np.where(k < size, high, 1.0)
    none = size == 0
    return scalar(np.where(none, np.nan, low)), scalar(np.where(none, np.nan, high))


def discordance_upper(discordant: ArrayLike, n: ArrayLike, confidence: float = 0.8) -> Floats:
    """Return an upper bound of the discordance, for planning.

    Parameters
    ----------
    discordant, n
        Pairs that disagree, of all; broadcastable.
    confidence
        One-sided confidence of the bound, at least .5.

    Returns
    -------
    Floats
        Clopper and Pearson's bound in (0, 1]; NaN where n is 0.

    Raises
    ------
    ValueError
        If counts do not fit in one another, or the confidence is out of range.
    """
    return clopper_pearson(discordant, n, 1 - confidence)[1]
