"""The samples and answers that a run folder holds, as the run had them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from quantassay.errors import DataError
from quantassay.pairing.order import shuffled
from quantassay.readers.inputs.preprocessing import build_preprocess
from quantassay.records.samples import Predictions
from quantassay.rubrics.digest import digest
from quantassay.rubrics.load import Loaded
from quantassay.rubrics.model import Rubric

from .asking import Exam, question_of
from .keeping import SAMPLES, kept_predictions, kept_samples, predictions_of
from .retracing import inside


def kept_exam(rubric: Rubric, folder: Path) -> Exam:
    """Return the exam of a rubric that was locked, on the samples that its run folder holds.

    Raises
    ------
    DataError
        If the folder does not hold them.
    """
    samples, units = kept_samples(kept_file(folder, SAMPLES))
    question = replace(question_of(rubric, samples), units=units)
    loaded = Loaded(rubric, folder / "assay.yaml", folder, digest(rubric))
    exam = Exam(loaded, samples, question, build_preprocess(None, folder))
    if rubric.stopping is None:
        return exam
    order = shuffled(samples.ids, units, rubric.seed, rubric.stopping.sizes(len(samples)))
    if not np.array_equal(order.rows, np.arange(len(samples))):
        msg = f"{SAMPLES}: its samples do not stand in the order that the rubric's seed draws"
        raise DataError(msg)
    return replace(exam, order=order)


def kept_answers(exam: Exam, folder: Path) -> dict[str, Predictions]:
    """Return every variant's answers, as far as they are kept.

    Raises
    ------
    DataError
        If those of a variant are not in the folder.
    """
    return {
        name: kept_predictions(kept_file(folder, predictions_of(name)), exam.samples.ids)
        for name in exam.rubric.variants
    }


def kept_file(folder: Path, name: str) -> Path:
    """Return a file of a run folder.

    Raises
    ------
    DataError
        If it is not there.
    """
    path = inside(folder, name)
    if path is None:
        msg = f"{name}: not in the run folder"
        raise DataError(msg)
    return path
