"""A candidate quantized again with other calibration samples, and measured again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quantassay.evidence.contract import Evidence
from quantassay.evidence.drawn import jackknife_losses, sums_tell
from quantassay.pairing.strata import whole
from quantassay.records.samples import Partition, Predictions
from quantassay.records.study import CalibrationStudy, StudyCell, StudySize
from quantassay.rubrics.study import CalibrationStudy as Declared
from quantassay.runs.folder import RunFolder
from quantassay.schemes.calibration import shared_by

from .answering import answers, scope_of
from .asking import Exam
from .calibrating import CalibrationSet, CalibrationSets
from .drawing import Drawn
from .making import made, ordered
from .measuring import Arranged, Labelled, Measurement, arranged, measure
from .progress import Progress
from .question import Asked
from .shifting import shifted
from .studied import OneDraw, study_cells
from .variants import Prepared

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Studying:
    """A study that is under way: all that it takes to measure one more calibration."""

    exam: Exam
    declared: Declared
    variants: Mapping[str, Prepared]
    reference: Predictions
    scope: object
    progress: Progress

    @property
    def asked(self) -> list[Asked]:
        """The metrics studied: those named, or with a margin, or else all."""
        rubric, question = self.exam.rubric, self.exam.question
        pairs = list(zip(rubric.metrics, question.metrics, strict=False))
        named = self.declared.metrics
        if named:
            return [asked for metric, asked in pairs if metric.name in named]
        judged = [asked for _, asked in pairs if asked.margin or asked.by]
        return judged or [asked for _, asked in pairs]

    def answered(self, chosen: CalibrationSet, words: str) -> Predictions:
        """Quantize with a calibration set, and run the result over the test set.

        What was made and answered before is taken from the cache.
        """
        of = self.declared.of
        self.progress.stage(f"quantizing {of}, {words}")
        prepared = self.variants[of]
        source = self.variants[prepared.declared.of or ""]
        order = ordered(prepared.declared, source.artifact, f"variants.{of}")
        artifact = order.writes.identify(made(order, chosen))
        again = replace(prepared, name=f"{of}, {words}", artifact=artifact)
        n = len(self.exam.samples)
        return answers(self.exam, again, n, self.scope, self.progress)[0]

    def measured(self, asked: Asked, candidate: Predictions, words: str) -> Measurement:
        """Measure one metric of one calibration."""
        names = self.exam.rubric.references[0], f"{self.declared.of}, {words}"
        samples, question = self.exam.samples, self.exam.question
        return measure(asked.metric, samples, self.reference, candidate, names, question)


def study(
    exam: Exam,
    sets: CalibrationSets,
    drawn: Drawn | None,
    variants: Mapping[str, Prepared],
    predictions: Mapping[str, Predictions],
    folder: RunFolder,
    progress: Progress,
) -> CalibrationStudy | None:
    """Quantize and measure with every draw of a study; None where none is declared."""
    if drawn is None:
        return None
    declared, pool = drawn.declared, drawn.pool
    reference = predictions[exam.rubric.references[0]]
    under_way = Studying(exam, declared, variants, reference, scope_of(folder), progress)
    cells: list[StudyCell] = []
    for size, draws in drawn.draws.items():
        chosen = (sets.drawn(pool, rows) for rows in draws)
        cells += _size(under_way, size, chosen, shared_by(draws))
    return CalibrationStudy(
        of=declared.of,
        calibration=pool.name,
        draws=declared.draws,
        available=len(pool.samples),
        seed=exam.rubric.seed,
        confidence=exam.question.confidence,
        clusters=exam.question.units is not None,
        sizes=tuple(StudySize(size, shared_by(draws)) for size, draws in drawn.draws.items()),
        cells=tuple(cells),
        shifted=shifted(under_way, sets, drawn),
    )


def _size(
    under_way: Studying, size: int, chosen: Iterable[CalibrationSet], shared: float
) -> Iterator[StudyCell]:
    """Measure every draw of one size; of its answers nothing is kept but what they amount to."""
    asked = under_way.asked
    found: list[list[OneDraw]] = [[] for _ in asked]
    for at, one in enumerate(chosen, 1):
        words = f"calibration {at} of {under_way.declared.draws} with {size:,} samples"
        candidate = under_way.answered(one, words)
        for each, draws in zip(asked, found, strict=True):
            draws.append(_one_draw(under_way, each, candidate, words))
    for each, draws in zip(asked, found, strict=True):
        confidence = under_way.exam.question.confidence
        yield from study_cells(each.metric.name, size, draws, shared, confidence)


def _one_draw(under_way: Studying, asked: Asked, candidate: Predictions, words: str) -> OneDraw:
    question, n = under_way.exam.question, len(under_way.exam.samples)
    measurement = under_way.measured(asked, candidate, words)
    parts = [whole(n), *question.partitions]

    def evidence(partitions: Sequence[Partition]) -> Evidence:
        return measurement.evidence(partitions, question.units)

    cells = arranged(question, asked, parts, evidence)
    low, high = cells.evidence.bounds(question.alpha)
    return OneDraw(cells, low, high, _values(under_way, asked, measurement, cells))


def _values(
    under_way: Studying, asked: Asked, measurement: Measurement, cells: Arranged
) -> list[Floats] | None:
    """Return jackknife values of every cell; None where sums of rows do not tell the loss."""
    metric, units = asked.metric, under_way.exam.question.units
    if not isinstance(measurement, Labelled) or not sums_tell(metric.evidence):
        return None
    rows, higher = measurement.rows.pessimistic, metric.direction == "higher"
    return jackknife_losses(*rows, cells.partitions, units, metric.value, higher)
