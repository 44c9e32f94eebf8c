"""Loss by the rubric's first metric on the drawn samples, as a run measures it on all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import QuantassayError
from quantassay.pairing.strata import whole
from quantassay.readers.outputs import interpret
from quantassay.records.samples import Predictions
from quantassay.tendencies.figure import Figure, figure

from ..measuring import measure
from .diagnosis import Diagnosis

Batches = Sequence[NDArray[Any]]


def task_loss(diagnosis: Diagnosis, own: Batches, other: Batches) -> Figure:
    """Return the loss of a model against the reference: a point, in the metric's own unit.

    Parameters
    ----------
    diagnosis
        What is looked at.
    own, other
        Outputs of the reference and of the model, batch by batch.
    """
    exam = diagnosis.exam.taken(diagnosis.places)
    metric, question = exam.question.metrics[0].metric, replace(exam.question, strict=False)
    counted = f"samples by {metric.name}"
    names = diagnosis.reference.name, "the altered model"
    try:
        sides = [_predicted(diagnosis, exam.samples.ids, side) for side in (own, other)]
        measured = measure(metric, exam.samples, sides[0], sides[1], names, question)
        found = measured.evidence([whole(len(exam.samples))], question.units)
    except QuantassayError as error:
        return Figure(None, 0, counted, " ".join(str(error).split()))
    n, loss = int(found.n[0]), float(found.loss[0])
    if not np.isfinite(loss):
        why = measured.blind or found.undefined[0] or "the metric is undefined on these samples"
        return Figure(None, n, counted, why)
    return figure(loss, n, counted)


def _predicted(diagnosis: Diagnosis, ids: NDArray[np.str_], rows: Batches) -> Predictions:
    outputs = diagnosis.exam.rubric.task.outputs
    fields = interpret(np.concatenate(rows), outputs.kind, outputs.classes, ids)
    return Predictions(ids, absent=np.zeros(len(ids), bool), **fields)
