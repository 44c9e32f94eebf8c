"""The interval of one loss at a level that many share, so that all of their intervals hold."""

from __future__ import annotations

import numpy as np

from quantassay.evidence.contract import Evidence
from quantassay.records.cross import Ends

from ..supported import least_above_floor


def shared_level(confidence: float, losses: int) -> float | None:
    """Return the one-sided level of each of so many intervals, by Bonferroni; None of none."""
    return (1 - confidence) / 2 / losses if losses else None


def at_once(evidence: Evidence, largest: float, level: float) -> tuple[Ends | None, str]:
    """Return the interval of the loss of one cell, or why there is none.

    A pass needs the floor of its margin beside a bound below it: what is shown to be at most so
    much is never shown to be less than that. Losses and gains that are settled need no floor.

    Parameters
    ----------
    evidence
        Of one cell.
    largest
        The largest loss there can be.
    level
        Of one side.
    """
    low, high = evidence.bounds(level)
    if not np.isfinite([low[0], high[0]]).all():
        return None, f"no interval is defined for so few samples at the level {level:.2g}"
    least = float(least_above_floor(evidence, np.zeros(1), level)[0])
    if not least < largest:
        return None, f"too few samples, or clusters, for any bound at the level {level:.2g}"
    ends = float(low[0]), float(high[0])
    return (
        ends[0] if ends[0] > 0 else min(ends[0], -least),
        ends[1] if ends[1] < 0 else max(ends[1], least),
    ), ""
