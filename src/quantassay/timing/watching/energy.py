"""Energy that processor packages used, by the counters of the kernel's powercap (RAPL)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .processor_time import ROOT, number, read

FOLDER = "sys/class/powercap"


@dataclass(frozen=True)
class Package:
    """A counter of microjoules that begins again at 0 once it passes ``limit``."""

    name: str
    path: Path
    limit: int


class Meter:
    """Joules of every variant, added up over its trials.

    Attributes
    ----------
    missing : str
        Why no energy can be told; '' where it can.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._packages, self.missing = _packages(root)
        self._joules: dict[str, float] = defaultdict(float)

    def reading(self) -> Mapping[str, int]:
        """Return microjoules of each package; nothing once one of them can no longer be read."""
        found = {package.name: number(package.path) for package in self._packages}
        lost = next((name for name, count in found.items() if count is None), None)
        if lost is not None:
            self._packages, self.missing = (), f"not available: {lost} could not be read again"
        return {name: count for name, count in found.items() if count is not None}

    def add(self, variant: str, before: Mapping[str, int], after: Mapping[str, int]) -> None:
        """Count what was used between two readings for a variant.

        A counter may have begun again once between them: it takes minutes to.
        """
        for package in self._packages:
            used = after[package.name] - before[package.name]
            self._joules[variant] += (used if used >= 0 else used + package.limit) / 1e6

    def per_sample(self, variant: str, samples: int) -> tuple[float | None, str]:
        """Return joules a sample, and what they are of; None with the reason."""
        if self.missing:
            return None, self.missing
        joules = self._joules.get(variant, 0.0)
        if not joules or not samples:
            return None, "not available: the counters did not move while it was timed"
        names = ", ".join(package.name for package in self._packages)
        return joules / samples, (
            f"RAPL of {names}: whole processor packages, idle power and other processes included; "
            "no memory modules, no accelerator, no losses of the power supply"
        )


def _packages(root: Path) -> tuple[tuple[Package, ...], str]:
    """Find the counters of whole packages; those of parts are in them already."""
    found, closed = [], []
    for folder in sorted((root / FOLDER).glob("intel-rapl:*")):
        name = read(folder / "name")
        if not name.startswith("package"):
            continue
        limit, path = number(folder / "max_energy_range_uj"), folder / "energy_uj"
        if number(path) is None or not limit:
            closed.append(path)
        else:
            found.append(Package(name, path, limit))
    if closed:
        where = "/" + closed[0].relative_to(root).as_posix()
        return (), f"not available: {where} may not be read by this user"
    if not found:
        return (), f"not available: no RAPL counter in /{FOLDER} (common in containers)"
    return tuple(found), ""
