"""Choosing among several candidates without paying for the choice in error."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .arrays import Floats, check_alpha
from .multiplicity import holm


def fastest_first(p_within: ArrayLike, alpha: float) -> int | None:
    """Return the fastest candidate that passes at a level shared among all.

    Parameters
    ----------
    p_within
        p of 'the loss is the margin or more' of every declared candidate (k,), the fastest first;
        NaN where it was not tested. All declared ones count, tried or not.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    int or None
        Position of the first with ``p <= alpha / k``; None if there is none. The probability of
        choosing one at or beyond its margin is at most ``alpha``.

    Raises
    ------
    ValueError
        If a p is outside [0, 1] or the level is out of range.

    Notes
    -----
    Bonferroni's inequality: stopping at the first pass at ``alpha`` itself chooses a bad candidate
    with probability ``1 - (1 - alpha)^k`` where all are bad and independent.
    """
    p = _p_row(p_within)
    level = float(check_alpha(alpha)) / max(len(p), 1)
    passed = np.flatnonzero(p <= level)
    return int(passed[0]) if len(passed) else None


def fixed_sequence(p_within: ArrayLike, alpha: float) -> int | None:
    """Return the last candidate that passes before the first that does not.

    Parameters
    ----------
    p_within
        p of 'the loss is the margin or more' of candidates in an order declared beforehand, the
        safest first (k,); NaN counts as no pass.
    alpha
        One-sided level in (0, .5], whole for each.

    Returns
    -------
    int or None
        Its position; None if the first does not pass. The probability of choosing one at or
        beyond its margin is at most ``alpha``, however the candidates depend on each other.

    Raises
    ------
    ValueError
        If a p is outside [0, 1] or the level is out of range.

    Notes
    -----
    Maurer, Hothorn and Lehmacher, 1995: a fixed sequence of tests needs no adjustment, since the
    first true hypothesis in it must be rejected before any error.
    """
    p = _p_row(p_within)
    stops = np.flatnonzero(~(p <= float(check_alpha(alpha))))
    passed = int(stops[0]) if len(stops) else len(p)
    return passed - 1 if passed else None


def dominated(p_worse: ArrayLike, p_slower: ArrayLike) -> Floats:
    """Return p that one candidate is both worse and slower than another, adjusted over all pairs.

    Parameters
    ----------
    p_worse, p_slower
        Entry (i, j) (k, k): p of the hypothesis that candidate i loses no more than j, and of the
        one that it is no slower. The diagonal does not count.

    Returns
    -------
    Floats
        Adjusted p (k, k), NaN on the diagonal: i is dominated by j where it is at most alpha.

    Raises
    ------
    ValueError
        If shapes are not (k, k) or a p is outside [0, 1].

    Notes
    -----
    Both must hold, so a pair's p is the larger of its two (Berger, 1982, Technometrics 24:295);
    Holm's rule over the k (k - 1) ordered pairs.
    """
    worse, slower = np.asarray(p_worse, np.float64), np.asarray(p_slower, np.float64)
    if worse.ndim != 2 or worse.shape != worse.T.shape or worse.shape != slower.shape:
        msg = "p-values of pairs are two square tables of one size"
        raise ValueError(msg)
    both = np.maximum(worse, slower)
    np.fill_diagonal(both, np.nan)
    return holm(both.ravel()).reshape(both.shape)


def _p_row(p: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(p, np.float64)
    tested = values[~np.isnan(values)]
    if values.ndim != 1 or np.any((tested < 0) | (tested > 1)):
        msg = "p-values are one row of numbers in [0, 1]"
        raise ValueError(msg)
    return values
