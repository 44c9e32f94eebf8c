"""Results of one pair computed again with another outcome: what is still decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from quantassay.records.cells import Cell, Comparison, Listed
from quantassay.records.samples import Predictions
from quantassay.runs.history import outcome, times_seen
from quantassay.runs.journal import Entries
from quantassay.verdicts.anytime import anytime_by_cell, held
from quantassay.verdicts.overall import candidate_verdict, overall_verdict

from .asking import Exam
from .measuring import measured_cells
from .question import Contender

Outcomes = dict[str, dict[str, str]]


def guard(
    exam: Exam,
    sources: Mapping[str, str],
    answers: Mapping[str, Predictions],
    comparison: Comparison,
    journal: Entries,
    noted: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[Comparison, Outcomes]:
    """Hold decisions to a bound for every look where the journal tells of other outcomes.

    ``sources`` say by digest, or in words, what answered under which name. ``noted`` are the
    outcomes that the journal has of these results already: computing them again is no look.

    Returns
    -------
    tuple
        The comparison, and the outcome of every candidate before anything was held back.
    """
    reference, outcomes = comparison.reference, Outcomes()
    for name in comparison.candidates:
        cells = [cell for cell in comparison.cells if cell.candidate == name]
        pair = sources[reference], sources[name]
        outcomes[name] = outcome(journal, pair, cells)
        times = times_seen(journal, name, (noted or outcomes).get(name, outcomes[name]))
        if times > 1 and any(cell.verdict in ("pass", "fail") for cell in cells):
            p = _anytime(exam, answers, (reference, name))
            kept = held(cells, p, exam.question.alpha, times, exam.question.reserved)
            comparison = _with(comparison, name, kept, times)
    return comparison, outcomes


def _anytime(
    exam: Exam, answers: Mapping[str, Predictions], names: tuple[str, str]
) -> dict[tuple[str, str], tuple[float, float]]:
    reference, candidate = (answers[name] for name in names)
    n = len(candidate)
    part, contender = exam.first(n), Contender(names[1], candidate)
    return anytime_by_cell(
        [
            measured_cells(
                part.question, asked, part.samples, names, reference.first(n), contender
            ).group
            for asked in part.question.metrics
        ]
    )


def _with(comparison: Comparison, name: str, cells: list[Cell], times: int) -> Comparison:
    rest = iter(cells)
    old = comparison.candidates[name]
    new = candidate_verdict(cells, old.gate) if old.verdict in ("pass", "fail") else old
    verdicts = {**comparison.candidates, name: new}
    note = (
        f"{name}: different results were computed {times} times under this rubric, and no such "
        "look was declared: a PASS or FAIL stands only by a bound that holds at every look"
    )
    return replace(
        comparison,
        cells=tuple(next(rest) if cell.candidate == name else cell for cell in comparison.cells),
        candidates=verdicts,
        verdict=overall_verdict(verdicts),
        findings=(*comparison.findings, note),
        proven_fine=_without(comparison, name),
    )


def _without(comparison: Comparison, name: str) -> tuple[Listed, ...] | None:
    """Take a candidate off the list of proven strata, which holds for one look."""
    listed = comparison.proven_fine
    return None if listed is None else tuple(one for one in listed if one.candidate != name)
