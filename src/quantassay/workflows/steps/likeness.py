"""Whether a pilot is of the task that is planned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import InputError, some
from quantassay.metrics.answers import as_text, written_like
from quantassay.pairing.join import same_targets
from quantassay.records.samples import Partition, Predictions, Samples

from .asking import Exam

# targets of which each stands for so many samples are classes; others are answers of their own
PER_CLASS = 5


def mismatches(
    samples: Samples, side: Predictions, exam: Exam, parts: Sequence[Partition | int], at_home: bool
) -> Iterator[str]:
    """Yield what of a pilot does not match the test set, a line each.

    Parameters
    ----------
    samples, side
        The pilot, and what its reference answered.
    exam
        The test set.
    parts
        The strata of the test set as the pilot holds them.
    at_home
        Whether every id of the pilot is one of the test set.

    Raises
    ------
    InputError
        If no class is one of the test set's, or the same ids have other targets.
    """
    what, own = _answers(samples, side)
    known = _classes(exam.samples)
    compared = own is not None and known is not None
    if own is not None and known is not None:
        yield from _foreign(what, np.unique(written_like(known, own)), as_text(known))
    if at_home:
        _same_answers(samples, exam.samples)
        return
    cut, lost = _strata(exam, parts)
    if lost:
        yield (
            f"the pilot's ids are not all of the test set, and nothing in its columns matches "
            f"{some(lost)}: these strata take the bound of the whole pilot"
        )
    elif not compared and not cut:
        yield "nothing shows that the pilot is of this task: it shares no id, class or stratum"


def _answers(samples: Samples, side: Predictions) -> tuple[str, NDArray[Any] | None]:
    if samples.target is not None:
        return "targets", np.unique(samples.target)
    return "answers", None if side.labels is None else np.unique(side.labels[~side.failed])


def _classes(samples: Samples) -> NDArray[Any] | None:
    """Return the classes of a test set; None where its targets are no classes."""
    if samples.target is None:
        return None
    found = np.unique(samples.target)
    return found if len(found) * PER_CLASS <= len(samples) else None


def _foreign(what: str, own: NDArray[np.str_], known: NDArray[np.str_]) -> Iterator[str]:
    foreign = np.setdiff1d(own, known)
    said = f"the pilot's {what} {some(list(foreign), 3)} are not classes of the test set"
    if len(own) and len(foreign) == len(own):
        msg = f"{said}, which are {some(list(known), 3)}: a pilot is of the same task"
        raise InputError(msg)
    if len(foreign):
        yield f"{said}: is it of the same task?"


def _same_answers(samples: Samples, test: Samples) -> None:
    if samples.target is None or test.target is None:
        return
    shared, here, there = np.intersect1d(samples.ids, test.ids, return_indices=True)
    own = written_like(test.target, samples.target[here])
    known = as_text(test.target[there])
    same_targets(shared, own, known, ("the pilot", "the test set"))


def _strata(exam: Exam, parts: Sequence[Partition | int]) -> tuple[list[str], list[str]]:
    """Return the strata with margins that the pilot holds, and those that it does not."""
    judged = {key for asked in exam.question.metrics for key in asked.by}
    cut: list[str] = []
    lost: list[str] = []
    for part, own in zip(exam.question.partitions, parts, strict=True):
        if part.key in judged:
            here = isinstance(own, Partition) and bool((own.codes >= 0).any())
            (cut if here else lost).append(part.key)
    return cut, lost
