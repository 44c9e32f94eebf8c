"""One candidate judged look by look: a cell's decision at its own look is final."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from quantassay.records.cells import Cell, stratum_label
from quantassay.records.looks import Look

from .cells import Group, judge
from .schedule import Schedule

Floats = NDArray[np.float64]
DECIDED = ("pass", "fail")
OUT_OF_REACH = "a pass is out of reach at the last look: too few samples, or clusters of one size"
Refine = Callable[[Sequence[Cell]], list[Cell]]


@dataclass
class Sitting:
    """What was seen of one candidate so far.

    Attributes
    ----------
    names
        The candidate and its reference.
    schedules
        Of every metric, in the order of the groups.
    confidence
        Of the two-sided interval of a single look.
    reserved
        Hypotheses that share Holm's rule with the gate cells and are judged after them.
    given_up
        Why no further look is taken although nothing was decided; '' where that is not so.
    """

    names: tuple[str, str]
    schedules: Sequence[Schedule]
    confidence: float
    looks: int = 0
    cells: list[Cell] = field(default_factory=list)
    reserved: int = 0
    given_up: str = ""
    _p: list[list[Floats]] = field(default_factory=list)

    @property
    def last(self) -> bool:
        """Whether no look is left."""
        return self.looks == len(self.schedules[0].n)

    def look(self, groups: Sequence[Group], refine: Refine = list) -> list[Cell]:
        """Judge every cell at the next look; what was decided stays as it was then.

        ``refine`` may withhold verdicts of the cells as they are judged.
        """
        k, before = self.looks, self.cells
        self.looks += 1
        self._p = self._p or [[] for _ in groups]
        for p, group in zip(self._p, groups, strict=True):
            p.append(_p_beyond(group))
        timed = [
            replace(group, level=plan.level[k], p_beyond=plan.p_beyond(p))
            for group, plan, p in zip(groups, self.schedules, self._p, strict=True)
        ]
        judged = refine(judge(*self.names, timed, self.confidence, self.reserved))
        allowed = [self._allowed(cell, plan, g) for cell, plan, g in self._each(judged)]
        placed = [self._placed(cell, plan, g) for cell, plan, g in self._each(allowed)]
        self.cells = [
            old if old.verdict in DECIDED else new
            for old, new in zip(before or placed, placed, strict=True)
        ]
        return self.cells

    def stop(self) -> list[Cell]:
        """End before the last look: what is not decided stays open, and says why."""
        if not self.last:
            why = f"sampling stopped at look {self.looks} of {len(self.schedules[0].n)}, {self.why}"
            self.cells = [
                _open(cell, _both(why, plan.waiting.why[g])) if plan.reachable[g] else cell
                for cell, plan, g in self._each(self.cells)
            ]
        return self.cells

    @property
    def why(self) -> str:
        """What decided the candidate, or that nothing did."""
        gates = [cell for cell in self.cells if cell.role == "gate"]
        failed = [cell for cell in gates if cell.verdict == "fail"]
        if failed:
            first = f"{failed[0].metric} @ {stratum_label(failed[0].stratum)}"
            rest = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
            return f"where {first}{rest} failed"
        if gates and all(cell.verdict == "pass" for cell in gates):
            return "where every gate cell had passed"
        return f"where {self.given_up}" if self.given_up else "the last one"

    def _each(self, cells: Sequence[Cell]) -> list[tuple[Cell, Schedule, int]]:
        places = [(plan, g) for plan in self.schedules for g in range(plan.n.shape[1])]
        return [(cell, *place) for cell, place in zip(cells, places, strict=True)]

    def _allowed(self, cell: Cell, plan: Schedule, g: int) -> Cell:
        """Take back what this look may not say: of a cell that waits, or can never pass."""
        if cell.verdict is None:
            return cell
        if plan.held[self.looks - 1, g]:
            never = plan.waiting.never[g] or not plan.reachable[g]
            why = plan.waiting.why[g]
            return replace(cell, verdict="insufficient" if never else "inconclusive", reason=why)
        if cell.verdict == "pass" and not plan.reachable[g]:
            return replace(cell, verdict="insufficient", reason=OUT_OF_REACH)
        return cell

    def _placed(self, cell: Cell, plan: Schedule, g: int) -> Cell:
        if cell.role == "described":
            level = (1 - self.confidence) / 2
        else:
            level = float(plan.level[self.looks - 1, g])
        final = cell.verdict in DECIDED
        return replace(cell, look=Look(self.looks, len(plan.n), int(plan.n[-1, g]), level, final))


def _p_beyond(group: Group) -> Floats:
    margin = np.array([np.nan if one.margin is None else one.margin for one in group.declared])
    judged = np.isfinite(margin)
    if not judged.any():
        return margin
    found = group.evidence.p_beyond(np.where(judged, margin, 0.5))
    return np.where(judged, found, np.nan)


def _both(why: str, waits: str) -> str:
    return f"{why}; {waits}" if waits else why


def _open(cell: Cell, why: str) -> Cell:
    if cell.verdict is None or cell.verdict in DECIDED:
        return cell
    return replace(cell, verdict="inconclusive", reason=why)
