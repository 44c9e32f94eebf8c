"""The format of a model file, by its name and first bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import plugins
from ..errors import ArtifactError
from ..records.artifacts import Artifact
from ..records.contents import Contents, StoredWeight
from .digests import by_bytes


def format_of(path: Path) -> Any | None:
    """Return the format of a model file; None for one that no registered format recognizes."""
    found = (plugins.load("formats", name) for name in plugins.names("formats"))
    return next((one for one in found if one.recognizes(path)), None)


def identify(path: Path) -> Artifact:
    """Identify a model file as its format does, or by its bytes.

    Raises
    ------
    ArtifactError
        If it is missing or damaged.
    PluginError
        If what reads its format is not installed.
    """
    found = format_of(path)
    artifact: Artifact = by_bytes(path) if found is None else found.identify(path)
    return artifact


def contents(path: Path) -> Contents:
    """Read what a model file of a known format holds.

    Raises
    ------
    ArtifactError
        If no format recognizes it, or it is damaged.
    PluginError
        If what reads its format is not installed.
    """
    found = format_of(path)
    if found is None:
        msg = f"{path}: of no known format: {', '.join(plugins.names('formats'))}"
        raise ArtifactError(msg)
    read: Contents = found.contents(path)
    return read


def stored_weights(path: Path) -> Sequence[StoredWeight]:
    """Return the matrices of a model file, unread; none where its format does not tell them.

    Raises
    ------
    ArtifactError
        If the file is damaged.
    PluginError
        If what reads its format is not installed.
    """
    offered = getattr(format_of(path), "stored_weights", None)
    found: Sequence[StoredWeight] = offered(path) if offered else ()
    return found
