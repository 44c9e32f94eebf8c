"""Folders of a rubric: where its results are written, and what was noted there before them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from quantassay.claims.places import portable
from quantassay.rubrics.digest import canonical, differences
from quantassay.rubrics.load import Loaded
from quantassay.runs.folder import RunFolder
from quantassay.runs.history import note_rubric

from .asking import Exam


def default_folder(loaded: Loaded, suffix: str = "") -> Path:
    """Return the folder of a run whose user named none: ``runs/<rubric><suffix>``."""
    slug = "".join(c if c.isalnum() or c in "-_." else "-" for c in loaded.rubric.rubric)
    return Path("runs") / f"{slug.strip('.-') or 'unnamed'}{suffix}"


def lock(folder: RunFolder, exam: Exam, reports: Iterable[str]) -> None:
    """Set earlier reports aside, and write down the rubric before anything is measured."""
    folder.set_aside(reports)
    form, data = canonical(exam.rubric), exam.samples.digest
    note_rubric(folder.journal, exam.loaded.digest, form, data, differences)


def warnings_of(loaded: Loaded) -> tuple[str, ...]:
    """Return what was noticed about the rubric, naming no folder of this machine."""
    path, shown = str(loaded.path), portable(loaded.path.as_posix())
    return tuple(text.replace(path, shown, 1) for text in loaded.warnings)
