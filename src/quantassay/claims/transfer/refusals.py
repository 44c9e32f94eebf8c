"""Mixes, and why there is no figure at one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quantassay.errors import nearest, some
from quantassay.records.cells import Cell, MetricFacts

from .claimed import Claimed, ClaimedCandidate

MEANS = ("paired binary", "paired mean")


@dataclass(frozen=True)
class Mix:
    """Shares of the strata of one dimension; ``counted``: from so many samples, else declared.

    ``declared`` is False for the test set's own mix. ``counts`` are there where it was counted.
    """

    dimension: str
    shares: Mapping[str, float]
    declared: bool = True
    counts: Mapping[str, int] | None = None

    @property
    def counted(self) -> int | None:
        """How many samples it was counted from."""
        return None if self.counts is None else sum(self.counts.values())


def refusals(
    claim: Claimed, candidate: ClaimedCandidate, facts: MetricFacts, mix: Mix
) -> list[str]:
    """Say why there is no figure at this mix, the reason that covers most first."""
    key = mix.dimension
    if candidate.withheld:
        return [f"the claim gives {candidate.name} no verdict: {candidate.withheld}"]
    if facts.evidence not in MEANS:
        return [
            f"{facts.name} is no mean over samples ({facts.evidence}): its value on a mix does not "
            "follow from its values on strata"
        ]
    dimensions = {name for cell in candidate.cells for name in cell.stratum}
    if key not in dimensions:
        known = sorted(dimensions | set(claim.task.strata))
        there = f"it has {some(known)}" if known else "it has no strata"
        return [f"the claim has no cells by {key!r}{nearest(key, known)}: {there}"]
    whole = candidate.cell(facts.name, {})
    if whole is not None and (why := barred(whole)) and not _too_small(whole):
        return [f"the whole test set: {why}"]
    used = {value: share for value, share in mix.shares.items() if share > 0}
    cells = {value: candidate.cell(facts.name, {key: value}) for value in used}
    values = [c.stratum[key] for c in candidate.cells if c.stratum.keys() == {key}]
    there = f": the claim has {some(list(dict.fromkeys(values)))}"
    reasons = [
        f"{key}={v}: {why}{there if cell is None else ''}"
        for v, cell in cells.items()
        if (why := unusable(cell))
    ]
    levels = {cell.look.level if cell.look else None for cell in cells.values() if cell}
    if not reasons and len(levels) > 1:
        reasons = ["strata stand at different looks: their intervals are not of one level"]
    return reasons


def unusable(cell: Cell | None) -> str:
    """Say why a stratum cannot be re-weighted; '' where it can."""
    if cell is None or cell.n == 0:
        return "was not measured"
    if why := barred(cell):
        return why
    if cell.loss is None:
        return "its loss is open without targets" if cell.changed is not None else "has no loss"
    if cell.interval is None:
        return f"has no interval ({cell.reason or 'no reason was recorded'})"
    if cell.exploratory:
        return "was found by looking at the data, so that its interval does not hold"
    if cell.look is not None and cell.look.of > 1 and cell.role == "described":
        return "its interval is of a single look, and the run could stop at several"
    return ""


def barred(cell: Cell) -> str:
    """Say why a cell gives no pass, whatever its interval says; '' where it may."""
    if cell.verdict == "insufficient":
        return f"its verdict is insufficient ({cell.reason})"
    below = cell.margin and cell.interval and cell.interval[1] < cell.margin
    if below and cell.verdict != "pass":
        return f"its pass is withheld ({cell.reason})"
    return ""


def _too_small(cell: Cell) -> bool:
    """Return whether its size alone bars a pass, which another margin may mend."""
    return cell.floor_n is not None and (cell.clusters or cell.n) < cell.floor_n
