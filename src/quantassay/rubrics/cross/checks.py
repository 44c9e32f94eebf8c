"""What keys and types cannot say of a study: names, files, and what a scheme needs of a task."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from quantassay.errors import PluginError, nearest, some

from ..load import Loaded
from ..problems import Path as KeyPath
from ..vocabulary import Vocabulary
from .model import CrossScheme, Study
from .places import slug

Finding = tuple[KeyPath, str]
MOST_CELLS = 1_000


def of_study(study: Study) -> Iterator[Finding]:
    """Yield what is wrong with the file by itself."""
    yield from _names([((), "study", study.study)])
    yield from _names((("tasks",), name, name) for name in study.tasks)
    for task, declared in study.tasks.items():
        yield from _names((("tasks", task, "models"), name, name) for name in declared.models)
    yield from _names((("schemes",), name, name) for name in study.schemes)
    if study.reference in study.schemes:
        yield ("schemes", study.reference), "is the name of the reference: give one another name"
    for name, scheme in study.schemes.items():
        yield from _of_scheme(study, name, scheme)
    for task in study.tasks:
        if not any(scheme.applies(task) for scheme in study.schemes.values()):
            yield ("tasks", task), "no scheme applies to it"
    cells = _count(study)
    if cells > MOST_CELLS:
        yield (), f"{cells:,} cells, and a run for each: at most {MOST_CELLS:,}; make several of it"


def _count(study: Study) -> int:
    return sum(
        len(declared.models) * sum(scheme.applies(task) for scheme in study.schemes.values())
        for task, declared in study.tasks.items()
    )


def _names(named: Iterable[tuple[KeyPath, str, str]]) -> Iterator[Finding]:
    """Refuse names of which nothing is left in a file name, and two that give the same."""
    seen: dict[str, str] = {}
    for at, key, name in named:
        file = unicodedata.normalize("NFKC", slug(name)).casefold()
        if not file or not name.isprintable():
            yield (*at, key), f"{name!r} names no folder: use letters and digits"
        elif seen.setdefault(file, name) != name:
            yield (*at, key), f"and {seen[file]!r} would be one folder: give one another name"


def _of_scheme(study: Study, name: str, scheme: CrossScheme) -> Iterator[Finding]:
    at: KeyPath = ("schemes", name)
    listed = [((*at, "only", i), task) for i, task in enumerate(scheme.only or ())]
    named = [*listed, *(((*at, "tasks", task), task) for task in scheme.tasks)]
    unknown = [(key, task) for key, task in named if task not in study.tasks]
    for key, task in unknown:
        yield key, f"no task is called {task!r}{nearest(task, study.tasks)}"
    if not (unknown or any(scheme.applies(task) for task in study.tasks)):
        yield at, "applies to no task"


def missing_files(study: Study, folder: Path) -> Iterator[Finding]:
    """Yield each rubric and model that is not there."""
    for task, declared in study.tasks.items():
        if not (folder / declared.rubric).is_file():
            yield ("tasks", task, "rubric"), _missing(folder / declared.rubric)
        for name, one in declared.models.items():
            if not (folder / one.model).exists():
                yield ("tasks", task, "models", name, "model"), _missing(folder / one.model)


def _missing(path: Path) -> str:
    if path.is_symlink():
        return f"no such file: {path} is a link to {path.readlink()}, which is not there"
    beside = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
    return f"no such file: {path}{nearest(path.name, beside)}"


def of_tasks(
    study: Study, tasks: Mapping[str, Loaded], vocabulary: Vocabulary
) -> Iterator[Finding]:
    """Yield what a study cannot take of its rubrics, and calibrations that its schemes lack."""
    for task, loaded in tasks.items():
        at: KeyPath = ("tasks", task, "rubric")
        if loaded.rubric.stopping is not None:
            where = loaded.at("stopping")
            yield (
                at,
                f"{where}: a study looks at whole test sets, so that its figures hold at once: "
                "remove 'stopping'",
            )
        yield from ((at, what) for what in _missing_data(loaded))
        for name, scheme in study.schemes.items():
            if scheme.applies(task):
                yield from _calibration(task, loaded, (name, scheme), vocabulary)
    found = {loaded.rubric.confidence for loaded in tasks.values()}
    if study.confidence is None and len(found) > 1:
        yield (), f"the rubrics differ in 'confidence' ({some(sorted(found))}): name one here"


def _missing_data(loaded: Loaded) -> Iterator[str]:
    task, at = loaded.rubric.task, ("task", "data")
    files: list[tuple[KeyPath, str]] = [((*at, "path"), task.data.path)]
    files += [((*at, "gold", i), path) for i, path in enumerate(task.data.gold)]
    if task.outputs.corpus is not None:
        files.append((("task", "outputs", "corpus", "path"), task.outputs.corpus.path))
    for key, path in files:
        if not loaded.resolve(path).exists():
            yield f"{loaded.at(*key)}: {_missing(loaded.resolve(path))}"


def _calibration(
    task: str, loaded: Loaded, named: tuple[str, CrossScheme], vocabulary: Vocabulary
) -> Iterator[Finding]:
    name, scheme = named
    at: KeyPath = ("schemes", name)
    known = loaded.rubric.calibrations
    chosen = calibration_of(scheme, task, list(known), vocabulary)
    if chosen in known:
        path = loaded.resolve(known[chosen].data.path)
        if not path.exists():
            yield at, f"{loaded.at('calibrations', chosen, 'data', 'path')}: {_missing(path)}"
    elif chosen is not None:
        change = scheme.tasks.get(task)
        own = ("tasks", task) if change is not None and change.calibration else ()
        what = f"no calibration is called {chosen!r} in {loaded.path}{nearest(chosen, known)}"
        yield (*at, *own, "calibration"), what
    elif needs_calibration(scheme, vocabulary):
        yield at, _no_calibration(task, loaded, scheme)


def _no_calibration(task: str, loaded: Loaded, scheme: CrossScheme) -> str:
    known = list(loaded.rubric.calibrations)
    if known:
        here = f"under 'tasks: {{{task}: {{calibration: ...}}}}'"
        return f"{loaded.path} declares {', '.join(known)}: name a 'calibration', here or {here}"
    return (
        f"{scheme.scheme} sets ranges from samples, and {loaded.path} declares no calibration: "
        f"declare one there, or write 'tasks: {{{task}: null}}' here"
    )


def calibration_of(
    scheme: CrossScheme, task: str, known: Sequence[str], vocabulary: Vocabulary
) -> str | None:
    """Return the calibration of a scheme on a task: as named, or the only one where it needs it."""
    named: str | None = scheme.variant(task).get("calibration")
    if named is None and len(known) == 1 and needs_calibration(scheme, vocabulary):
        return known[0]
    return named


def needs_calibration(scheme: CrossScheme, vocabulary: Vocabulary) -> bool:
    """Return whether a scheme sets ranges from samples; False where it is not known at all."""
    try:
        known = scheme.scheme in vocabulary.names("schemes")
        return known and bool(vocabulary.needs_calibration(scheme.scheme))
    except PluginError:  # told where the scheme itself is checked
        return False
