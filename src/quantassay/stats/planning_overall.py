"""Power of a pass that needs every one of several cells to pass."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats, check_power, scalar


class OverallPower(NamedTuple):
    """Probability that all cells pass.

    ``independent`` holds where cells are independent; whatever their dependence, it lies between
    ``at_least`` and ``at_most``.
    """

    independent: Floats
    at_least: Floats
    at_most: Floats


def overall_power(power: ArrayLike) -> OverallPower:
    """Return the probability that every cell passes.

    Parameters
    ----------
    power
        Of each cell (G,), in [0, 1]; NaN makes all three undefined.

    Returns
    -------
    OverallPower
        Product; Bonferroni's lower bound ``1 - sum (1 - power)``, 0 at least; the smallest.

    Raises
    ------
    ValueError
        If there is no cell, or a power is outside [0, 1].

    Notes
    -----
    Bounds of Fréchet, 1935, Fundamenta Mathematicae 25:379.

    Examples
    --------
    >>> [round(float(p), 3) for p in overall_power([0.9, 0.95])]
    [0.855, 0.85, 0.9]
    """
    values = np.asarray(power, np.float64)
    if values.ndim != 1 or not values.size or np.any((values < 0) | (values > 1)):
        msg = "powers are one row of numbers in [0, 1], one at least"
        raise ValueError(msg)
    least = np.maximum(1 - (1 - values).sum(), 0.0)
    return OverallPower(scalar(values.prod()), scalar(least), scalar(values.min()))


def power_of_each(power: ArrayLike, cells: ArrayLike) -> Floats:
    """Return the power that each of equal, independent cells needs for all to pass together.

    Parameters
    ----------
    power
        Wanted of the overall pass, in (0, 1).
    cells
        How many must pass, 1 or more.

    Returns
    -------
    Floats
        ``power ** (1 / cells)``: .99947 for .9 in 200 cells.

    Raises
    ------
    ValueError
        If an argument is out of range.
    """
    number = np.asarray(cells, np.float64)
    if np.any(number < 1):
        msg = "a pass needs one cell at least"
        raise ValueError(msg)
    return scalar(check_power(power) ** (1 / number))
