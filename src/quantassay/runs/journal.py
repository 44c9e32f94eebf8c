"""The journal of a run folder: append-only, each line carrying the digest of the one before."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from quantassay.errors import RunFolderError

from .files import mend

START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One line: what happened, when, with its data."""

    time: str
    event: str
    data: dict[str, Any]


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Entries:
    """What a journal tells, oldest first; nothing is added."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = list(entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, oldest first."""
        return tuple(self._entries)

    def find(self, event: str) -> list[Entry]:
        """Return the entries of one kind, oldest first."""
        return [entry for entry in self._entries if entry.event == event]


class Journal(Entries):
    """An append-only file of entries chained by digest.

    Parameters
    ----------
    path
        The file; a last line that was cut off by a crash is removed when it is opened.
    clock
        Gives the time of an entry.

    Raises
    ------
    RunFolderError
        If a line does not carry the digest of the one before.
    """

    def __init__(self, path: Path, clock: Callable[[], str] = now) -> None:
        self.path, self._clock = path, clock
        self._remove_torn_line()
        found = list(read_entries(path)) if path.exists() else []
        super().__init__(entry for entry, _ in found)
        self._last = found[-1][1] if found else START

    def append(self, event: str, **data: Any) -> Entry:
        """Write an entry through to the disk and return it."""
        time = self._clock()
        record = {"time": time, "event": event, "data": data, "previous": self._last}
        line = json.dumps(record, sort_keys=True, ensure_ascii=False, allow_nan=False)
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):
                self._remove_torn_line()
            msg = f"cannot write {self.path}: {error.strerror}; {mend(error)}"
            raise RunFolderError(msg) from error
        self._last = sha256(line.encode()).hexdigest()
        entry = Entry(time, event, json.loads(line)["data"])
        self._entries.append(entry)
        return entry

    def _remove_torn_line(self) -> None:
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            with self.path.open("r+b") as file:
                file.truncate(len(whole))


def read_entries(path: Path) -> Iterator[tuple[Entry, str]]:
    """Yield the whole lines of a journal, each with its digest, and change nothing.

    Raises
    ------
    RunFolderError
        If a line does not carry the digest of the one before.
    """
    previous = START
    # split at newlines alone: text may hold other characters that end a line
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        try:
            record = json.loads(line)
            intact = record["previous"] == previous
            entry = Entry(record["time"], record["event"], record["data"])
        except (ValueError, KeyError, TypeError):
            intact = False
        if not intact:
            msg = f"{path}:{number}: the journal was changed by hand; use a new run folder"
            raise RunFolderError(msg)
        previous = sha256(line).hexdigest()
        yield entry, previous
