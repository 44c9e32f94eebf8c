"""The cells of a run that may stop early, and when each is looked at: from sizes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantassay.evidence.contract import Evidence, Partial
from quantassay.evidence.sums import sum_by_cell
from quantassay.pairing.rows import PairedRows
from quantassay.pairing.strata import whole
from quantassay.records.samples import Partition, Predictions
from quantassay.verdicts.cells import Declared, Group
from quantassay.verdicts.schedule import Schedule, schedule
from quantassay.verdicts.waiting import waiting

from .asking import Exam
from .measuring import Labelled, Measured, arranged, measure
from .question import Asked


@dataclass(frozen=True)
class Planned:
    """One metric's cells, fixed beforehand, and when each is looked at."""

    asked: Asked
    partitions: Sequence[Partition]
    declared: Sequence[Declared]
    schedule: Schedule

    def measured(
        self, exam: Exam, names: tuple[str, str], sides: tuple[Predictions, Predictions]
    ) -> Measured:
        """Return what the first samples show; names and sides: reference, candidate."""
        metric = self.asked.metric
        found = measure(metric, exam.samples, *sides, names, exam.question)
        parts = _first(self.partitions, len(exam.samples))
        evidence = found.evidence(parts, exam.question.units)
        least = found.headroom(parts)
        group = Group(metric.name, evidence, self.declared, found.blind, headroom=least)
        return Measured(group, parts, found)


def planned(exam: Exam, asked: Asked) -> Planned:
    """Fix cells and levels of one metric, as if every answer were right."""
    assert exam.order is not None and exam.rubric.stopping is not None
    most = exam.first(exam.order.ends[-1])
    parts = [whole(len(exam.samples)), *exam.question.partitions]
    cells = arranged(
        most.question,
        asked,
        parts,
        lambda parts: _perfect(most, asked, _first(parts, len(most.samples))),
    )
    sizes = [_perfect(exam.first(n), asked, _first(cells.partitions, n)) for n in exam.order.ends]
    spending = exam.rubric.stopping.spending
    partial: Partial = getattr(asked.metric.evidence, "partial", "nothing")
    n = len(most.samples)
    missing = _missing(exam, asked, cells.partitions, n) if partial == "nothing" else None
    waits = waiting(partial, cells.partitions, exam.question.units, n, missing)
    plan = schedule(sizes, cells.declared, exam.question.alpha, spending, waits)
    return Planned(asked, cells.partitions, cells.declared, plan)


def _first(parts: Sequence[Partition], n: int) -> list[Partition]:
    return [replace(part, codes=part.codes[:n]) for part in parts]


def _missing(
    exam: Exam, asked: Asked, parts: Sequence[Partition], n: int
) -> NDArray[np.bool_] | None:
    """Return the cells (G,) of which some sum is made of samples beyond the last look alone."""
    if n == len(exam.samples):
        return None
    there = (_best(exam, asked) != 0).astype(np.int64)
    drawn = sum_by_cell(there[:n], _first(parts, n))
    return np.asarray(((drawn == 0) & (sum_by_cell(there, parts) > 0)).any(axis=1))


def _best(exam: Exam, asked: Asked) -> NDArray[np.float64]:
    samples = exam.samples
    nothing = np.zeros(len(samples), bool)
    return asked.metric.extreme(samples, Predictions(samples.ids, nothing, nothing), True)


def _perfect(exam: Exam, asked: Asked, parts: Sequence[Partition]) -> Evidence:
    rows = _best(exam, asked)
    both = PairedRows((rows, rows), None)
    best = Labelled(asked.metric, both, exam.question.strict)
    return best.evidence(parts, exam.question.units)
