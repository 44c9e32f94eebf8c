"""The margin that a cell could support: what it would have passed at, had it been declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from quantassay.evidence.contract import Evidence
from quantassay.records.cells import Cell

from .cells import Group

DOUBLINGS = 60
HALVINGS = 40
SMALLEST = 1e-9


def with_supported(cells: Sequence[Cell], groups: Sequence[Group], alpha: float) -> list[Cell]:
    """Add to every cell the smallest margin at which it would have passed at one look.

    Parameters
    ----------
    cells
        Of one candidate, as judged from the groups, in their order.
    groups
        What they were judged from.
    alpha
        Of one side.
    """
    margins = np.concatenate([_supported(group, alpha) for group in groups])
    return [
        replace(cell, supported_margin=float(margin) if np.isfinite(margin) else None)
        for cell, margin in zip(cells, margins, strict=True)
    ]


def _supported(group: Group, alpha: float) -> NDArray[np.float64]:
    if group.blind:
        return np.full(len(group.declared), np.nan)
    high = np.asarray(group.evidence.bounds(alpha)[1], float)
    least = np.maximum(least_above_floor(group.evidence, high, alpha), high)
    most = np.inf if group.headroom is None else group.headroom
    return np.where(np.isfinite(high) & (least < most), least, np.nan)


def least_above_floor(
    evidence: Evidence, high: NDArray[np.float64], alpha: float
) -> NDArray[np.float64]:
    """Return the smallest margin (G,), no less than ``high``, whose floor the cell reaches."""
    enough = np.where(np.isfinite(high), np.maximum(high, SMALLEST), np.nan)
    low = enough
    for _ in range(DOUBLINGS):
        short = np.isfinite(enough) & ~_reached(evidence, enough, alpha)
        if not short.any():
            break
        low, enough = np.where(short, enough, low), np.where(short, 2 * enough, enough)
    for _ in range(HALVINGS if (low < enough).any() else 0):
        middle = np.sqrt(low * enough)
        reached = _reached(evidence, middle, alpha)
        low, enough = np.where(reached, low, middle), np.where(reached, middle, enough)
    return np.where(_reached(evidence, enough, alpha), enough, np.nan)


def _reached(evidence: Evidence, margin: NDArray[np.float64], alpha: float) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        floor = evidence.floor(np.where(np.isfinite(margin), margin, 0.5), alpha)
    return np.asarray(np.isfinite(margin) & (evidence.size() >= floor))
