"""Paired binary outcomes: losses, gains and ties.

Tables are ranked by Tango's limit (1998, Statistics in Medicine 17:891); p is the largest tail over
discordances near the estimate: Lloyd's E p-value (2008, Australian & New Zealand Journal of
Statistics 50:329), widened until enumeration held.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from .arrays import (
    Floats,
    check_alpha,
    check_confidence,
    check_counts,
    check_margin,
    floats,
    scalar,
)
from .crossing import interval, p_beyond, p_within
from .paired import Paired, judged
from .tango import score
from .trinomial import Tables, probability_as_good

# Above this many pairs binomial coefficients lose digits, and the score statistic is used.
LARGE = 1_000_000_000


def paired_binary(
    losses: ArrayLike,
    gains: ArrayLike,
    n: ArrayLike,
    margin: ArrayLike,
    confidence: float = 0.95,
) -> Paired:
    """Judge the loss of a paired binary metric against a margin.

    Parameters
    ----------
    losses, gains, n
        Pairs that only the reference, or only the candidate, got right; all pairs. Broadcastable.
    margin
        Largest loss accepted, in (0, 1); NaN where there is none.
    confidence
        Of the two-sided interval; each side is tested at half the rest.

    Returns
    -------
    Paired
        Figures in the shape of the arguments; undefined where n is 0.

    Raises
    ------
    ValueError
        If counts do not fit in one another, or margin or confidence is out of range.

    Examples
    --------
    >>> paired_binary(losses=0, gains=0, n=10, margin=0.02).verdict
    'insufficient'
    """
    alpha = check_confidence(confidence)
    b, c, size = check_counts(losses, gains, n)
    m = check_margin(margin)
    ends = binary_interval(b, c, size, alpha)
    floor = binary_floor(m, alpha)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = (b - c) / size
    return Paired(
        estimate=scalar(estimate),
        interval=ends,
        p_within=binary_p_within(b, c, size, m),
        p_beyond=binary_p_beyond(b, c, size, m),
        n=scalar(size),
        floor=floor,
        verdict=judged(size, floor, ends, m),
    )


def binary_interval(
    losses: ArrayLike, gains: ArrayLike, n: ArrayLike, alpha: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the interval of the loss, each end one-sided at ``alpha``.

    Parameters
    ----------
    losses, gains, n
        Counts; broadcastable.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    tuple of Floats
        Low and high end in [-1, 1]: the losses at which `binary_p_beyond` and `binary_p_within`
        equal ``alpha``. NaN where n is 0.

    Raises
    ------
    ValueError
        If counts do not fit in one another, or a level is out of range.

    Notes
    -----
    The high end never falls when a tie or a gain becomes a loss, and mirrored for the low end.
    A new loss in place of a tie can lower the low end, by at most .007, in fewer than one in a
    thousand tables of up to 60 pairs.
    """
    return interval(_p, losses, gains, n, alpha)


def binary_p_within(losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike) -> Floats:
    """Return p of the hypothesis that the loss is ``margin`` or more.

    Parameters
    ----------
    losses, gains, n
        Counts; broadcastable.
    margin
        Loss in [-1, 1]; NaN gives NaN.

    Returns
    -------
    Floats
        p in (0, 1], falling as the margin widens; NaN where n is 0.

    Raises
    ------
    ValueError
        If counts do not fit in one another, or a margin is outside [-1, 1].
    """
    return p_within(_p, losses, gains, n, margin)


def binary_p_beyond(losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike) -> Floats:
    """Return p of the hypothesis that the loss is ``margin`` or less.

    The mirror of `binary_p_within`: losses and gains swapped, at ``-margin``.
    """
    return p_beyond(_p, losses, gains, n, margin)


def binary_floor(margin: ArrayLike, alpha: ArrayLike) -> Floats:
    """Return the n below which no table can rule out a loss of ``margin``.

    Parameters
    ----------
    margin
        Largest loss accepted, positive; 1 or more needs one pair; NaN gives NaN.
    alpha
        One-sided level in (0, .5].

    Returns
    -------
    Floats
        ``ceil(log(alpha) / log(1 - margin))``: at a true loss of ``margin``, n pairs all agree
        with probability ``(1 - margin)^n`` where every disagreement is a loss. Full agreement
        passes at the floor at .05, there or one pair later at .025, later still at smaller levels.

    Raises
    ------
    ValueError
        If a margin is not positive, or a level is out of range.
    """
    m, level = floats(check_margin(margin), check_alpha(alpha))
    with np.errstate(divide="ignore"):
        least = np.ceil(np.log(level) / np.log1p(-np.minimum(m, 1.0)) - 1e-9)
    return scalar(np.maximum(least, 1.0))


def _p(tables: Tables, loss: Floats) -> Floats:
    p = special.ndtr(-score(tables.b, tables.c, tables.n, loss))
    exact = np.flatnonzero(tables.n <= LARGE)
    p[exact] = probability_as_good(tables.take(exact), loss[exact])
    return np.asarray(p)
