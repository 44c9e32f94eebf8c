"""What was answered to samples: answers and numbers, whatever kind of output they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import DataError
from quantassay.readers.outputs import interpret
from quantassay.readers.retrieved import EMBEDDING
from quantassay.records.ragged import vectors
from quantassay.records.samples import Predictions
from quantassay.rubrics.task import Outputs

LOGLIKELIHOOD = ("loglikelihood", "tokens")


@dataclass(frozen=True)
class Answered:
    """Which samples failed (m,), answers (m,), and numbers (m, k).

    Where answers are numbers themselves, as of a regression, or vectors, ``answers`` is None;
    ``numbers`` is None where outputs are names or texts.
    """

    failed: NDArray[np.bool_]
    answers: NDArray[Any] | None
    numbers: NDArray[np.float64] | None

    def as_numbers(self) -> Answered:
        """Return whole numbers, which may be names of classes, as the numbers that they are.

        Raises
        ------
        DataError
            If answers are no numbers.
        """
        if self.numbers is not None:
            return self
        if self.answers is None or self.answers.dtype.kind not in "iu":
            msg = "they are not the numbers that the accuracy pass has, or it has none"
            raise DataError(msg)
        return Answered(self.failed, None, self.answers[:, None].astype(np.float64))


def answered_by_outputs(raw: NDArray[Any], asked: Outputs) -> Answered:
    """Read a model's outputs as the accuracy pass reads them.

    Raises
    ------
    DataError
        If they are not of the kind that is asked for.
    """
    if asked.kind == "embeddings":
        # the accuracy pass searches in float32
        numbers = raw.astype(np.float32).astype(np.float64)
        return Answered(np.asarray(~np.isfinite(numbers).all(axis=1)), None, numbers)
    fields = interpret(raw, asked.kind, asked.classes)
    none = np.zeros(len(raw), bool)
    return answered_by_predictions(
        Predictions(np.arange(len(raw)).astype(str), absent=none, **fields)
    )


def answered_by_predictions(predictions: Predictions) -> Answered:
    """Read what was kept of the accuracy pass."""
    table, labels = predictions.table, predictions.labels
    failed = predictions.failed | predictions.absent
    if (found := vectors(table, EMBEDDING)) is not None:
        return Answered(failed, None, found.numbers().reshape(len(predictions), -1))
    if labels is None and table is not None and set(LOGLIKELIHOOD) <= set(table.column_names):
        columns = [table.column(name).to_numpy() for name in LOGLIKELIHOOD]
        return Answered(failed, None, np.column_stack(columns).astype(np.float64))
    if labels is not None and labels.dtype.kind == "f":
        return Answered(failed, None, labels[:, None].astype(np.float64))
    numbers = predictions.ranking
    return Answered(failed, labels, None if numbers is None else numbers.astype(np.float64))
