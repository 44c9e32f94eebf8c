"""The rubric of one cell: that of its task, of one model and one scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from quantassay.records.cross import At

from .. import checks
from ..load import Loaded
from ..model import Rubric
from ..problems import Path as KeyPath
from ..vocabulary import Vocabulary
from .checks import Finding, calibration_of
from .model import CrossModel, Study
from .places import seen_from

#: of a task's rubric, what is that of other variants
OWN = ("rubric", "folder", "reference", "variants", "calibrations", "selection")
#: and what a study does not do; said in its findings
LEFT_OUT = ("calibration_study",)


@dataclass(frozen=True)
class CellRubric:
    """The plain values of the rubric of a cell, all but where it stands.

    ``base`` is the folder that its relative paths are relative to.
    """

    at: At
    values: Mapping[str, Any]
    base: Path
    reference: str

    @property
    def rubric(self) -> Rubric:
        """The rubric itself."""
        return Rubric.model_validate(dict(self.values))


def cell_rubrics(
    study: Study,
    folder: Path,
    tasks: Mapping[str, Loaded],
    values: Mapping[str, Mapping[str, Any]],
    vocabulary: Vocabulary,
) -> tuple[CellRubric, ...]:
    """Return the rubric of every cell, all schemes of one task and model together."""
    return tuple(
        CellRubric(
            at,
            _values(study, at, values[at.task], _model(study, at, folder, tasks), vocabulary),
            tasks[at.task].folder,
            study.reference,
        )
        for at in _places(study)
    )


def _places(study: Study) -> Iterator[At]:
    for task, declared in study.tasks.items():
        for model in declared.models:
            for name, scheme in study.schemes.items():
                if scheme.applies(task):
                    yield At(task, model, name)


def _model(study: Study, at: At, folder: Path, tasks: Mapping[str, Loaded]) -> dict[str, Any]:
    """Return the variant that is the reference, its file as seen from the task's rubric."""
    declared: CrossModel = study.tasks[at.task].models[at.model]
    path = Path(declared.model)
    seen = declared.model if path.is_absolute() else seen_from(tasks[at.task].folder, folder / path)
    return declared.model_dump(exclude_defaults=True) | {"model": seen}


def _values(
    study: Study,
    at: At,
    task: Mapping[str, Any],
    model: Mapping[str, Any],
    vocabulary: Vocabulary,
) -> dict[str, Any]:
    kept = {key: value for key, value in task.items() if key not in (*OWN, *LEFT_OUT)}
    if isinstance(kept.get("tendencies"), dict):  # checkpoints are those of another model
        kept["tendencies"] = {k: v for k, v in kept["tendencies"].items() if k != "checkpoints"}
    scheme, declared = study.schemes[at.scheme], dict(task.get("calibrations") or {})
    variant = scheme.variant(at.task) | {"of": study.reference}
    chosen = calibration_of(scheme, at.task, list(declared), vocabulary)
    if chosen is not None:
        variant["calibration"] = chosen
    used = {name: one for name, one in declared.items() if name == chosen}
    return {
        "rubric": f"{study.study}--{at.task}--{at.model}--{at.scheme}",
        **kept,
        "reference": study.reference,
        "variants": {study.reference: dict(model), at.scheme: variant},
        **({"calibrations": used} if used else {}),
        **({} if study.confidence is None else {"confidence": study.confidence}),
    }


def problems_of(
    cell: CellRubric, lines: Mapping[KeyPath, int], vocabulary: Vocabulary
) -> Iterator[Finding]:
    """Yield what is wrong with the rubric of a cell, where the study says it."""
    try:
        rubric = cell.rubric
    except ValidationError as error:
        for one in error.errors():
            yield _where(cell, one["loc"], lines), one["msg"].removeprefix("Value error, ")
        return
    for key, what in checks.errors(rubric, vocabulary):
        yield _where(cell, key, lines), what


def _where(cell: CellRubric, key: KeyPath, lines: Mapping[KeyPath, int]) -> KeyPath:
    """Return where the study says what stands at a key of the rubric of a cell."""
    at, reference = cell.at, ("variants", cell.reference)
    if key[:2] == ("variants", at.scheme):
        special: KeyPath = ("schemes", at.scheme, "tasks", at.task, *key[2:])
        return special if special[:5] in lines else ("schemes", at.scheme, *key[2:])
    if key == reference or key[:1] == ("reference",):
        return ("reference",)
    if key[:2] == reference:
        return ("tasks", at.task, "models", at.model, *key[2:])
    return ("tasks", at.task, "rubric")
