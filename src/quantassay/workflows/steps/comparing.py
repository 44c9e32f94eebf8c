"""Every candidate of a rubric against every reference, from answers that are there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from quantassay.records.artifacts import Truth
from quantassay.records.cells import Comparison
from quantassay.records.samples import Predictions
from quantassay.verdicts.overall import overall_verdict, withheld

from .asking import Exam
from .contrasting import between, contrasts
from .judging import compare_sittings
from .question import Contender, Sitting
from .variants import CHANGED_NOTHING

UNCHANGED = f"{CHANGED_NOTHING}: neither operations nor weights differ, so no scheme was measured"


def compared(exam: Exam, answers: Mapping[str, Predictions]) -> list[Comparison]:
    """Judge against the deciding reference first, then show every other one."""
    found = []
    for reference in exam.rubric.references:
        contenders = [
            Contender(name, answers[name], exam.rubric.variants[name].gate)
            for name in exam.rubric.candidates
            if name != reference
        ]
        sat = Sitting(exam.question, exam.samples, answers[reference], contenders)
        comparison = compare_sittings([sat], reference)
        pairs = [between(text) for text in exam.rubric.contrasts]
        found.append(replace(comparison, contrasts=contrasts(comparison, [sat], pairs)))
    return found


def unchanged(truth: Truth | None, origin: str) -> bool:
    """Return whether a variant is the model that it was made from, under another name."""
    if truth is None:
        return False
    return not truth.changed or (origin == "scheme" and not truth.lowered)


def withhold(comparison: Comparison, names: Collection[str]) -> Comparison:
    """Give no verdict to variants that are the model they were made from."""
    verdicts = {
        name: withheld(verdict, UNCHANGED) if name in names else verdict
        for name, verdict in comparison.candidates.items()
    }
    return replace(comparison, candidates=verdicts, verdict=overall_verdict(verdicts))
