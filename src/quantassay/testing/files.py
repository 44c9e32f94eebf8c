"""The files of a model."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path


def files_of(model: Path) -> list[Path]:
    """Return a model's every file: its own, those in it, those called as it is."""
    own = model.rglob("*") if model.is_dir() else model.parent.glob(f"{model.stem}.*")
    return sorted(path for path in own if path.is_file())


def digests_of(model: Path) -> dict[str, bytes]:
    """Return the SHA-256 of a model's every file, by its path beside the model."""
    return {
        path.relative_to(model.parent).as_posix(): sha256(path.read_bytes()).digest()
        for path in files_of(model)
    }
