"""All that runs a model many times, within one budget."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from quantassay.errors import ArtifactError, QuantassayError
from quantassay.formats.onnx.altered import Alterable
from quantassay.formats.onnx.file import inspect_onnx
from quantassay.plugins.user_code import source_digest

from ..variants import Prepared
from .baseline import Baseline
from .budget import Queue, spend
from .checkpoints import Checkpoints, checked_checkpoints
from .diagnosis import Diagnosis
from .kept import Wanted, earlier, made
from .one_layer import one_layer
from .part import Part
from .redundancy import redundancy


def many_times(diagnosis: Diagnosis) -> Iterator[Part]:
    """Look at weights pruned and perturbed, at checkpoints, and at layers one at a time.

    Those that were not looked at before share the budget: each may take an equal part of what is
    left, and what it does not need is left to the next. One at a time is in memory.

    Yields
    ------
    Part
        Of each; what cannot be looked at is left out with the reason.
    """
    reference = diagnosis.reference
    if reference.artifact is None or reference.format != "onnx":
        why = f"weights of {reference.name} altered: only ONNX models can be, so far"
        yield Part(left_out=(why,))
        return
    shared, waiting = Shared(diagnosis, reference.artifact.path), list[Turn]()
    for turn in _turns(shared):
        before = earlier(diagnosis, turn.wanted(shared, 1))
        if before is None:
            waiting.append(turn)
        else:
            yield before
    for at, turn in enumerate(waiting):
        wanted = turn.wanted(shared, len(waiting) - at)
        try:
            yield made(diagnosis, wanted)
        except QuantassayError as error:
            yield Part(left_out=(f"{wanted.what}: {' '.join(str(error).split())}",))


@dataclass
class Shared:
    """What all of them need: made when it is first needed, since there may be nothing to do."""

    diagnosis: Diagnosis
    path: Path

    @cached_property
    def model(self) -> Alterable:
        """The reference, whose weights can be replaced in copies of it."""
        return Alterable(self.path, self.diagnosis.work / "reference")

    @cached_property
    def baseline(self) -> Baseline:
        """The reference's own outputs."""
        return Baseline(self.diagnosis, self.diagnosis.reference, self.path)


@dataclass(frozen=True)
class Turn:
    """One that waits for its part of the budget, and what it depends on."""

    what: str
    candidates: tuple[Prepared, ...]
    declared: object
    queue: Callable[[Shared], Queue | Part]

    def wanted(self, shared: Shared, turns: int) -> Wanted:
        """Return what is to be done where so many share what is left of the budget."""
        variants = (shared.diagnosis.reference, *self.candidates)
        return Wanted(self.what, variants, self.declared, lambda: self._made(shared, turns))

    def _made(self, shared: Shared, turns: int) -> Part:
        try:
            if not shared.model.layers:
                return Part(left_out=(f"{self.what}: the reference stores no weights as floats",))
            queue = self.queue(shared)
            if isinstance(queue, Part):
                return queue
            return spend(shared.diagnosis.budget, queue, turns, shared.diagnosis.listen)
        except OSError as error:
            work = shared.diagnosis.work
            msg = f"{work}: copies of the model cannot be written: {error.strerror}"
            raise ArtifactError(msg) from error


def _turns(shared: Shared) -> Iterator[Turn]:
    """Yield what depends on the reference alone, then each candidate."""
    diagnosis = shared.diagnosis
    asked, rubric = diagnosis.asked, diagnosis.exam.rubric
    metric = source_digest(type(diagnosis.exam.question.metrics[0].metric))
    measured = (rubric.metrics[0].model_dump(mode="json"), metric, rubric.task.data.target)
    yield Turn(
        f"weights of {diagnosis.reference.name} pruned and perturbed",
        (),
        (asked.pruned, asked.perturbed, measured),
        lambda s: redundancy(s.diagnosis, s.model, s.baseline),
    )
    if paths := checked_checkpoints(diagnosis.loaded):
        yield Turn(
            f"checkpoints beside {diagnosis.reference.name}",
            (),
            [(name, inspect_onnx(path).digest) for name, path in paths.items()],
            lambda s: Checkpoints(s.diagnosis, s.model, s.baseline, paths).queue(),
        )
    yield from (_candidate(one) for one in diagnosis.candidates if one.recorded is None)


def _candidate(one: Prepared) -> Turn:
    """Return the turn of a candidate's layers; how it was made counts there too."""
    return Turn(
        f"layers of {one.name}, one at a time",
        (one,),
        one.declared.model_dump(mode="json"),
        lambda s: one_layer(s.diagnosis, one, s.model, s.baseline),
    )
