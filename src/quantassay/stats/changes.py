"""Samples whose output changed: what they bound of a loss without any gold answer.

A score moves only where the output does: Clopper and Pearson (1934, Biometrika 26:404) on the share
of changed outputs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import Floats, check_alpha, check_margin, floats, scalar


def changes_allowed(n: ArrayLike, margin: ArrayLike, alpha: ArrayLike) -> Floats:
    """Return how many outputs may change before a cell needs gold answers to pass.

    Parameters
    ----------
    n
        Samples; broadcastable.
    margin
        Largest loss accepted, as a share of the largest loss of one sample, in (0, 1).
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    Floats
        The largest count k for which Clopper and Pearson's upper bound of the share of changed
        outputs is below the margin; -1 where even none changed is not enough; NaN where the
        margin is.

    Raises
    ------
    ValueError
        If n is not whole and positive, or margin or level is out of range.

    Notes
    -----
    A bounded score with one gold answer for both sides cannot change where the output did not, so
    the mean loss is at most the largest loss of one sample times the share of changed outputs.
    """
    size, share, level = floats(n, check_margin(margin), check_alpha(alpha))
    if np.any((size < 1) | (size != np.floor(size)) | (share >= 1)):
        msg = "n is whole and positive, and the margin a share below 1"
        raise ValueError(msg)
    # the level lies between P(X <= k) and P(X <= k + 1)
    low, high = np.full(size.shape, -1.0), size.copy()
    while np.any(high - low > 1):
        middle = np.floor((low + high) / 2)
        fits = special.bdtr(middle, size.astype(int), share) < level
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    return scalar(np.where(np.isnan(share), np.nan, low))


def unlabelled_power(
    changed: ArrayLike, n: ArrayLike, margin: ArrayLike, alpha: ArrayLike
) -> Floats:
    """Return the probability that a cell passes without any gold answer.

    Parameters
    ----------
    changed
        Share of outputs that change, in [0, 1]; broadcastable.
    n, margin, alpha
        As for `changes_allowed`.

    Returns
    -------
    Floats
        Probability in [0, 1].

    Raises
    ------
    ValueError
        If a share, n, margin or level is out of range.

    Examples
    --------
    >>> round(float(unlabelled_power(0.002, 1000, 0.01, 0.025)), 3)
    0.857
    """
    share = np.asarray(changed, np.float64)
    if not np.all((share >= 0) & (share <= 1)):
        msg = f"a share of changed outputs lies in [0, 1]: {changed!r}"
        raise ValueError(msg)
    allowed = changes_allowed(n, margin, alpha)
    share, size, most = floats(share, n, allowed)
    power = special.bdtr(np.maximum(most, 0), size.astype(int), share)
    return scalar(np.where(most < 0, 0.0, power))
