"""What the test set can tell, before anything is measured."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from pathlib import Path

import numpy as np

from quantassay.errors import InputError
from quantassay.evidence.outlook import Prospect
from quantassay.pairing.rows import PairedRows, paired_evidence
from quantassay.pairing.strata import whole
from quantassay.records.planned import Planned, PlannedCell
from quantassay.records.samples import Predictions
from quantassay.rubrics.load import load

from .asking import Exam, read_exam
from .judging import Asked, declared_cells

DISCORDANCES = (0.01, 0.03, 0.05)
ASSUMPTIONS = (
    "no true loss: power is the chance that a harmless candidate passes",
    "discordance is the share of samples whose correctness changes; a mean is taken to move by "
    "half its cap on that share",
    "with clusters, each counts as one sample, and there are as many as the largest would make: "
    "the worst case",
    "power of the overall PASS multiplies the cells as if they were independent",
)


def plan(
    rubric: str | Path,
    *,
    discordance: float | Sequence[float] | None = None,
    power: float = 0.9,
) -> Planned:
    """Say what every declared margin needs, and what the test set that is there can tell.

    Parameters
    ----------
    rubric
        The rubric's file; its test set is read, no model is run.
    discordance
        Expected share of samples whose correctness changes; 1, 3 and 5 % by default.
    power
        Wanted chance of a PASS without any true loss.

    Raises
    ------
    InputError
        If rubric or data are wrong, or a share is outside 0 to 1.
    """
    shares = _shares(discordance, power)
    exam = read_exam(load(rubric))
    cells = tuple(
        cell for asked in exam.question.metrics for cell in _cells(exam, asked, shares, power)
    )
    gates = [cell for cell in cells if cell.role == "gate"]
    return Planned(
        rubric=exam.rubric.rubric,
        n=len(exam.samples),
        confidence=exam.rubric.confidence,
        power=power,
        cells=cells,
        overall={f"{share:g}": _overall(gates, i) for i, share in enumerate(shares)},
        assumptions=ASSUMPTIONS,
    )


def _shares(discordance: float | Sequence[float] | None, power: float) -> Sequence[float]:
    given = DISCORDANCES if discordance is None else discordance
    shares = [given] if isinstance(given, (int, float)) else list(given)
    for name, value in [*(("discordance", share) for share in shares), ("power", power)]:
        if not 0 < value < 1:
            msg = f"{name} is {value:g}; it must lie between 0 and 1"
            raise InputError(msg)
    return shares


def _cells(exam: Exam, asked: Asked, shares: Sequence[float], power: float) -> list[PlannedCell]:
    samples, question = exam.samples, exam.question
    nothing = np.zeros(len(samples), bool)
    perfect = asked.metric.extreme(samples, Predictions(samples.ids, nothing, nothing), True)
    parts = [whole(len(samples)), *question.partitions]
    evidence = paired_evidence(
        asked.metric, PairedRows((perfect, perfect), None), parts, question.units
    )
    declared = declared_cells(question, asked, parts)
    margin = np.array([0.5 if d.margin is None else d.margin for d in declared])
    floor, size = evidence.floor(margin, question.alpha), evidence.size()
    found = []
    for g, one in enumerate(declared):
        if one.margin is None:
            continue
        prospect = Prospect(float(size[g]), one.margin, question.alpha, power)
        found.append(
            PlannedCell(
                metric=asked.metric.name,
                stratum=dict(one.stratum),
                role=one.role,
                margin=one.margin,
                n=int(evidence.n[g]),
                size=float(size[g]),
                floor=int(np.ceil(floor[g])) if np.isfinite(floor[g]) else None,
                outlooks=tuple(asked.metric.evidence.outlook(prospect, share) for share in shares),
            )
        )
    return found


def _overall(gates: Sequence[PlannedCell], index: int) -> float | None:
    powers = [cell.outlooks[index].power for cell in gates]
    if not powers or any(power is None for power in powers):
        return None
    return prod(power for power in powers if power is not None)
