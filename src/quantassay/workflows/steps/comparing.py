"""Every candidate of a rubric against every reference, from answers that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from quantassay.records.cells import Comparison
from quantassay.records.samples import Predictions

from .asking import Exam
from .contrasting import between, contrasts
from .judging import compare_sittings
from .question import Contender, Sitting


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
