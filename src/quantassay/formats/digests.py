"""Model files of any format by their bytes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from ..errors import ArtifactError
from ..records.artifacts import Artifact

CHUNK = 1 << 20
MOST_FILES = 10_000


def by_bytes(path: Path, version: str = "") -> Artifact:
    """Identify a file, or a folder with all that is in it.

    The digest of a folder is the SHA-256 of the names and contents of its files, sorted by name;
    hidden files are left out.

    Raises
    ------
    ArtifactError
        If it is missing, cannot be read, or a link leads out of the folder.
    """
    if not path.exists():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    try:
        if path.is_dir():
            return several(path, _within(path), version)
        digest, size = hashed(path, sha256())
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise ArtifactError(msg) from error
    return Artifact(path, f"sha256:{digest.hexdigest()}", size, version)


def several(path: Path, files: dict[str, Path], version: str = "") -> Artifact:
    """Identify a model of several files by their names and contents."""
    digest, size = sha256(), 0
    for name in sorted(files):
        digest.update(b"\0" + name.encode() + b"\0")
        digest.update(files[name].stat().st_size.to_bytes(8))
        digest, more = hashed(files[name], digest)
        size += more
    return Artifact(path, f"sha256:{digest.hexdigest()}", size, version)


def hashed(path: Path, digest: Any) -> tuple[Any, int]:
    """Feed a file to a digest; return the digest and the file's size."""
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest, size


def _within(folder: Path) -> dict[str, Path]:
    root = folder.resolve()
    found: dict[str, Path] = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if any(part.startswith(".") for part in name.parts) or not file.is_file():
            continue
        if not file.resolve().is_relative_to(root):
            msg = f"{folder}: {name} leads out of the folder; store it inside"
            raise ArtifactError(msg)
        found[name.as_posix()] = file
        if len(found) > MOST_FILES:
            msg = f"{folder}: holds over {MOST_FILES:,} files: is it a model?"
            raise ArtifactError(msg)
    return found
