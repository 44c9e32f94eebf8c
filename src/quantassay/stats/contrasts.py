"""Whether a loss widens from one disjoint group of samples to another (MOVER)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, floats, scalar

Ends = tuple[ArrayLike, ArrayLike]
Bounds = Callable[[Floats], Ends]
STEPS = 24
SMALLEST = 1e-12


def contrast(
    loss_a: ArrayLike, interval_a: Ends, loss_b: ArrayLike, interval_b: Ends
) -> tuple[Floats, Floats, Floats]:
    """Return how much larger the loss is in B than in A, with its interval.

    Parameters
    ----------
    loss_a, loss_b
        Losses of two groups without a common sample; broadcastable.
    interval_a, interval_b
        Low and high end of each, all at the same one-sided level.

    Returns
    -------
    tuple of Floats
        ``loss_b - loss_a``, and its low and high end at that level; NaN where an end is.

    Raises
    ------
    ValueError
        If a loss lies outside of its interval.

    Notes
    -----
    Square-and-add of each group's own limits: the method of variance estimates recovery of Zou
    and Donner, 2008, Statistics in Medicine 27:1693, after Newcombe, 1998, Statistics in Medicine
    17:873.
    """
    a, low_a, high_a, b, low_b, high_b = floats(loss_a, *interval_a, loss_b, *interval_b)
    if np.any((a < low_a) | (a > high_a) | (b < low_b) | (b > high_b)):
        msg = "a loss lies within its interval"
        raise ValueError(msg)
    wider = b - a
    return (
        scalar(wider),
        scalar(wider - np.hypot(b - low_b, high_a - a)),
        scalar(wider + np.hypot(high_b - b, a - low_a)),
    )


def contrast_p(
    loss_a: ArrayLike,
    bounds_a: Bounds,
    loss_b: ArrayLike,
    bounds_b: Bounds,
    difference: ArrayLike = 0.0,
) -> Floats:
    """Return the two-sided p of the hypothesis that the losses differ by ``difference``.

    Parameters
    ----------
    loss_a, loss_b
        As for `contrast`.
    bounds_a, bounds_b
        Map one-sided levels (in the shape of the losses) to low and high ends, such as
        ``lambda alpha: binary_interval(b, c, n, alpha)``.
    difference
        ``loss_b - loss_a`` under the hypothesis.

    Returns
    -------
    Floats
        Twice the smallest level at which the interval of `contrast` leaves the difference out, in
        [2e-12, 1]; NaN where an end is NaN.
    """
    a, b, wanted = floats(loss_a, loss_b, difference)

    def outside(level: Floats) -> Floats:
        _, low, high = contrast(a, bounds_a(level), b, bounds_b(level))
        return np.asarray(np.where(np.isnan(low + high), np.nan, (wanted < low) | (wanted > high)))

    largest = np.full(a.shape, np.log(0.5))
    never = outside(np.exp(largest))
    inside, leaves = np.full(a.shape, np.log(SMALLEST)), largest
    for _ in range(STEPS):
        middle = (inside + leaves) / 2
        out = outside(np.exp(middle)) == 1
        inside, leaves = np.where(out, inside, middle), np.where(out, middle, leaves)
    p = np.where(never == 1, 2 * np.exp(leaves), 1.0)
    return scalar(np.where(np.isnan(never), np.nan, p))
