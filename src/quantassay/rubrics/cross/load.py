"""A study file, and the rubrics that it names, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from pathlib import Path
from typing import Any

from quantassay.errors import RubricError

from ..digest import digest
from ..load import Loaded, load, mapping_of, text_of
from ..problems import Path as KeyPath
from ..problems import Problem, dotted, line_of, raise_all
from ..tree import parse
from ..validate import validated
from ..vocabulary import Installed, Vocabulary
from . import checks
from .cell import CellRubric, cell_rubrics, problems_of
from .model import Study


@dataclass(frozen=True)
class LoadedStudy:
    """A study that passed every check, with the rubric of every task as it stands in its file.

    Relative paths in it are relative to ``folder``. ``cells`` stand in the order in which they run.
    """

    file: Study
    path: Path
    tasks: Mapping[str, Loaded]
    cells: tuple[CellRubric, ...]
    lines: Mapping[KeyPath, int] = field(default_factory=dict, repr=False)

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return self.path.parent

    @property
    def digest(self) -> str:
        """SHA-256 (hexadecimal) of what it says, and of what the rubrics of its tasks say."""
        rubrics = {name: digest(one.rubric) for name, one in self.tasks.items()}
        said = dumps([self.file.model_dump(mode="json"), rubrics], sort_keys=True)
        return sha256(said.encode()).hexdigest()

    def at(self, *key: str | int) -> str:
        """Return ``file:line: key.path`` of a part of it, to open an error with."""
        return f"{self.path}:{line_of(self.lines, key)}: {dotted(key)}"


def load_study(path: str | Path, vocabulary: Vocabulary | None = None) -> LoadedStudy:
    """Read a study file and the rubrics of its tasks, and check every cell; nothing is written.

    Raises
    ------
    RubricError
        One line for each thing that is wrong: file, line, key path, what, mend.
    """
    path = Path(path)
    tree = mapping_of(path, "study", "see docs/study.md")
    if "rubric" in tree.values and "study" not in tree.values:
        msg = f"{path}:1: this is a rubric, not a study: `quantassay run` takes it"
        raise RubricError(msg)
    words, file = vocabulary or Installed(), validated(tree, str(path), Study)

    def stop(found: list[checks.Finding]) -> None:
        raise_all(str(path), (Problem(line_of(tree.lines, key), key, what) for key, what in found))

    stop(list(checks.of_study(file)))
    stop(list(checks.missing_files(file, path.parent)))
    tasks = {name: load(path.parent / one.rubric, words) for name, one in file.tasks.items()}
    values = {name: _values(one) for name, one in tasks.items()}
    stop(list(checks.of_tasks(file, tasks, words)))
    cells = cell_rubrics(file, path.parent, tasks, values, words)
    stop([found for cell in cells for found in problems_of(cell, tree.lines, words)])
    return LoadedStudy(file, path, tasks, cells, tree.lines)


def _values(loaded: Loaded) -> dict[str, Any]:
    """Return what a rubric says as it was written, shorthand and all."""
    values: dict[str, Any] = parse(text_of(loaded.path), str(loaded.path)).values
    return values
