"""One comparison of candidates that stopped at different places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from quantassay.pairing.suspicion import same_outputs
from quantassay.records.cells import CandidateVerdict, Comparison
from quantassay.records.looks import Stopping
from quantassay.records.samples import Predictions
from quantassay.verdicts.looks import Sitting
from quantassay.verdicts.overall import candidate_verdict, overall_verdict, withheld

from .asking import Exam
from .judging import SAME, compare_variants
from .question import Contender

SHOWN = "shown, not judged: sampling stops on the verdicts against {}"


def decided(
    exam: Exam,
    sittings: Sequence[Sitting],
    found: Mapping[str, Predictions],
    gates: Mapping[str, bool],
    stopping: Stopping,
) -> Comparison:
    """Return everything about every candidate, as far as it was run, with its own verdict."""
    parts = []
    for sitting in sittings:
        name, reference = sitting.names
        sides = found[reference], found[name]
        base = _compared(exam, reference, Contender(name, sides[1], gates[name]), sides[0])
        verdict = candidate_verdict(sitting.cells, gates[name])
        if same_outputs(sides[0].first(len(sides[1])), sides[1]):
            verdict = withheld(verdict, SAME)
        cells = tuple(sitting.cells)
        parts.append(replace(base, cells=cells, candidates={name: verdict}, suspects=()))
    return replace(merged(parts), stopping=stopping)


def shown(exam: Exam, reference: str, found: Mapping[str, Predictions]) -> Comparison:
    """Compare with a reference that decides nothing, on the samples that both were run on."""
    metrics = [replace(asked, margin=None, by={}) for asked in exam.question.metrics]
    plain = replace(exam, question=replace(exam.question, metrics=metrics))
    why = SHOWN.format(exam.rubric.references[0])
    parts = [
        _compared(plain, reference, Contender(name, found[name]), found[reference])
        for name in exam.rubric.candidates
        if name != reference
    ]
    return merged([_without_verdicts(part, why) for part in parts])


def _compared(exam: Exam, name: str, contender: Contender, reference: Predictions) -> Comparison:
    n = min(len(contender.predictions), len(reference))
    part = exam.first(n)
    cut = replace(contender, predictions=contender.predictions.first(n))
    return compare_variants(part.question, part.samples, name, reference.first(n), [cut])


def merged(parts: Sequence[Comparison]) -> Comparison:
    """Put comparisons of several candidates with one reference together, at least one."""
    verdicts = {name: one for part in parts for name, one in part.candidates.items()}
    return replace(
        parts[0],
        verdict=overall_verdict(verdicts),
        candidates=verdicts,
        cells=tuple(cell for part in parts for cell in part.cells),
        agreements=tuple(one for part in parts for one in part.agreements),
        findings=tuple(dict.fromkeys(text for part in parts for text in part.findings)),
        suspects=tuple(one for part in parts for one in part.suspects),
        proven_fine=None
        if parts[0].proven_fine is None
        else tuple(one for part in parts for one in part.proven_fine or ()),
        stopping=_stopped([part.stopping for part in parts if part.stopping is not None]),
    )


def _stopped(parts: Sequence[Stopping]) -> Stopping | None:
    """Return where all candidates stopped, and how far the reference was run for any of them."""
    if not parts:
        return None
    stops = {name: stop for part in parts for name, stop in part.candidates.items()}
    return replace(parts[0], candidates=stops, reference=max(part.reference for part in parts))


def _without_verdicts(part: Comparison, why: str) -> Comparison:
    cells = tuple(replace(c, reason=why) if c.interval else c for c in part.cells)
    nothing = {
        name: CandidateVerdict(None, why, one.gate, one.uncovered)
        for name, one in part.candidates.items()
    }
    return replace(part, cells=cells, candidates=nothing, suspects=())
