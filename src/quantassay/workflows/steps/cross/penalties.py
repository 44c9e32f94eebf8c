"""Penalties of finished runs of a study, with intervals that hold at once.

``penalties(runs, confidence)`` gives every `Penalty` of a study, in the order of its runs, and the
one-sided level of those intervals. Nothing is run: bounds at the level are computed from the
answers that the run folders hold, see `finished`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from quantassay.evidence.contract import Evidence
from quantassay.records.cells import Cell
from quantassay.records.cross import Ends, Penalty

from .finished import Finished, Whole

STEPS, ROUNDING = 30, 1e-9

UNSCALED = "no largest loss of this metric is known: its loss is no share of it"


def penalties(
    runs: Sequence[Finished], confidence: float
) -> tuple[float | None, tuple[Penalty, ...]]:
    """Return the level of intervals that hold at once, and the penalties of all runs.

    The level is one side's share of ``confidence`` by Bonferroni: over every loss on a whole test
    set that has a largest, whether it could be computed or not. None where there is none.
    """
    family = sum(one.largest is not None for run in runs for one in run.whole.values())
    level = (1 - confidence) / 2 / family if family else None
    return level, tuple(one for run in runs for one in _of_run(run, level))


def _of_run(run: Finished, level: float | None) -> Iterator[Penalty]:
    for cell in run.cells:
        at_once, why = (None, "") if cell.stratum else _at_once(run, run.whole[cell.metric], level)
        yield _penalty(run, cell, at_once, why)


def _at_once(run: Finished, whole: Whole, level: float | None) -> tuple[Ends | None, str]:
    """Return the interval at the level, or why there is none."""
    why = run.withheld or whole.why
    if whole.largest is None or level is None:
        return None, why or UNSCALED
    if why:
        return None, why
    low, high = (float(end[0]) for end in whole.evidence.bounds(level))
    if not np.isfinite([low, high]).all():
        return None, f"no interval is defined for so few samples at the level {level:.2g}"
    least = _provable(whole.evidence, whole.largest, level)
    if least is None:
        return None, f"too few samples, or clusters, for any bound at the level {level:.2g}"
    return (low if low > 0 else min(low, -least), high if high < 0 else max(high, least)), ""


def _provable(evidence: Evidence, largest: float, level: float) -> float | None:
    """Return the least loss that so many samples could rule out; None where they could none.

    A pass needs the floor of its margin beside a bound below it: what is shown to be at most so
    much is never shown to be less than that. Losses and gains that are settled need no floor.
    """
    outside, inside = 0.0, largest * (1 - ROUNDING)
    if not _ruled_out(evidence, inside, level):
        return None
    for _ in range(STEPS):
        middle = (outside + inside) / 2
        if _ruled_out(evidence, middle, level):
            inside = middle
        else:
            outside = middle
    return inside


def _ruled_out(evidence: Evidence, loss: float, level: float) -> bool:
    return bool(evidence.floor(np.array([loss]), level)[0] <= evidence.size()[0])


def _penalty(run: Finished, cell: Cell, at_once: Ends | None, why: str) -> Penalty:
    return Penalty(
        at=run.at,
        metric=cell.metric,
        stratum=cell.stratum,
        n=cell.n,
        clusters=cell.clusters,
        reference_value=cell.reference_value,
        loss=cell.loss,
        interval=cell.interval,
        at_once=at_once,
        largest=run.whole[cell.metric].largest,
        unit=run.whole[cell.metric].unit,
        method=cell.method,
        margin=cell.margin,
        verdict=cell.verdict,
        reason=why or (cell.reason if cell.loss is None or cell.interval is None else ""),
    )
