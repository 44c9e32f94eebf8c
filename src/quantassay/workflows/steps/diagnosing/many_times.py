"""All that runs a model many times, within one budget."""

from __future__ import annotations

from pathlib import Path

from quantassay.errors import ArtifactError
from quantassay.formats.onnx.altered import Alterable

from .baseline import Baseline
from .budget import Queue, spend
from .checkpoints import Checkpoints, checked_checkpoints
from .diagnosis import Diagnosis
from .one_layer import one_layer
from .part import Part, together
from .redundancy import redundancy


def many_times(diagnosis: Diagnosis) -> Part:
    """Look at layers one at a time, at weights pruned and perturbed, and at checkpoints.

    Raises
    ------
    RubricError
        If a checkpoint is missing, or not the same model.
    ArtifactError
        If the folder for copies is full.
    """
    reference = diagnosis.reference
    if reference.artifact is None or reference.format != "onnx":
        why = f"weights of {reference.name} altered: only ONNX models can be, so far"
        return Part(left_out=(why,))
    try:
        return _within_budget(diagnosis, reference.artifact.path)
    except OSError as error:
        msg = f"{diagnosis.work}: copies of the model cannot be written: {error.strerror}"
        raise ArtifactError(msg) from error


def _within_budget(diagnosis: Diagnosis, path: Path) -> Part:
    reference = diagnosis.reference
    model = Alterable(path, diagnosis.work / "reference")
    baseline = Baseline(diagnosis, reference, path)
    if not model.layers:
        return Part(left_out=(f"weights of {reference.name} altered: none are stored as floats",))
    waiting: list[Queue | Part] = [
        one_layer(diagnosis, each, model, baseline) for each in diagnosis.candidates
    ]
    waiting.append(redundancy(diagnosis, model, baseline))
    if paths := checked_checkpoints(diagnosis.loaded):
        waiting.append(Checkpoints(diagnosis, model, baseline, paths).queue())
    queues = [one for one in waiting if isinstance(one, Queue)]
    refused = [one for one in waiting if isinstance(one, Part)]
    return together([spend(diagnosis.budget, queues, diagnosis.listen), *refused])
