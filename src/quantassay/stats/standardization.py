"""The loss on another mixture of the same groups: declared weights in place of observed ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, floats, scalar


def standardized(
    loss: ArrayLike,
    interval: tuple[ArrayLike, ArrayLike],
    weights: ArrayLike,
    names: Sequence[str] | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Return the weighted mean of the losses of disjoint groups, with its interval.

    Parameters
    ----------
    loss
        Loss of each group, along the last axis (..., k); NaN where it was not measured.
    interval
        Low and high end of each loss, all at the same one-sided level.
    weights
        Share of each group where the loss is wanted (k,): declared, not estimated; they are
        divided by their sum.
    names
        What messages call the groups (k,); their positions by default.

    Returns
    -------
    tuple of Floats
        Weighted mean (...), and its low and high end at the same level.

    Raises
    ------
    ValueError
        If a weight is negative or not finite, all are zero, or a group with a positive weight has
        no loss or no interval.

    Notes
    -----
    MOVER for a weighted sum: Zou and Donner, 2008, Statistics in Medicine 27:1693; Zou, Huang and
    Zhang, 2009, Computational Statistics and Data Analysis 53:1080.
    """
    value, low, high, share = _measured(loss, interval, weights, names)
    mean = value @ share
    below = np.sqrt(((value - low) ** 2) @ share**2)
    above = np.sqrt(((high - value) ** 2) @ share**2)
    return scalar(mean), scalar(mean - below), scalar(mean + above)


def standardized_shared(
    loss: ArrayLike,
    interval: tuple[ArrayLike, ArrayLike],
    weights: ArrayLike,
    names: Sequence[str] | None = None,
) -> tuple[Floats, Floats, Floats]:
    """Return the weighted mean of the losses of groups whose clusters may be the same.

    As `standardized`, whatever the groups have in common: the distances from each loss to its ends
    are added, which is MOVER at a correlation of 1, the widest there is.

    Parameters
    ----------
    loss, interval, weights, names
        As for `standardized`.

    Returns
    -------
    tuple of Floats
        Weighted mean (...), and its low and high end at the same level.

    Raises
    ------
    ValueError
        As for `standardized`.

    Notes
    -----
    Zou, 2007, Psychological Methods 12:399, with the correlation at its bound.
    """
    value, low, high, share = _measured(loss, interval, weights, names)
    return scalar(value @ share), scalar(low @ share), scalar(high @ share)


def _measured(
    loss: ArrayLike,
    interval: tuple[ArrayLike, ArrayLike],
    weights: ArrayLike,
    names: Sequence[str] | None,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return losses, both ends and shares of the groups that have a weight."""
    value, low, high = floats(loss, *interval)
    share = _shares(weights, value.shape)
    used = share > 0
    missing = used & np.isnan(value + low + high).any(axis=tuple(range(value.ndim - 1)))
    if missing.any():
        at = int(np.argmax(missing))
        msg = f"{names[at] if names else at} has a weight but was not measured"
        raise ValueError(msg)
    value, low, high, share = value[..., used], low[..., used], high[..., used], share[used]
    if np.any((value < low) | (value > high)):
        msg = "a loss lies within its interval"
        raise ValueError(msg)
    return value, low, high, share


def _shares(weights: ArrayLike, shape: tuple[int, ...]) -> Floats:
    given = np.asarray(weights, np.float64)
    fits = given.ndim == 1 and shape[-1:] == given.shape
    if not (fits and np.all(np.isfinite(given) & (given >= 0)) and given.sum() > 0):
        msg = "weights are one number for each group, none negative, not all zero"
        raise ValueError(msg)
    return np.asarray(given / given.sum())
