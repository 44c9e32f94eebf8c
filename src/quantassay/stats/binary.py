"""Paired binary outcomes: losses, gains and ties."""

from __future__ import annotations

from collections.abc import Callable

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
from .paired import Paired, judged
from .roots import Cells, decreasing_root
from .tango import score, upper_limit
from .trinomial import Tables, probability_as_good, ranked

# Above this many pairs the score statistic is normal enough.
LARGE = 1_000_000
TOLERANCE = 1e-8


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
    interval = binary_interval(b, c, size, alpha)
    floor = binary_floor(m, alpha)
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = (b - c) / size
    return Paired(
        estimate=scalar(estimate),
        interval=interval,
        p_within=binary_p_within(b, c, size, m),
        p_beyond=binary_p_beyond(b, c, size, m),
        n=scalar(size),
        floor=floor,
        verdict=judged(size, floor, interval, m),
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
    A new loss in place of a tie can lower the low end, by at most .015, in fewer than one in a
    thousand tables of up to 60 pairs.
    """
    b, c, size = check_counts(losses, gains, n)
    b, c, size, level = floats(b, c, size, check_alpha(alpha))
    sides = np.stack([c, b]), np.stack([b, c]), np.stack([size, size]), np.stack([level, level])
    low, high = _each_table(_upper_ends, *sides)
    return scalar(-low), scalar(high)


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
    b, c, size = check_counts(losses, gains, n)
    return scalar(_each_table(_p_values, *floats(b, c, size, _check_loss(margin))))


def binary_p_beyond(losses: ArrayLike, gains: ArrayLike, n: ArrayLike, margin: ArrayLike) -> Floats:
    """Return p of the hypothesis that the loss is ``margin`` or less.

    The mirror of `binary_p_within`: losses and gains swapped, at ``-margin``.
    """
    b, c, size = check_counts(losses, gains, n)
    return scalar(_each_table(_p_values, *floats(c, b, size, -_check_loss(margin))))


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
        passes at the floor for levels of .025 and more, a few pairs later for smaller ones.

    Raises
    ------
    ValueError
        If a margin is not positive, or a level is out of range.
    """
    m, level = floats(check_margin(margin), check_alpha(alpha))
    with np.errstate(divide="ignore"):
        least = np.ceil(np.log(level) / np.log1p(-np.minimum(m, 1.0)) - 1e-9)
    return scalar(np.maximum(least, 1.0))


def _check_loss(loss: ArrayLike) -> Floats:
    values = np.asarray(loss, np.float64)
    if np.any(np.abs(values) > 1):
        msg = f"a loss of a proportion lies in [-1, 1]: {loss!r}"
        raise ValueError(msg)
    return values


def _each_table(
    function: Callable[[Floats, Floats, Floats, Floats], Floats],
    b: Floats,
    c: Floats,
    n: Floats,
    argument: Floats,
) -> Floats:
    """Apply ``function`` once to each different row; NaN where there are no pairs."""
    rows = np.stack([b.ravel(), c.ravel(), n.ravel(), argument.ravel()], axis=1)
    found = np.full(len(rows), np.nan)
    defined = (rows[:, 2] > 0) & ~np.isnan(rows[:, 3])
    if defined.any():
        different, which = np.unique(rows[defined], axis=0, return_inverse=True)
        found[defined] = function(*np.ascontiguousarray(different.T))[which.ravel()]
    return found.reshape(b.shape)


def _p_values(b: Floats, c: Floats, n: Floats, loss: Floats) -> Floats:
    return _p(ranked(b, c, n), loss)


def _p(tables: Tables, loss: Floats) -> Floats:
    p = special.ndtr(-score(tables.b, tables.c, tables.n, loss))
    exact = np.flatnonzero(tables.n <= LARGE)
    p[exact] = probability_as_good(tables.take(exact), loss[exact])
    return np.asarray(p)


def _upper_ends(b: Floats, c: Floats, n: Floats, alpha: Floats) -> Floats:
    """Return the loss (N,) at which p_within has fallen to ``alpha``."""
    tables, z = ranked(b, c, n), special.ndtri(alpha)

    def excess(loss: Floats, cells: Cells) -> Floats:
        p = np.clip(_p(tables.take(cells), loss), 1e-300, 1 - 1e-16)
        return np.asarray(special.ndtri(p) - z[cells])

    start = upper_limit(b, c, n, -z)
    step = (start - (b - c) / n) / np.maximum(-z, 0.1)
    ends = decreasing_root(excess, start, step, (np.full_like(b, -1.0), np.ones_like(b)), TOLERANCE)
    return np.where(b == n, 1.0, ends)
