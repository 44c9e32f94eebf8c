"""Stopping early: error spent over declared looks (Lan and DeMets)."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .arrays import Floats, check_alpha, scalar
from .brownian import Path
from .roots import Cells, decreasing_root

Spending: TypeAlias = Literal["obrien-fleming", "pocock"]
# An increment below this is its own level: the looks before it change nothing that is left.
LEAST = 1e-12
HALVINGS = 60
TOLERANCE = 1e-7
MOST = 0.5


def spent_alpha(
    information: ArrayLike, alpha: ArrayLike, spending: Spending = "obrien-fleming"
) -> Floats:
    """Return how much of a one-sided level may be used up by a look.

    Parameters
    ----------
    information
        Share of the information that is there, in [0, 1]; a sample count over the largest one.
    alpha
        One-sided level in (0, .5]; broadcastable.
    spending
        ``"obrien-fleming"``: almost nothing early; ``"pocock"``: about alike at every look.

    Returns
    -------
    Floats
        0 at information 0, ``alpha`` at 1.

    Raises
    ------
    ValueError
        If information or level is out of range, or the spending is not known.

    Notes
    -----
    ``2 - 2 Phi(z_{alpha/2} / sqrt(t))`` and ``alpha log(1 + (e - 1) t)``: Lan and DeMets,
    Biometrika 70 (1983).
    """
    t, level = np.asarray(information, np.float64), check_alpha(alpha)
    if not np.all((t >= 0) & (t <= 1)):
        msg = f"information lies in [0, 1]: {information!r}"
        raise ValueError(msg)
    if spending not in get_args(Spending):
        msg = f"spending is one of {', '.join(get_args(Spending))}: {spending!r}"
        raise ValueError(msg)
    if spending == "pocock":
        return scalar(level * np.log1p((np.e - 1) * t))
    with np.errstate(divide="ignore"):
        return scalar(2 * special.ndtr(special.ndtri(level / 2) / np.sqrt(t)))


def nominal_levels(
    information: ArrayLike,
    alpha: ArrayLike,
    spending: Spending = "obrien-fleming",
    used: ArrayLike = True,
) -> Floats:
    """Return the one-sided level of every look that spends a level over all of them.

    Parameters
    ----------
    information
        Share of the information at each look (..., K), never falling along the last axis, in
        [0, 1].
    alpha
        One-sided level of all looks together; of the shape of the axes before the last.
    spending
        As for `spent_alpha`.
    used
        Which looks are taken (..., K); one that is not taken spends nothing, and leaves its share
        to those after it. A look without new information is never taken.

    Returns
    -------
    Floats
        Levels (..., K) for the p-values of the looks; 0 where a look is not taken.

    Raises
    ------
    ValueError
        If information falls or is out of range, or a level is.

    Notes
    -----
    With these levels the chance to reject at any look is ``alpha`` where p-values are those of a
    normal statistic with independent increments (Lan and DeMets 1983), and at most that where
    they are larger. Five equal looks at .025: 4.877, 3.357, 2.680, 2.290, 2.031 in standard
    errors.

    Examples
    --------
    >>> [round(float(level), 4) for level in nominal_levels([0.5, 1.0], 0.025)]
    [0.0015, 0.0245]
    """
    t, level, taken = _checked(information, alpha, used)
    rows = np.concatenate([t, level[:, None], taken], axis=1)
    different, which = np.unique(rows, axis=0, return_inverse=True)
    looks = t.shape[1]
    found = _levels(
        different[:, :looks], different[:, looks], different[:, looks + 1 :] > 0, spending
    )
    shape = np.broadcast_shapes(np.shape(information), (*np.shape(alpha), looks), np.shape(used))
    return found[which.ravel()].reshape(shape)


def sequential_p(
    p_values: ArrayLike, information: ArrayLike, spending: Spending = "obrien-fleming"
) -> Floats:
    """Return the p-value of all looks so far.

    Parameters
    ----------
    p_values
        One-sided p of each look (..., K) in [0, 1], earliest first; NaN where none was taken.
    information
        As for `nominal_levels`, broadcastable; it may end before 1.
    spending
        As for `spent_alpha`.

    Returns
    -------
    Floats
        The smallest total level at which one of the looks would have rejected (...); 1 where that
        is above .5. Never larger after a further look. NaN where no look was taken.

    Raises
    ------
    ValueError
        If information falls or is out of range.

    Notes
    -----
    Liu and Anderson, Journal of the American Statistical Association 103 (2008). It is valid at
    any look, so that Holm's procedure applies to it as it is (Maurer and Bretz 2013).
    """
    p = np.asarray(p_values, np.float64)
    t = np.broadcast_to(np.asarray(information, np.float64), p.shape)
    flat = p.reshape(-1, p.shape[-1])
    t = t.reshape(flat.shape)
    taken = ~np.isnan(flat)
    least = np.where(taken, flat, np.inf).min(axis=1)
    found = np.where(np.isinf(least), np.nan, 1.0)
    small = np.flatnonzero(least < MOST)
    if len(small):
        found[small] = _sequential(flat[small], t[small], taken[small], spending)
    return scalar(found.reshape(p.shape[:-1]))


def _checked(
    information: ArrayLike, alpha: ArrayLike, used: ArrayLike
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    t = np.asarray(information, np.float64)
    if t.ndim < 1 or not np.all((t >= 0) & (t <= 1)) or np.any(np.diff(t, axis=-1) < 0):
        msg = f"information lies in [0, 1] and never falls from look to look: {information!r}"
        raise ValueError(msg)
    level = check_alpha(alpha)[..., None]
    t, level, taken = np.broadcast_arrays(t, level, np.asarray(used, bool))
    looks = t.shape[-1]
    t = t.reshape(-1, looks)
    new = np.diff(t, axis=1, prepend=0.0) > 0
    return t, level.reshape(-1, looks)[:, 0], taken.reshape(-1, looks) & new


def _levels(t: Floats, alpha: Floats, used: NDArray[np.bool_], spending: Spending) -> Floats:
    """Return levels (G, K) of different tests."""
    path, found, gone = Path(len(t)), np.zeros(t.shape), np.zeros(len(t))
    for k in range(t.shape[1]):
        if not used[:, k].any():
            continue
        time = np.where(used[:, k], t[:, k], 1.0)
        total = np.where(used[:, k], spent_alpha(time, alpha, spending), gone)
        level = np.where(used[:, k], _level(path, time, total - gone, total), 0.0)
        found[:, k], gone = level, np.maximum(total, gone)
        with np.errstate(divide="ignore"):
            path.advance(-special.ndtri(level), time, used[:, k] & ~path.close(time))
    return found


def _level(path: Path, time: Floats, increment: Floats, total: Floats) -> Floats:
    """Return the level at which the chance to cross now, and not before, is the increment."""
    direct = (increment < LEAST) | path.close(time)
    low = -special.ndtri(np.where(direct, MOST, total))
    high = -special.ndtri(np.where(direct, MOST, increment))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = path.tail(middle, time) > increment
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(direct, np.maximum(increment, 0.0), special.ndtr(-high))


def _sequential(p: Floats, t: Floats, taken: NDArray[np.bool_], spending: Spending) -> Floats:
    """Return the least level (G,) that rejects, 1 where none up to .5 does."""
    z = np.where(taken, -special.ndtri(np.clip(np.nan_to_num(p, nan=1.0), 1e-300, 1 - 1e-16)), -9.0)
    low = np.log(np.where(taken, _alone(p, t, spending), 1.0).min(axis=1))

    def apart(x: Floats, cells: Cells) -> Floats:
        levels = nominal_levels(t[cells], np.minimum(np.exp(x), MOST), spending, taken[cells])
        with np.errstate(divide="ignore"):
            bound = np.where(levels > 0, -special.ndtri(levels), np.inf)
        return np.asarray(np.min(bound - z[cells], axis=1))

    found, ask = np.ones(len(p)), np.flatnonzero(low < np.log(MOST))
    if len(ask):
        ask = ask[apart(np.full(len(ask), np.log(MOST)), ask) <= 0]
    if len(ask):
        ends = low[ask] - 1e-6, np.full(len(ask), np.log(MOST))
        found[ask] = np.exp(
            decreasing_root(
                lambda x, cells: apart(x, ask[cells]), low[ask], np.ones(len(ask)), ends, TOLERANCE
            )
        )
    return found


def _alone(p: Floats, t: Floats, spending: Spending) -> Floats:
    """Return the total level that has spent p by a look: none below rejects there."""
    least = np.maximum(np.nan_to_num(p, nan=1.0), 1e-300)
    with np.errstate(divide="ignore"):
        if spending == "pocock":
            return np.asarray(least / np.log1p((np.e - 1) * t))
        return np.asarray(2 * special.ndtr(special.ndtri(np.minimum(least, 1.0) / 2) * np.sqrt(t)))
