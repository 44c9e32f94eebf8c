"""Where the cells of a study stand, and how files are seen from there."""

from __future__ import annotations

import os
from pathlib import Path

from quantassay.records.cross import At


def slug(name: str) -> str:
    """Return a name as that of a file on any system; '' where nothing of it is left."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".-")


def cell_folder(folder: Path, at: At) -> Path:
    """Return the folder of a cell within that of its study."""
    return folder / "cells" / slug(at.task) / slug(at.model) / slug(at.scheme)


def seen_from(folder: Path, path: Path) -> str:
    """Return a path relative to a folder, whatever links lead to either.

    The last part of the path is kept as it is named, for its ending tells what it is.
    """
    return (Path(folder_from(folder, path.parent)) / path.name).as_posix()


def folder_from(folder: Path, other: Path) -> str:
    """Return another folder relative to a folder, whatever links lead to either."""
    return Path(os.path.relpath(other.resolve(), folder.resolve())).as_posix()
