"""A model's own outputs on the drawn samples, which others are held against."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.engines.contract import Session
from quantassay.errors import DataError
from quantassay.readers.outputs import interpret
from quantassay.tendencies.figure import Figure
from quantassay.tendencies.layer_noise import Noise, decibels
from quantassay.tendencies.sensitivity import changed

from ..variants import Prepared
from .diagnosis import Diagnosis
from .task_loss import task_loss
from .whole_model import NO_NUMBERS, no_noise

Array = NDArray[Any]


@dataclass(frozen=True)
class Compared:
    """How far a model's outputs are from the baseline's, and how many answers are others.

    ``loss`` is by the rubric's first metric, where that was asked for.
    """

    noise: Figure
    changed: Figure
    loss: Figure | None = None


class Baseline:
    """The outputs of a model, run when they are first needed.

    They are kept in files, batch by batch, so that the samples may be many and outputs large.

    Parameters
    ----------
    diagnosis
        What is looked at.
    variant
        Whose engine runs the model.
    model
        The model's file.
    """

    def __init__(self, diagnosis: Diagnosis, variant: Prepared, model: Path) -> None:
        self._diagnosis, self._variant, self._model = diagnosis, variant, model
        self._files: list[Path] = []

    def compare(self, model: Path, loss: bool = False) -> Compared:
        """Run another model on the same samples, in the same engine.

        Parameters
        ----------
        model
            Its file.
        loss
            Whether its loss is measured too: the outputs to all samples are then in memory.

        Raises
        ------
        ArtifactError
            If it cannot be loaded.
        DataError
            If its outputs cannot be compared with those of the baseline.
        """
        if not self._files:
            self._keep()
        noise, answers, kept = Noise(), [], []
        for own, other in zip(self._own(), self._outputs(model), strict=True):
            if own.shape != other.shape:
                msg = f"its outputs have shape {other.shape}, those of the reference {own.shape}"
                raise DataError(msg)
            if self._numeric:
                noise = noise.merged(Noise.between(own, other))
            answers.append((self._answers(own), self._answers(other)))
            kept += [other] * loss
        measured = task_loss(self._diagnosis, list(self._own()), kept) if loss else None
        return Compared(self._noise(noise), self._changed(answers), measured)

    def _keep(self) -> None:
        folder = Path(mkdtemp(dir=self._diagnosis.work))
        files = []
        for at, rows in enumerate(self._outputs(self._model)):
            files.append(folder / f"{at}.npy")
            np.save(files[-1], rows, allow_pickle=False)
        self._files = files

    def _own(self) -> Iterator[Array]:
        return (np.load(file, allow_pickle=False) for file in self._files)

    def _outputs(self, model: Path) -> Iterator[Array]:
        session: Session = self._diagnosis.opened(self._variant, model)
        try:
            for _, feeds in self._diagnosis.batches():
                rows = np.asarray(self._diagnosis.output(session.run(feeds)))
                yield rows.astype(np.str_) if rows.dtype == object else rows
        finally:
            session.close()

    @property
    def _kind(self) -> str:
        return self._diagnosis.exam.rubric.task.outputs.kind

    @property
    def _numeric(self) -> bool:
        return self._kind not in NO_NUMBERS

    def _noise(self, seen: Noise) -> Figure:
        if not self._numeric:
            return no_noise(self._kind)
        return decibels(seen)

    def _answers(self, rows: Array) -> Array | None:
        """Return what the task takes for answers; None where it has none."""
        if self._diagnosis.exam.corpus is not None:
            return None
        classes = self._diagnosis.exam.rubric.task.outputs.classes
        return interpret(rows, self._kind, classes).get("labels")

    def _changed(self, answers: list[tuple[Array | None, Array | None]]) -> Figure:
        known = [(own, other) for own, other in answers if own is not None and other is not None]
        if not known:
            return Figure(None, 0, "samples", "the task has no answers that change or do not")
        own, other = (np.concatenate(side) for side in zip(*known, strict=True))
        return changed(own, other)
