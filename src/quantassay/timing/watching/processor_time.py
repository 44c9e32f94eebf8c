"""Processor time since start: of the whole system, of this process tree, and what was stolen."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path("/")
#: in the first line of /proc/stat: user, nice, system, irq, softirq; not idle, iowait, guests
BUSY = (0, 1, 2, 5, 6)
STEAL = 7


@dataclass(frozen=True)
class ProcessorTime:
    """Seconds of processor time at one moment: ``busy`` all processes', ``own`` this tree's.

    ``stolen``: wanted by this machine, but given to another by the host of virtual machines; None
    where that is not told.
    """

    at: float
    busy: float
    stolen: float | None
    own: float


def processor_time(root: Path = ROOT) -> ProcessorTime | None:
    """Read the counters; None where the system has none."""
    found = _stat(root / "proc/stat")
    if found is None and root == ROOT and not (root / "proc").exists():
        spent = psutil.cpu_times()
        found = spent.user + getattr(spent, "nice", 0.0) + spent.system, None
    return None if found is None else ProcessorTime(time.perf_counter(), *found, _own())


def scope(root: Path = ROOT) -> str:
    """Say whose processor time the system's counters hold."""
    mounts = [line.split() for line in read(root / "proc/mounts").splitlines()]
    if any(words[:2] == ["lxcfs", "/proc/stat"] for words in mounts):
        return "of this container alone (lxcfs): what runs beside it is not seen"
    return "of the whole machine that the system sees, what runs in other containers included"


def read(path: Path) -> str:
    """Return what a file of the system says, stripped; '' where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def number(path: Path) -> int | None:
    """Return the whole number that a file of the system holds; None where there is none."""
    text = read(path)
    return int(text) if text.removeprefix("-").isdecimal() else None


def _stat(path: Path) -> tuple[float, float | None] | None:
    name, *words = read(path).partition("\n")[0].split() or [""]
    if name != "cpu" or len(words) <= max(BUSY) or not all(word.isdecimal() for word in words):
        return None
    ticks = [int(word) for word in words]
    second = os.sysconf("SC_CLK_TCK")
    stolen = ticks[STEAL] / second if len(ticks) > STEAL else None
    return sum(ticks[at] for at in BUSY) / second, stolen


def _own() -> float:
    """Return the seconds of this process, of its children, and of those that ended."""
    ended = os.times()
    seconds = time.process_time() + ended.children_user + ended.children_system
    for child in psutil.Process().children(recursive=True):
        try:
            used = child.cpu_times()
        except psutil.Error:
            continue
        seconds += used.user + used.system
    return float(seconds)
