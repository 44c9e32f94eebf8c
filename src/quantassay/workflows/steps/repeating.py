"""The noise floor: the reference against itself."""

from __future__ import annotations

import numpy as np

from quantassay.metrics.classes.answer_changes import AnswerChanges
from quantassay.metrics.classes.flips import Flips
from quantassay.pairing.agreement import agreements
from quantassay.pairing.strata import whole
from quantassay.records.cells import Agreement
from quantassay.records.result import NoiseFloor
from quantassay.records.samples import Predictions

from .asking import Exam


def noise_floor(exam: Exam, first: Predictions, second: Predictions | None) -> NoiseFloor | None:
    """Return how often the deciding reference disagreed with its own second pass.

    None where the reference was recorded elsewhere, or gives no answers to compare.
    """
    if second is None:
        return None
    # where a run may stop early, only the samples of the first look are run again
    exam, first = exam.first(len(second)), first.first(len(second))
    changes = _overall(exam, AnswerChanges(), first, second)
    flips = _overall(exam, Flips(), first, second)
    if changes is None or changes.value is None or changes.interval is None:
        return None
    flipped = None if flips is None or flips.value is None else round(flips.value * flips.n)
    return NoiseFloor(
        n=changes.n,
        answer_changes=round(changes.value * changes.n),
        flips=flipped,
        interval=changes.interval,
        confidence=exam.rubric.confidence,
        identical_outputs=_identical(first, second),
    )


def _overall(
    exam: Exam, measure: AnswerChanges | Flips, first: Predictions, second: Predictions
) -> Agreement | None:
    found = agreements(
        measure, exam.samples, first, second, "again", [whole(len(exam.samples))],
        exam.question.units, exam.question.alpha,
    )  # fmt: skip
    return found[0] if found else None


def _identical(first: Predictions, second: Predictions) -> bool:
    return all(
        np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
        for a, b in (
            (getattr(first, name), getattr(second, name))
            for name in ("labels", "scores", "probabilities")
        )
        if a is not None and b is not None
    )
