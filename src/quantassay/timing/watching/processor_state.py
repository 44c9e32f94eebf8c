"""How fast the processor runs: its frequency, temperature, settings, and who held it back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .processor_time import ROOT, number, read

CPUS = "sys/devices/system/cpu"
#: on a machine of many cores that many are enough
MOST_CORES = 64
#: names of sensors that are of the processor
SENSOR = re.compile(r"x86_pkg|coretemp|k10temp|zenpower|cpu|soc|package", re.IGNORECASE)
FASTEST_SENSIBLE, HOTTEST_SENSIBLE = 20e3, 150e3


def usable() -> list[int]:
    """Return the processors that this process may use."""
    here = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}
    return sorted(here)[:MOST_CORES]


def frequency(root: Path = ROOT) -> tuple[float | None, str]:
    """Return MHz of the fastest usable processor just now, and where from; None: why not."""
    found = [
        kilohertz / 1000
        for cpu in usable()
        if (kilohertz := number(root / CPUS / f"cpu{cpu}/cpufreq/scaling_cur_freq"))
    ]
    source = "scaling_cur_freq"
    if not found:
        told = read(root / "proc/cpuinfo")
        found = [float(mhz) for mhz in re.findall(r"^cpu MHz\s*:\s*([\d.]{1,12})$", told, re.M)]
        source = "/proc/cpuinfo"
        if not found:
            return None, "the system tells none (no cpufreq, none in /proc/cpuinfo)"
        if not re.search(r"^flags\s*:.*\baperfmperf\b", told, re.M):
            return None, f"this machine, likely a virtual one, tells a fixed {found[0]:.0f} MHz"
    fastest = max(found)
    if not 0 < fastest < FASTEST_SENSIBLE:
        return None, f"the system tells {fastest:.0f} MHz, which no processor has"
    return fastest, source


def temperature(root: Path = ROOT) -> tuple[float | None, str]:
    """Return degrees Celsius of the processor's hottest sensor, and its name; None: why not."""
    found = [
        (milli, name)
        for name, path in _sensors(root)
        if SENSOR.search(name) and (milli := number(path)) and 0 < milli < HOTTEST_SENSIBLE
    ]
    if not found:
        return None, "no sensor of the processor in /sys/class/thermal or /sys/class/hwmon"
    milli, name = max(found)
    return milli / 1000, name


def _sensors(root: Path) -> Iterator[tuple[str, Path]]:
    for zone in sorted((root / "sys/class/thermal").glob("thermal_zone*")):
        yield read(zone / "type"), zone / "temp"
    for chip in sorted((root / "sys/class/hwmon").glob("hwmon*")):
        name = read(chip / "name")
        yield from ((name, path) for path in sorted(chip.glob("temp*_input")))


def settings(root: Path = ROOT) -> dict[str, str]:
    """Return the frequency governor and whether the processor may go beyond its base frequency."""
    cpu = root / CPUS
    governors = {read(cpu / f"cpu{at}/cpufreq/scaling_governor") for at in usable()} - {""}
    turbo = number(cpu / "intel_pstate/no_turbo")
    boost = number(cpu / "cpufreq/boost") if turbo is None else int(not turbo)
    return {
        "governor": ", ".join(sorted(governors)) or "not available: no cpufreq in /sys",
        "boost": "not available: neither intel_pstate nor cpufreq/boost in /sys"
        if boost is None
        else ("on" if boost else "off"),
    }


@dataclass(frozen=True)
class HeldBack:
    """Counters of what held this process back; None where the system has no such counter.

    ``hot``: events of thermal throttling over all cores; ``periods``: in which a container's quota
    of processor time was used up; ``waited``: seconds in which some task of the whole machine
    waited for a processor, ``group_waited`` some task of this container.
    """

    hot: int | None
    periods: int | None
    waited: float | None
    group_waited: float | None


def held_back(root: Path = ROOT) -> HeldBack:
    """Read the counters."""
    folders = list(_group_folders(root))
    return HeldBack(
        _sum(sorted((root / CPUS).glob("cpu[0-9]*/thermal_throttle/core_throttle_count"))),
        next((n for f in folders if (n := _periods(f / "cpu.stat")) is not None), None),
        _waited(root / "proc/pressure/cpu"),
        next((s for f in folders if (s := _waited(f / "cpu.pressure")) is not None), None),
    )


def _sum(paths: list[Path]) -> int | None:
    found = [count for path in paths if (count := number(path)) is not None]
    return sum(found) if found else None


def _periods(path: Path) -> int | None:
    match = re.search(r"^nr_throttled (\d{1,18})$", read(path), re.M)
    return int(match[1]) if match else None


def _waited(path: Path) -> float | None:
    match = re.search(r"^some .*\btotal=(\d{1,18})", read(path), re.M)
    return int(match[1]) / 1e6 if match else None


def _group_folders(root: Path) -> Iterator[Path]:
    """Yield where this process's control group may be, of either version, its own first.

    Inside a container the path that the kernel tells is often the host's; the mounted root is then
    the group's own folder.
    """
    for line in read(root / "proc/self/cgroup").splitlines():
        _, names, where = (*line.split(":", 2), "", "")[:3]
        if names and "cpu" not in names.split(","):
            continue
        base = root / "sys/fs/cgroup" / ("cpu" if names else "")
        for path in dict.fromkeys((PurePosixPath(where or "/"), PurePosixPath("/"))):
            yield base / str(path).lstrip("/")
