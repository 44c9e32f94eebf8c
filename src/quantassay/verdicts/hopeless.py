"""Candidates that hardly could pass any more, so that going on with them is wasted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from quantassay import stats
from quantassay.records.cells import Cell, stratum_label

from .cells import Declared, Group
from .looks import DECIDED, Sitting
from .schedule import Schedule

HOPE = 0.05
Floats = NDArray[np.float64]


def out_of_reach(metric: str, declared: Sequence[Declared], plan: Schedule) -> list[str]:
    """Name the gate cells of a metric that cannot pass at any look, however well they do."""
    never = plan.waiting.never | ~plan.reachable
    return [
        _named(metric, one)
        for one, cannot in zip(declared, never, strict=True)
        if cannot and one.role == "gate"
    ]


def hopeless(sitting: Sitting, groups: Sequence[Group]) -> str:
    """Say which gate cell hardly can pass at the looks ahead; '' where each may.

    A cell is given up where its chance of a pass is below ``HOPE`` even if the samples ahead lost
    as little as its interval at this look leaves, or nothing where that reaches so far. Giving up
    never adds to the error of a pass; it costs a good candidate at most ``HOPE`` of the power that
    was left to it, and as often as the interval misses.

    Parameters
    ----------
    sitting
        After a look that did not decide the candidate.
    groups
        What it was judged from at that look.
    """
    for name, chance in chances(sitting, groups):
        if chance < HOPE:
            return f"{name} hardly could pass any more"
    return ""


def chances(sitting: Sitting, groups: Sequence[Group]) -> Iterator[tuple[str, float]]:
    """Yield the chance of a PASS ahead of every open gate cell, as `hopeless` reckons it.

    A cell that waits for all of its samples is left out, and so are all after the last look.
    """
    cells = iter(sitting.cells)
    for group, plan in zip(groups, sitting.schedules, strict=True):
        own = [next(cells) for _ in group.declared]
        gates = np.array([one.role == "gate" and one.verdict not in DECIDED for one in own], bool)
        open_ = np.flatnonzero(gates & ~plan.waiting.waits)
        if sitting.last or not len(open_):
            continue
        spread = _spread(group, plan)
        for g in open_.tolist():
            place = sitting.looks - 1, g
            name = _named(group.metric, group.declared[g])
            yield name, _chance(own[g], plan, place, float(spread[g]))


def _spread(group: Group, plan: Schedule) -> Floats:
    """Return the standard error of each loss now, as the upper bound at the last look has it."""
    level = plan.level[-1]
    with np.errstate(invalid="ignore"):
        above = group.evidence.bounds(level)[1] - group.evidence.loss
        return np.asarray(above / -special.ndtri(level))


def _chance(cell: Cell, plan: Schedule, place: tuple[int, int], spread: float) -> float:
    """Return the chance of a PASS at the looks ahead at the least loss; 1 where unknown.

    ``place`` are the look and the cell in the plan.
    """
    k, g = place
    t = plan.information[g]
    if cell.interval is None or cell.margin is None or cell.p_within is None:
        return 1.0
    if not (0 < spread < np.inf and 0 < t[k] < 1):
        return 1.0
    z = -float(special.ndtri(np.clip(cell.p_within, 1e-300, 1 - 1e-16)))
    drift = (cell.margin - max(cell.interval[0], 0.0)) / (spread * float(np.sqrt(t[k])))
    ahead = k + 1 + np.flatnonzero(np.diff(t[k:]) > 0)
    return stats.chance_left(z, t[[k, *ahead]], plan.level[ahead, g], drift)


def _named(metric: str, declared: Declared) -> str:
    return f"{metric} @ {stratum_label(declared.stratum)}"
