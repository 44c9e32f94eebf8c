"""The folder of one run: one writer at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from quantassay.errors import RunFolderError

from .files import mend, write_json, write_text
from .history import written_digest
from .journal import Journal


class RunFolder:
    """An open run folder, locked against a second run.

    Raises
    ------
    RunFolderError
        If another run has it open, it cannot be written, or its journal was changed by hand.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(path / ".lock", os.O_CREAT | os.O_RDWR)
        except OSError as error:
            msg = f"cannot use {path} as a run folder: {error.strerror}; {mend(error)}"
            raise RunFolderError(msg) from error
        _lock(self._lock, path)
        try:
            self.journal = Journal(path / "journal.jsonl")
            _refuse_rewritten(path / "verdicts.json", self.journal)
        except BaseException:
            os.close(self._lock)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._lock)

    def set_aside(self, names: Iterable[str]) -> None:
        """Move files of an earlier run into ``earlier/``, so that none passes for this one's."""
        here = [self.path / name for name in names if (self.path / name).exists()]
        if not here:
            return
        try:
            there = self.path / "earlier" / f"{len(self.journal.entries):06d}"
            there.mkdir(parents=True, exist_ok=True)
            for path in here:
                path.replace(there / path.name)
        except OSError as error:
            msg = f"cannot move {here[0]}: {error.strerror}; {mend(error)}"
            raise RunFolderError(msg) from error

    def write(self, name: str, text: str) -> Path:
        """Write a text file of this run and return its path."""
        write_text(self.path / name, text)
        return self.path / name

    def write_json(self, name: str, value: Any) -> Path:
        """Write a JSON file of this run and return its path."""
        write_json(self.path / name, value)
        return self.path / name


def _refuse_rewritten(verdicts: Path, journal: Journal) -> None:
    """Refuse a folder whose verdicts are none of those that its journal tells of."""
    if not verdicts.exists():
        return
    known = {written_digest(entry) for entry in journal.find("results")}
    if sha256(verdicts.read_bytes()).hexdigest() not in known:
        msg = (
            f"{verdicts} is not told of in {journal.path.name}: one of them was changed by hand; "
            "use a new run folder"
        )
        raise RunFolderError(msg)


def _lock(handle: int, path: Path) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:  # pragma: no cover - not on this platform
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        msg = f"another run has {path} open; wait for it, or choose another folder with --out"
        raise RunFolderError(msg) from error
