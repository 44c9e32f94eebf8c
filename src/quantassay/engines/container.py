"""The limits that Linux control groups, of either version, put on this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path("/")
UNLIMITED = 1 << 60


def cpu_quota(root: Path = ROOT) -> float | None:
    """Return how many cores' worth of time the process may use, or None where unlimited."""
    quotas = [_share(text) for text in _values(root, "", "cpu.max")]
    for folder in _folders(root, "cpu"):
        quota, period = _read(folder / "cpu.cfs_quota_us"), _read(folder / "cpu.cfs_period_us")
        quotas.append(_share(f"{quota} {period}"))
    return min((quota for quota in quotas if quota is not None), default=None)


def memory_limit(root: Path = ROOT) -> int | None:
    """Return the most bytes that the process may use, or None where unlimited."""
    texts = [
        *_values(root, "", "memory.max"),
        *_values(root, "memory", "memory.limit_in_bytes"),
    ]
    limits = [int(text) for text in texts if text.isdigit()]
    return min((limit for limit in limits if limit < UNLIMITED), default=None)


def _share(text: str) -> float | None:
    parts = text.split()
    if len(parts) != 2 or not all(part.isdigit() for part in parts) or int(parts[1]) == 0:
        return None
    return int(parts[0]) / int(parts[1])


def _values(root: Path, controller: str, name: str) -> list[str]:
    return [text for folder in _folders(root, controller) if (text := _read(folder / name))]


def _folders(root: Path, controller: str) -> Iterator[Path]:
    """Yield the group's folder and those above it: a limit on any of them holds.

    Inside a container the path that the kernel tells is often the host's; the mounted root is
    then the group's own folder, and it is always among those yielded.
    """
    base = root / "sys/fs/cgroup" / controller
    path = PurePosixPath("/")
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, names, where = (*line.split(":", 2), "", "")[:3]
        if controller in names.split(",") if controller else names == "":
            path = PurePosixPath(where)
    for step in (path, *path.parents):
        yield base / str(step).lstrip("/")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
