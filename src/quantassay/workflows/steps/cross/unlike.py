"""What bears one name in a study and is not one thing, or two names and is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from json import dumps
from typing import Any

from quantassay.errors import some
from quantassay.rubrics.cross.load import LoadedStudy

from .again import Parts
from .cells import Planned

RUNS_ON = ("engine", "engine_options", "precision")


def unlike(
    study: LoadedStudy, cells: Sequence[Planned], parts: Mapping[str, Parts]
) -> Iterator[str]:
    """Yield in words what a contrast along an axis compares beside that axis.

    Parameters
    ----------
    study
        As it was loaded.
    cells
        All of its cells.
    parts
        Of each cell, by its name: what it depends on.
    """
    for name, scheme in study.file.schemes.items():
        on = {task: scheme.variant(task) for task in study.tasks if scheme.applies(task)}
        if keys := _differ(list(on.values()), apart=("calibration",)):
            yield (
                f"{name} differs between tasks in {some(keys)}: a contrast along the task is of "
                "task and scheme together"
            )
    files = {(cell.at.task, cell.at.model): parts[cell.name]["model"] for cell in cells}
    if names := _groups(files, of=lambda place: place[1]):
        yield (
            f"each task has a model of its own by the name of {some(names)}: a contrast along the "
            "task is of task and model together"
        )
    yield from _models(study, files)


def _models(study: LoadedStudy, files: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Yield which models of a task are one file, or run otherwise."""
    for task, declared in study.file.tasks.items():
        same: dict[str, list[str]] = {}
        for model in declared.models:
            if (task, model) in files:
                same.setdefault(files[task, model], []).append(model)
        for names in same.values():
            if len(names) > 1:
                yield f"{task}: {some(names)} are one model file, and count as models of their own"
        said = [one.model_dump(include=set(RUNS_ON)) for one in declared.models.values()]
        if keys := _differ(said):
            yield (
                f"{task}: its models differ in {some(keys)} too: a contrast along the model is of "
                "both together"
            )


def _groups(
    files: Mapping[tuple[str, str], str], of: Callable[[tuple[str, str]], str]
) -> list[str]:
    """Return the names that stand for more than one file."""
    held: dict[str, set[str]] = {}
    for place, digest in files.items():
        held.setdefault(of(place), set()).add(digest)
    return [name for name, digests in held.items() if len(digests) > 1]


def _differ(said: Sequence[Mapping[str, Any]], apart: Sequence[str] = ()) -> list[str]:
    """Return the keys that are not the same in all."""
    keys = dict.fromkeys(key for one in said for key in one if key not in apart)
    return [key for key in keys if len({dumps(one.get(key), sort_keys=True) for one in said}) > 1]
