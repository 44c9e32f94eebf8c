"""Which candidates may be chosen: every gate cell passes at the level shared among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from quantassay.records.cells import Cell, stratum_label
from quantassay.verdicts.anytime import anytime_by_cell, held
from quantassay.verdicts.cells import Group

from ..crossing import without_crossed_passes
from ..measuring import Measured, measured_cells
from ..question import Contender
from .basis import Basis


@dataclass(frozen=True)
class Listed:
    """One candidate, and which of its cells pass at the shared level too.

    ``eligible``: it gates, nothing is withheld from it, and it is as fast as declared at the shared
    level. ``cells`` are as judged, ``passing`` says of each whether it still passes.
    """

    name: str
    measured: Sequence[Measured]
    cells: Sequence[Cell]
    passing: Sequence[bool]
    eligible: bool

    @cached_property
    def gates(self) -> dict[str, bool]:
        """Whether all gate cells of a stratum pass, by its label."""
        found: dict[str, bool] = {}
        for cell, passes in zip(self.cells, self.passing, strict=True):
            if cell.role == "gate":
                label = stratum_label(cell.stratum)
                found[label] = found.get(label, True) and passes
        return found

    def passes(self, stratum: str | None) -> bool:
        """Return whether it may be chosen by its cells of a stratum; None: by all of them."""
        gates = self.gates
        if stratum is None:
            return self.eligible and bool(gates) and all(gates.values())
        return self.eligible and gates.get(stratum, False)


def listed(basis: Basis, name: str) -> Listed:
    """Judge one candidate again, at the level shared among all that may be chosen."""
    question, reference = basis.exam.question, basis.reference
    sides = basis.answers[reference], Contender(name, basis.answers[name])
    measured = [
        measured_cells(question, asked, basis.exam.samples, (reference, name), *sides)
        for asked in question.metrics
    ]
    cells = [cell for cell in basis.comparison.cells if cell.candidate == name]
    ruling = basis.comparison.candidates[name]
    held_back = ruling.verdict == "insufficient" and not ruling.deciding
    eligible = ruling.gate and not held_back and basis.speedups.passes(name, basis.level)
    return Listed(name, measured, cells, _passing(basis, name, measured, cells), eligible)


def _passing(
    basis: Basis, name: str, measured: Sequence[Measured], cells: Sequence[Cell]
) -> list[bool]:
    """Return which cells pass as judged, and at the shared level by p, floor and every look."""
    groups, level = [one.group for one in measured], basis.level
    samples = [basis.exam.samples] * len(measured)
    again = without_crossed_passes(cells, measured, samples, level)
    times = basis.times.get(name, 1)
    if times > 1:
        p = anytime_by_cell(groups)
        again = held(again, p, level, times, basis.exam.question.reserved)
    enough = np.concatenate([_above_floor(group, level) for group in groups])
    return [
        cell.verdict == "pass" and cell.p_within is not None and cell.p_within <= level and bool(n)
        for cell, n in zip(again, enough, strict=True)
    ]


def _above_floor(group: Group, level: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    margin = np.array([0.5 if one.margin is None else one.margin for one in group.declared])
    return np.asarray(group.evidence.size() >= group.evidence.floor(margin, level))
