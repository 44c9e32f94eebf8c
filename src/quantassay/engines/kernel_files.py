"""Files in which a kernel tells of its machine: short, and none of them certain to be there."""

from __future__ import annotations

from pathlib import Path

ROOT = Path("/")
MOST_BYTES = 1 << 20
LONGEST = 120


def text(path: Path) -> str:
    """Return what a file says, at most a mebibyte of it; '' where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", errors="replace").strip()
    except OSError:
        return ""


def told(said: object) -> str:
    """Return words in one printable line, cut to 120 characters; ``unknown`` where there are none.

    What firmware and drivers say of themselves is not theirs alone: nothing here moves a cursor.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in str(said)).split())
    return line[:LONGEST].strip() or "unknown"


def listed(root: Path, pattern: str) -> list[Path]:
    """Return the files that a pattern finds, in order; none where a folder cannot be read."""
    try:
        return sorted(root.glob(pattern))
    except OSError:
        return []
