"""Folders of a rubric: where its results are written, and what was noted there before them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from quantassay.claims.places import portable
from quantassay.errors import RunFolderError
from quantassay.rubrics.cross.places import slug
from quantassay.rubrics.digest import canonical, differences
from quantassay.rubrics.load import Loaded
from quantassay.runs.folder import RunFolder
from quantassay.runs.history import note_rubric

from .asking import Exam


def default_folder(loaded: Loaded, suffix: str = "") -> Path:
    """Return the folder of a run whose user named none: ``runs/<rubric><suffix>``."""
    return Path("runs") / f"{slug(loaded.rubric.rubric) or 'unnamed'}{suffix}"


def refuse_study(folder: RunFolder) -> None:
    """Refuse the folder of a study, which has folders of its own for its runs.

    Raises
    ------
    RunFolderError
        If it is one.
    """
    if (folder.path / "cells").is_dir():
        msg = f"{folder.path}: holds a study; name another folder with --out"
        raise RunFolderError(msg)


def lock(folder: RunFolder, exam: Exam, reports: Iterable[str]) -> None:
    """Set earlier reports aside, and write down the rubric before anything is measured.

    Raises
    ------
    RunFolderError
        If the folder is that of a study, or something in it was changed by hand.
    """
    refuse_study(folder)
    folder.set_aside(reports)
    form, data = canonical(exam.rubric), exam.samples.digest
    note_rubric(folder.journal, exam.loaded.digest, form, data, differences)


def warnings_of(loaded: Loaded) -> tuple[str, ...]:
    """Return what was noticed about the rubric, naming no folder of this machine."""
    path, shown = str(loaded.path), portable(loaded.path.as_posix())
    return tuple(text.replace(path, shown, 1) for text in loaded.warnings)
