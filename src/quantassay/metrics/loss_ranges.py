"""How much a score can change whatever the gold answer: what unlabelled samples can lose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError
from quantassay.records.samples import Predictions

from .answers import Array, as_text, columns_like, same_family

Range = tuple[NDArray[np.float64], NDArray[np.float64]]
Scores = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def of_changes(changed: NDArray[np.bool_]) -> Range:
    """Return the largest and smallest loss (n,) of samples that are right or wrong."""
    largest = changed.astype(float)
    return largest, 0.0 - largest


def of_classes(scores: Scores, reference: Predictions, candidate: Predictions) -> Range | None:
    """Return the largest and smallest rise (n,) of a score over every class as gold answer.

    Parameters
    ----------
    scores
        Maps probabilities (n, k) to the score (n, k) that each class would give as gold answer.
    reference, candidate
        Answers of both sides; None is returned where they have not the same classes.
    """
    columns = columns_like(reference, candidate)
    if columns is None or reference.probabilities is None or candidate.probabilities is None:
        return None
    first = np.asarray(reference.probabilities, float)
    second = np.ascontiguousarray(np.asarray(candidate.probabilities, float)[:, columns])
    changed = (first != second).any(axis=1)
    rise = np.where(changed[:, None], scores(second) - scores(first), 0.0)
    return rise.max(axis=1), rise.min(axis=1)


def changed_answers(
    reference: Predictions,
    candidate: Predictions,
    normal: Callable[[NDArray[np.str_]], NDArray[np.str_]] | None = None,
) -> NDArray[np.bool_] | None:
    """Return where the answers differ (n,) in any way that a gold answer could tell apart.

    Parameters
    ----------
    reference, candidate
        Answers of both sides; None is returned where a side has none.
    normal
        What is done to text before it is compared; None: numbers differ as numbers too.

    Raises
    ------
    DataError
        If one side's answers are numbers and the other's are text.
    """
    first, second = reference.labels, candidate.labels
    if first is None or second is None:
        return None
    if not same_family(first, second):
        msg = (
            f"the answers of one side are {first.dtype}, of the other {second.dtype}: without "
            "targets it is unknown which are equal, so write both sides alike"
        )
        raise DataError(msg)
    texts = as_text(first), as_text(second)
    if normal is not None:
        return np.asarray(normal(texts[0]) != normal(texts[1]))
    return np.asarray((texts[0] != texts[1]) | _unequal(first, second))


def _unequal(first: Array, second: Array) -> NDArray[np.bool_]:
    if "O" in (first.dtype.kind, second.dtype.kind):
        return np.zeros(len(first), bool)
    return np.asarray(first != second)
