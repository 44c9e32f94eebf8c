"""From aligned predictions to verdicts: shared by `run` and `compare`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay import plugins
from quantassay.pairing.agreement import agreements
from quantassay.pairing.strata import whole
from quantassay.pairing.suspicion import same_outputs
from quantassay.records.cells import (
    TASK,
    Agreement,
    CandidateVerdict,
    Cell,
    Comparison,
    Listed,
)
from quantassay.records.samples import Predictions, Samples
from quantassay.verdicts.cells import judge
from quantassay.verdicts.labels import awaiting_labels
from quantassay.verdicts.lists import losing_tasks, proven_fine, suspects
from quantassay.verdicts.overall import candidate_verdict, overall_verdict, withheld
from quantassay.verdicts.shrunk import with_shrunk
from quantassay.verdicts.supported import with_supported
from quantassay.verdicts.vacuous import without_vacuous

from .correctness import marked
from .crossing import without_crossed_passes
from .measuring import Measured, measured_cells
from .noticing import noticed
from .pooling import of_task, pooled_over_tasks
from .question import Contender, Question, Sitting, metric_facts

SAME = "every output is that of the reference to the last bit: no second variant was measured"


def compare_variants(
    question: Question,
    samples: Samples,
    reference_name: str,
    reference: Predictions,
    contenders: Sequence[Contender],
) -> Comparison:
    """Judge every candidate against one reference."""
    return compare_sittings([Sitting(question, samples, reference, contenders)], reference_name)


def compare_sittings(sittings: Sequence[Sitting], reference: str) -> Comparison:
    """Judge every candidate on all tasks at once: one family of verdicts a candidate.

    The sittings, one or more, have the same contenders, by name and in one order, and one
    confidence.
    """
    question, contenders = sittings[0].question, sittings[0].contenders
    facts = tuple(
        dict.fromkeys(metric_facts(a.metric) for one in sittings for a in one.question.metrics)
    )
    ruled = [_ruled(sittings, place, reference) for place in range(len(contenders))]
    verdicts = {each.name: one.verdict for each, one in zip(contenders, ruled, strict=True)}
    cells = tuple(cell for one in ruled for cell in one.cells)
    return Comparison(
        reference=reference,
        confidence=question.confidence,
        verdict=overall_verdict(verdicts),
        candidates=verdicts,
        cells=cells,
        agreements=tuple(
            each for s in sittings for c in s.contenders for each in _agreements(s, c)
        ),
        metrics=facts,
        findings=tuple(text for one in sittings for text in noticed(one, reference)),
        proven_fine=proven_fine(cells, question.alpha) if question.proven_fine else None,
        suspects=tuple(found for one in ruled for found in one.suspects),
        losing_tasks=None
        if len(sittings) == 1
        else tuple(found for one in ruled for found in one.losing),
        labels_needed=_labels_needed(sittings[0].samples, [one.deciding for one in ruled]),
        strict=question.strict and question.labels is None,
    )


@dataclass(frozen=True)
class _Ruled:
    """One candidate's cells and verdict; ``deciding`` (n,) ranks the samples to label."""

    cells: list[Cell]
    verdict: CandidateVerdict
    suspects: tuple[Listed, ...]
    losing: tuple[Listed, ...]
    deciding: NDArray[np.float64]


def _ruled(sittings: Sequence[Sitting], place: int, reference: str) -> _Ruled:
    contender = sittings[0].contenders[place]
    by_task = [_measured(sitting, place, reference) for sitting in sittings]
    measured = [one for own in by_task for one in own]
    pooled_groups = pooled_over_tasks(sittings, by_task)
    groups = [*pooled_groups, *(one.group for one in measured)]
    if not groups:
        verdict = candidate_verdict([], contender.gate)
        return _Ruled([], verdict, (), (), np.zeros(len(sittings[0].samples)))
    asked = sittings[0].question
    judged = judge(contender.name, reference, groups, asked.confidence, asked.reserved)
    judged = with_shrunk(without_vacuous(judged, groups))
    alpha = sittings[0].question.alpha
    judged = with_supported(judged, groups, alpha)
    first = sum(len(group.declared) for group in pooled_groups)
    tables = [s.samples for s, own in zip(sittings, by_task, strict=True) for _ in own]
    judged[first:] = without_crossed_passes(judged[first:], measured, tables, alpha)
    own, order = _awaiting(judged[first:], measured, len(sittings[0].samples))
    judged = [*judged[:first], *own]
    verdict = candidate_verdict(judged, contender.gate)
    if all(same_outputs(s.reference, s.contenders[place].predictions) for s in sittings):
        verdict = withheld(verdict, SAME)
    losing = losing_tasks(judged, groups, alpha)
    return _Ruled(judged, verdict, suspects(judged, groups), losing, order)


def _measured(sitting: Sitting, place: int, reference: str) -> list[Measured]:
    contender = sitting.contenders[place]
    names = reference, contender.name
    found = [
        measured_cells(
            sitting.question, asked, sitting.samples, names, sitting.reference, contender
        )
        for asked in sitting.question.metrics
    ]
    return [of_task(one, sitting.task) for one in found] if sitting.task else found


def _awaiting(
    cells: list[Cell], measured: Sequence[Measured], n: int
) -> tuple[list[Cell], NDArray[np.float64]]:
    """Say which labels would decide, where some are missing."""
    found: list[Cell] = []
    order, place = np.zeros(n), 0
    for one in measured:
        own = cells[place : place + len(one.group.declared)]
        place += len(own)
        counts = one.undecided()
        if counts is not None:
            changed, missing = counts.changed.tolist(), counts.missing.tolist()
            own = awaiting_labels(own, changed, missing, counts.found.blind)
            wanted = np.array([bool(cell.labels_needed) for cell in own])
            order += counts.deciding(wanted)
        found += own
    return found, order


def _labels_needed(samples: Samples, deciding: Sequence[NDArray[np.float64]]) -> tuple[str, ...]:
    order = np.max(deciding, axis=0, initial=0.0) if deciding else np.zeros(len(samples))
    ranked = np.lexsort((samples.ids, -order))
    return tuple(samples.ids[ranked[: int((order > 0).sum())]].tolist())


def _unasked(question: Question) -> list[Any]:
    """Return every agreement that needs no option and was not asked for with its own."""
    asked = {type(measure) for measure in question.agreements}
    kinds = [plugins.load("agreements", name) for name in plugins.names("agreements")]
    return [
        kind()
        for kind in kinds
        if kind not in asked and getattr(kind, "shown", True) and not plugins.required(kind)
    ]


def _agreements(sitting: Sitting, contender: Contender) -> list[Agreement]:
    question, samples = sitting.question, sitting.samples
    parts = [whole(len(samples)), *question.partitions]
    task = {TASK: sitting.task} if sitting.task else {}
    first, second = (
        marked(question, samples, s) for s in (sitting.reference, contender.predictions)
    )
    return [
        replace(agreement, stratum={**task, **agreement.stratum})
        for measure in (*question.agreements, *_unasked(question))
        for agreement in agreements(
            measure,
            samples,
            first,
            second,
            contender.name,
            parts,
            question.units,
            question.alpha,
        )
    ]
