"""Penalties of finished runs of a study, with intervals that hold at once.

``penalties(runs, confidence)`` gives every `Penalty` of a study, in the order of its runs, and the
one-sided level of those intervals. Nothing is run: bounds at the level are computed from the
answers that the run folders hold, see `finished`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quantassay.records.cells import Cell
from quantassay.records.cross import Ends, Penalty
from quantassay.verdicts.axes import at_once, shared_level

from .finished import Finished, Whole

UNSCALED = "no largest loss of this metric is known: its loss is no share of it"


def penalties(
    runs: Sequence[Finished], confidence: float
) -> tuple[float | None, tuple[Penalty, ...]]:
    """Return the level of intervals that hold at once, and the penalties of all runs.

    The level is one side's share of ``confidence`` by Bonferroni: over every loss on a whole test
    set that has a largest, whether it could be computed or not. None where there is none.
    """
    family = sum(one.largest is not None for run in runs for one in run.whole.values())
    level = shared_level(confidence, family)
    return level, tuple(one for run in runs for one in _of_run(run, level))


def _of_run(run: Finished, level: float | None) -> Iterator[Penalty]:
    for cell in run.cells:
        ends, why = (None, "") if cell.stratum else _at_once(run, run.whole[cell.metric], level)
        yield _penalty(run, cell, ends, why)


def _at_once(run: Finished, whole: Whole, level: float | None) -> tuple[Ends | None, str]:
    """Return the interval at the level, or why there is none."""
    why = run.withheld or whole.why
    if why or whole.largest is None or level is None:
        return None, why or UNSCALED
    return at_once(whole.evidence, whole.largest, level)


def _penalty(run: Finished, cell: Cell, ends: Ends | None, why: str) -> Penalty:
    return Penalty(
        at=run.at,
        metric=cell.metric,
        stratum=cell.stratum,
        n=cell.n,
        clusters=cell.clusters,
        reference_value=cell.reference_value,
        loss=cell.loss,
        interval=cell.interval,
        at_once=ends,
        largest=run.whole[cell.metric].largest,
        unit=run.whole[cell.metric].unit,
        method=cell.method,
        margin=cell.margin,
        verdict=cell.verdict,
        reason=why or (cell.reason if cell.loss is None or cell.interval is None else ""),
    )
