"""Calibration on one stratum alone, measured on every stratum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Protocol

from quantassay.records.samples import Partition, Predictions
from quantassay.records.study import Shifted, ShiftedCell

from .asking import Exam
from .calibrating import CalibrationSet, CalibrationSets
from .drawing import Drawn
from .measuring import Measurement
from .question import Asked


class UnderWay(Protocol):
    """A study that can quantize and measure once more."""

    @property
    def exam(self) -> Exam:
        """What is asked, and of which samples."""
        ...

    @property
    def asked(self) -> list[Asked]:
        """The metrics studied."""
        ...

    def answered(self, chosen: CalibrationSet, words: str) -> Predictions:
        """Quantize with a calibration set, and run the result over the test set."""
        ...

    def measured(self, asked: Asked, candidate: Predictions, words: str) -> Measurement:
        """Measure one metric of one calibration."""
        ...


def shifted(under_way: UnderWay, sets: CalibrationSets, drawn: Drawn) -> Shifted | None:
    """Calibrate on each stratum in turn, and measure on every one; None where nobody asked."""
    if not drawn.shifted:
        return None
    key = drawn.declared.shifted
    tested = next(part for part in under_way.exam.question.partitions if part.key == key)
    cells: list[ShiftedCell] = []
    for name, rows in drawn.shifted.items():
        cells += _cells(under_way, tested, name, sets.drawn(drawn.pool, rows))
    size = len(next(iter(drawn.shifted.values())))
    return Shifted(tested.key, size, tuple(cells), drawn.lacking)


def _cells(
    under_way: UnderWay, tested: Partition, name: str, chosen: CalibrationSet
) -> Iterator[ShiftedCell]:
    words = f"calibrated on {tested.key}={name} alone"
    candidate, question = under_way.answered(chosen, words), under_way.exam.question
    for asked in under_way.asked:
        measurement = under_way.measured(asked, candidate, words)
        found = measurement.evidence([tested], question.units)
        low, high = found.bounds(question.alpha)
        for index, label in enumerate(tested.labels):
            measured = next(iter(label.values()))
            yield _cell(
                (asked.metric.name, name, measured, int(found.n[index])),
                float(found.loss[index]),
                (float(low[index]), float(high[index])),
                found.undefined[index],
            )


def _cell(
    where: tuple[str, str, str, int], loss: float, ends: Sequence[float], why: str
) -> ShiftedCell:
    if not isfinite(loss):
        return ShiftedCell(*where, None, None, why or "undefined")
    if not all(isfinite(end) for end in ends):
        return ShiftedCell(*where, loss, None, why or "no interval is known of this metric")
    return ShiftedCell(*where, loss, (ends[0], ends[1]))
