"""What a finished run committed itself to: the digest of every file that its figures rest on."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import file_digest
from pathlib import Path

from .journal import Entries, Entry, Journal

EVENT = "published"


def note_published(journal: Journal, folder: Path, names: Iterable[str]) -> None:
    """Write down the digest of every file of a run, by its name within the folder."""
    files = {name: digest_of(folder / name) for name in sorted(set(names))}
    journal.append(EVENT, files=files)


def committed(journal: Entries) -> Entry | None:
    """Return what the last finished run committed itself to; None of an older version."""
    entries = journal.entries
    last = entries[-2:-1] if entries and entries[-1].event == "finished" else ()
    return last[0] if last and last[0].event == EVENT else None


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, as ``sha256:`` and hexadecimal."""
    with path.open("rb") as file:
        return f"sha256:{file_digest(file, 'sha256').hexdigest()}"
