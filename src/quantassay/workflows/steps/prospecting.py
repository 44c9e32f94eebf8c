"""The cells of a plan: what is asked, and how much there is to answer it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantassay.evidence.contract import Evidence, Kind
from quantassay.evidence.outlook import Expected, Prospects, cluster_sizes
from quantassay.evidence.strict import UNPROVEN
from quantassay.pairing.rows import PairedRows
from quantassay.pairing.strata import whole
from quantassay.records.planned import Curve, Outlook, PlannedCell
from quantassay.records.samples import Partition, Predictions
from quantassay.verdicts.cells import Declared
from quantassay.verdicts.small_strata import apply_rule, small

from .asking import Exam
from .measuring import Labelled, declared_cells
from .question import Asked

ROUNDING = 1e-6
FACTORS = (0.25, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 4.0)


@dataclass(frozen=True)
class Field:
    """The judged cells of one metric: ``cells`` as records, ``place`` of each among all cells."""

    name: str
    kind: Kind
    cells: tuple[PlannedCell, ...]
    prospects: Prospects
    place: tuple[int, ...]

    def chosen(self, expected: Expected) -> Expected:
        """Return what is expected of the judged cells alone."""
        pilot = expected.pilot
        if pilot is None or len(pilot.cells) == len(self.place):
            return expected
        own = replace(pilot, cells=tuple(pilot.cells[g] for g in self.place))
        return replace(expected, pilot=own)

    def outlooks(self, expected: Expected) -> Sequence[Outlook]:
        """Return what each cell could tell."""
        return self.kind.outlook(self.prospects, self.chosen(expected))

    def curve(self, expected: Expected, scenario: str) -> Curve:
        """Return the n needed at margins around that of the first cell."""
        most = self.kind.largest_loss or np.inf
        margins = np.array([f * self.cells[0].margin for f in FACTORS])
        margins = margins[margins < most]
        cells = self.prospects.at(margins)
        found = self.kind.outlook(cells, self.chosen(expected).first(len(margins)))
        return Curve(
            self.name,
            scenario,
            tuple(margins.tolist()),
            tuple(outlook.needed for outlook in found),
            tuple(outlook.least for outlook in found),
        )


def field_of(
    exam: Exam, asked: Asked, power: float, loss: float, correlation: float
) -> Field | None:
    """Return the judged cells of one metric on a test set; None where no margin stands.

    Parameters
    ----------
    exam
        The test set.
    asked
        The metric with its margins.
    power
        Wanted; that of each cell follows from how many there are.
    loss
        Expected true loss, as a share of each margin.
    correlation
        Within clusters.
    """
    question = exam.question
    parts = [whole(len(exam.samples)), *question.partitions]
    evidence = _best_case(exam, asked, parts)
    declared = declared_cells(question, asked, parts)
    declared = apply_rule(
        declared, small(evidence, declared, question.alpha), question.small_strata
    )
    at = [g for g, one in enumerate(declared) if one.margin is not None]
    if not at:
        return None
    sizes = cluster_sizes([p.codes for p in parts], [len(p.labels) for p in parts], question.units)
    margin = np.array([0.5 if one.margin is None else one.margin for one in declared])
    n, size = evidence.n[at].astype(float), evidence.size()[at]
    undefined = [evidence.undefined[g] for g in at]
    floor = evidence.floor(margin, question.alpha)[at]
    floor = np.where([why == UNPROVEN for why in undefined], np.inf, floor)
    with np.errstate(invalid="ignore", divide="ignore"):
        rarer = np.where(n > 0, size / n, np.nan)
        least = np.where(size > 0, np.ceil(floor / rarer - ROUNDING), np.inf)
    prospects = Prospects(
        n=n,
        margin=margin[at],
        floor=least,
        rarer=rarer,
        loss=loss * margin[at],
        alpha=question.alpha,
        sizes=tuple(sizes[g] for g in at),
        correlation=correlation,
        power=power,
        each=power,
    )
    cells = _records(asked, [declared[g] for g in at], prospects, size, floor, undefined)
    return Field(asked.metric.name, asked.metric.evidence, cells, prospects, tuple(at))


def _best_case(exam: Exam, asked: Asked, parts: Sequence[Partition]) -> Evidence:
    """Return the evidence of two variants without error: its sizes and floors are the plan's."""
    samples, metric = exam.samples, asked.metric
    nothing = np.zeros(len(samples), bool)
    perfect = metric.extreme(samples, Predictions(samples.ids, nothing, nothing), True)
    rows = PairedRows((perfect, perfect), None)
    best = Labelled(metric, rows, exam.question.strict)
    return best.evidence(parts, exam.question.units)


def _records(
    asked: Asked,
    declared: Sequence[Declared],
    prospects: Prospects,
    size: NDArray[np.float64],
    floor: NDArray[np.float64],
    undefined: Sequence[str],
) -> tuple[PlannedCell, ...]:
    metric, least = asked.metric, prospects.floor
    return tuple(
        PlannedCell(
            metric=metric.name,
            stratum=dict(one.stratum),
            role=one.role,
            margin=float(prospects.margin[i]),
            n=int(prospects.n[i]),
            size=float(size[i]),
            floor=int(np.ceil(floor[i] - ROUNDING)) if np.isfinite(floor[i]) else None,
            floor_n=int(least[i]) if np.isfinite(least[i]) else None,
            outlooks=(),
            clusters=_clusters(prospects.sizes[i]),
            unit=metric.unit,
            cap=metric.evidence.largest_loss,
            why=UNPROVEN if undefined[i] == UNPROVEN else "",
        )
        for i, one in enumerate(declared)
    )


def _clusters(sizes: NDArray[np.float64] | None) -> int | None:
    return None if sizes is None else len(sizes)


def field_without_data(
    asked: Asked, n: int | None, alpha: float, power: float, loss: float, positives: float | None
) -> Field:
    """Return the one cell of a metric where there is no test set yet."""
    assert asked.margin is not None
    metric, margin = asked.metric, np.array([asked.margin.value])
    prospects = Prospects(
        n=np.array([np.nan if n is None else float(n)]),
        margin=margin,
        floor=np.array([np.nan]),
        rarer=np.array([np.nan if positives is None else positives]),
        loss=loss * margin,
        alpha=alpha,
        sizes=(None,),
        correlation=0.0,
        power=power,
        each=power,
    )
    cell = PlannedCell(
        metric=metric.name,
        stratum={},
        role="gate",
        margin=float(margin[0]),
        n=n,
        size=None if n is None else float(n),
        floor=None,
        outlooks=(),
        unit=metric.unit,
        cap=metric.evidence.largest_loss,
    )
    return Field(metric.name, metric.evidence, (cell,), prospects, (0,))
