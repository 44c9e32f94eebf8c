"""Where files stand, in words that hold on any machine."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from quantassay.records.artifacts import Artifact


def portable(path: str) -> str:
    """Return a path as it was declared; of an absolute one, which is of one machine, the name."""
    for kind in (PurePosixPath, PureWindowsPath):
        if kind(path).is_absolute():
            return kind(path).name
    return path


def place(artifact: Artifact, origin: str, folder: str) -> str:
    """Return where a model file stands: within the run folder, else as the rubric names it."""
    if folder and artifact.path.is_relative_to(Path(folder)):
        return artifact.path.relative_to(Path(folder)).as_posix()
    declared = artifact.path.as_posix().endswith(PurePosixPath(origin).as_posix())
    return portable(origin if declared and origin else artifact.path.as_posix())
