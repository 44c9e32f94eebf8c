"""Outputs of a model on ordered samples, kept in parts, so that a killed run goes on."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import RunFolderError

from .files import mend, write_atomically

PART = re.compile(r"(?P<start>\d{12})-(?P<stop>\d{12})-(?P<digest>[0-9a-f]{32})\.npy")


def cache_root() -> Path:
    """Return where caches live: ``QUANTASSAY_CACHE``, else the user's cache folder."""
    chosen = os.environ.get("QUANTASSAY_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "quantassay"


class OutputCache:
    """Rows of one variant's output on one ordered test set.

    Parameters
    ----------
    root
        Folder of all caches.
    key
        All that the outputs depend on: artefact, data, preprocessing, batch plan, engine with
        version, processor, replicate.
    """

    def __init__(self, root: Path, key: Mapping[str, Any]) -> None:
        text = json.dumps(key, sort_keys=True, default=str)
        self.key = sha256(text.encode()).hexdigest()
        self.folder = root / "outputs" / self.key[:2] / self.key

    def append(self, start: int, rows: NDArray[Any]) -> None:
        """Keep the rows from ``start`` on; the part's name carries its digest."""
        buffer = BytesIO()
        np.save(buffer, rows, allow_pickle=False)
        content = buffer.getvalue()
        name = f"{start:012d}-{start + len(rows):012d}-{sha256(content).hexdigest()[:32]}.npy"
        write_atomically(self.folder / name, lambda file: file.write(content))

    def load(self) -> list[NDArray[Any]]:
        """Return the intact parts from row 0 on, in order, up to the first gap."""
        parts: list[NDArray[Any]] = []
        reached = 0
        for path in sorted(self.folder.glob("*.npy")):
            name = PART.fullmatch(path.name)
            if name is None or int(name["start"]) != reached:
                continue
            content = path.read_bytes()
            if sha256(content).hexdigest()[:32] != name["digest"]:
                with suppress(OSError):
                    path.unlink()
                continue
            parts.append(np.load(BytesIO(content), allow_pickle=False))
            reached = int(name["stop"])
        return parts


def kept_artifact(root: Path, key: str, name: str, make: Callable[[Path], object]) -> Path:
    """Return the model that was made under a key before, or make it.

    It lies, with the files that belong to it, in a folder whose name is their digest.

    Parameters
    ----------
    root
        Folder of all caches.
    key
        All that the model depends on.
    name
        What the file, or folder, is called.
    make
        Writes it.

    Raises
    ------
    RunFolderError
        If the cache cannot be written.
    """
    folder = root / "artifacts" / key
    for kept in folder.glob("[!.]*"):
        if kept.is_dir() and _digest(kept) == kept.name:
            return kept / name
        rmtree(kept) if kept.is_dir() else kept.unlink()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".making-") as work:
            made = Path(work) / "made"
            made.mkdir()
            make(made / name)
            return made.replace(folder / _digest(made)) / name
    except OSError as error:
        msg = f"cannot write {folder}: {error.strerror}; {mend(error)}"
        raise RunFolderError(msg) from error


def _digest(folder: Path) -> str:
    """Return the SHA-256 of names and contents of all files in a folder."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(file_digest(file, "sha256").digest())
    return digest.hexdigest()
