"""Roots of many decreasing functions at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .arrays import Floats

Cells: TypeAlias = NDArray[np.intp]
TURNS = 200
RESOLUTION = 1e-15


def decreasing_root(
    function: Callable[[Floats, Cells], Floats],
    start: Floats,
    step: Floats,
    bracket: tuple[Floats, Floats],
    tolerance: float,
) -> Floats:
    """Solve f(x) = 0 for continuous decreasing functions by a safeguarded secant.

    Parameters
    ----------
    function
        ``function(x, cells)`` evaluates the functions numbered ``cells`` at ``x``; both (k,).
    start, step
        First guess (N,), and about how far f takes to fall by one near it (N,).
    bracket
        Ends (N,) each: f is taken as positive at the low end and as negative at the high end.
    tolerance
        How close to zero f has to come.

    Returns
    -------
    Floats
        Roots (N,); the high end of the last bracket where ``tolerance`` was out of reach.
    """
    low, high = (end.copy() for end in bracket)
    cells, root = np.arange(len(start)), high.copy()
    x, before, value_before = _inside(start, low, high), np.full_like(low, np.nan), low.copy()
    for turn in range(TURNS):
        if not len(cells):
            break
        at, value = x[cells], function(x[cells], cells)
        _narrow(low, high, cells, at, value)
        solved = np.abs(value) <= tolerance
        root[cells] = np.where(solved, at, high[cells])
        with np.errstate(all="ignore"):
            fall = (at - before[cells]) / (value_before[cells] - value) if turn else step
        x[cells], before[cells], value_before[cells] = at + value * fall, at, value
        cells = cells[~solved & (high[cells] - low[cells] > RESOLUTION)]
        # now and then a bisection, lest the secant crawl along one side
        x[cells] = _inside(x[cells] if turn % 8 < 7 else np.nan, low[cells], high[cells])
    return root


def _narrow(low: Floats, high: Floats, cells: Cells, x: Floats, value: Floats) -> None:
    """Move the ends of the bracket to ``x``."""
    left = value > 0
    low[cells[left]] = x[left]
    high[cells[~left]] = x[~left]


def _inside(x: Floats | float, low: Floats, high: Floats) -> Floats:
    """Replace points that are not inside the bracket by its middle."""
    return np.where((x > low) & (x < high), x, (low + high) / 2)
