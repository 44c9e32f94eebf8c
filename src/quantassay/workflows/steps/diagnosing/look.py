"""Everything that is looked for in the variants of a rubric, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from quantassay import __version__
from quantassay.errors import QuantassayError, one_line
from quantassay.records.tendencies import Tendencies, Tendency
from quantassay.rubrics.tendencies import Tendencies as Asked
from quantassay.runs.journal import now
from quantassay.tendencies.definitions import definitions_of

from ..asking import Exam
from ..progress import Progress
from ..variants import Prepared
from .budget import Budget
from .diagnosis import Diagnosis, drawn
from .entering import entering
from .kept import Wanted, kept
from .layers import layer_noise
from .many_times import many_times
from .opening import inside, opened
from .part import Part, together
from .stored import stored
from .whole_model import output_noise, undefined


def look(exam: Exam, variants: Mapping[str, Prepared], listen: Progress) -> Tendencies:
    """Look for tendencies in variants that are ready to run.

    What cannot be looked at is left out, and the reason is said.

    Parameters
    ----------
    exam
        The test set; ``tendencies`` of its rubric, or the defaults, say how far to look.
    variants
        Every variant by name.
    listen
        Told what is going on.
    """
    asked = exam.rubric.tendencies or Asked()
    with TemporaryDirectory(prefix="quantassay-") as work:
        rows = drawn(len(exam.samples), asked.samples, exam.rubric.seed)
        budget = Budget(asked.budget)
        diagnosis = Diagnosis(exam, asked, variants, rows, budget, listen, Path(work))
        diagnosis = _whole_batches(diagnosis)
        found = together(_parts(diagnosis))
    return Tendencies(
        rubric=exam.rubric.rubric,
        rubric_digest=exam.loaded.digest,
        task=exam.rubric.task.name,
        reference=diagnosis.reference.name,
        candidates=tuple(one.name for one in diagnosis.candidates),
        samples=len(diagnosis.rows),
        seed=diagnosis.seed,
        budget=asked.budget,
        made=now(),
        quantassay=__version__,
        models={name: one.artifact.digest for name, one in variants.items() if one.artifact},
        found=tuple(_titled(diagnosis, found.found)),
        left_out=found.left_out,
        findings=found.findings,
        definitions=definitions_of(one.name for one in found.found),
    )


def looked(
    exam: Exam, variants: Mapping[str, Prepared], listen: Progress
) -> tuple[Tendencies | None, tuple[str, ...]]:
    """Look as a run does, where the rubric asks for it: where that fails, no verdict is lost.

    Returns
    -------
    tuple of Tendencies or None, and of str
        What was found; else what went wrong, as a finding.
    """
    if exam.rubric.tendencies is None:
        return None, ()
    try:
        return look(exam, variants, listen), ()
    except Exception as error:  # whatever it is, the verdict stands without it
        return None, (
            f"tendencies were not found, since looking for them failed: {one_line(error)}",
        )


def _whole_batches(diagnosis: Diagnosis) -> Diagnosis:
    """Draw as many samples as fill whole batches, where a model takes no others."""
    if diagnosis.reference.recorded is not None or diagnosis.reference.format != "onnx":
        return diagnosis
    with opened(diagnosis.reference) as session:
        whole = session.fixed_batch
    if not whole or len(diagnosis.rows) % whole == 0:
        return diagnosis
    n = len(diagnosis.exam.samples)
    samples = max(len(diagnosis.rows) // whole, 1) * whole
    return replace(diagnosis, rows=drawn(n, samples, diagnosis.seed))


def _parts(diagnosis: Diagnosis) -> Iterator[Part]:
    reference = diagnosis.reference
    if reference.recorded is not None:
        yield Part(left_out=(f"{reference.name}: its answers are recorded; there is no model",))
        return
    yield _kept(diagnosis, "weights", [reference], lambda: stored(diagnosis))
    yield _kept(diagnosis, "activations", [reference], lambda: entering(diagnosis))
    for candidate in diagnosis.candidates:
        yield from _of_candidate(diagnosis, candidate)
    yield from many_times(diagnosis)


def _of_candidate(diagnosis: Diagnosis, candidate: Prepared) -> Iterator[Part]:
    """Yield the noise of a candidate's outputs, and of its layers."""
    reference, name = diagnosis.reference, candidate.name
    if candidate.recorded is not None:
        why = "its answers are recorded; there is no model"
        yield undefined(candidate, reference, why)
        yield Part(left_out=(f"{name}: {why}",))
        return
    pair = [reference, candidate]
    whole = _kept(diagnosis, f"outputs of {name}", pair,
                  lambda: output_noise(diagnosis, candidate))  # fmt: skip
    yield whole
    outputs = next((one.value for one in whole.found), None)
    yield _kept(diagnosis, f"layers of {name}", pair,
                lambda: layer_noise(diagnosis, candidate, outputs))  # fmt: skip


def _kept(
    diagnosis: Diagnosis,
    what: str,
    variants: list[Prepared],
    make: Callable[[], Part],
) -> Part:
    return _guarded(what, lambda: kept(diagnosis, Wanted(what, variants, None, make)))


def _guarded(what: str, make: Callable[[], Part]) -> Part:
    """Leave out what cannot be looked at, and say why."""
    try:
        return make()
    except (QuantassayError, ValueError) as error:
        return Part(left_out=(f"{what}: {' '.join(str(error).split())}",))


def _titled(diagnosis: Diagnosis, found: tuple[Tendency, ...]) -> Iterator[Tendency]:
    """Call layers what the module was called that they were exported from, where a file tells."""
    there = inside(diagnosis.reference)
    titles = {layer.name: layer.title for layer in there.layers} if there else {}
    for one in found:
        yield replace(one, layer=titles.get(one.layer, one.layer))
