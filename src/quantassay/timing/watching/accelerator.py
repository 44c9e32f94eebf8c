"""What NVIDIA devices tell of themselves: temperature, clock, and why it was lowered."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass

PROGRAM = "nvidia-smi"
#: newer drivers renamed the last field
FIELDS = (
    "name,temperature.gpu,clocks.sm,clocks_event_reasons.active",
    "name,temperature.gpu,clocks.sm,clocks_throttle_reasons.active",
)
PATIENCE = 10
MOST_DEVICES = 16
#: of the time that trials take, for asking
SHARE = 0.02
#: nvml.h, nvmlClocksEventReasons: what holds a device back that is asked to work
REASONS = {
    0x04: "power cap",
    0x08: "hardware slowdown",
    0x20: "thermal (software)",
    0x40: "thermal (hardware)",
    0x80: "power brake",
}


@dataclass(frozen=True)
class Device:
    """One device at one moment; ``slowed``: why its clock was below what was asked for."""

    name: str
    celsius: str
    megahertz: str
    slowed: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} {self.celsius} °C, {self.megahertz} MHz"


class Devices:
    """All devices before the first trial and after the last, and what held them back.

    Asking takes a tenth of a second or more: it is done so seldom that it takes a fiftieth of the
    time.
    """

    def __init__(self, program: str = PROGRAM) -> None:
        self._program, self._due = program, 0.0
        self._slowed: dict[int, set[str]] = {}
        self.first: list[Device] = []
        self.last: list[Device] = []
        self._why = ""

    def look(self) -> None:
        """Ask, where enough time has gone by since the last time."""
        started = time.perf_counter()
        if started < self._due or self._why:
            return
        found, why = devices(self._program)
        if not found:
            # what once answered keeps its last answer
            self._why = why
            return
        self.first, self.last = self.first or found, found
        for at, one in enumerate(found):
            self._slowed.setdefault(at, set()).update(one.slowed)
        ended = time.perf_counter()
        self._due = ended + (ended - started) / SHARE

    def fact(self) -> str:
        """Say how they were, or why that is not known."""
        if not self.last:
            return f"not available: {self._why or 'nothing was timed'}"
        first, last = ("; ".join(map(str, found)) for found in (self.first, self.last))
        return f"{first} at first; {last} at last"

    def findings(self) -> list[str]:
        """Say which were held back at some time."""
        return [
            f"{one.name} was held back while variants were timed ({', '.join(sorted(slowed))}; at "
            f"last {one}): a throughput there is below what the device can do"
            for at, one in enumerate(self.last)
            if (slowed := self._slowed[at])
        ]


def devices(program: str = PROGRAM) -> tuple[list[Device], str]:
    """Ask for all devices; none with the reason."""
    found = shutil.which(program)
    if found is None:
        return [], f"no {PROGRAM} here"
    why = ""
    for fields in FIELDS:
        try:
            done = subprocess.run(
                [found, f"--query-gpu={fields}", "--format=csv,noheader,nounits"],
                capture_output=True,
                text=True,
                errors="replace",
                timeout=PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return [], f"{PROGRAM} could not be run, or gave no answer in {PATIENCE} s"
        if done.returncode == 0:
            return _devices(done.stdout.splitlines()[:MOST_DEVICES])
        told = (done.stdout + done.stderr).strip().splitlines()[:1] or ["no message"]
        why = f"{PROGRAM} failed: {told[0][:200]}"
    return [], why


def _devices(lines: Sequence[str]) -> tuple[list[Device], str]:
    found = []
    for line in lines:
        words = [word.strip()[:80] for word in line.split(",")]
        if len(words) == 4:
            found.append(Device(words[0], words[1], words[2], _reasons(words[3])))
    return found, "" if found else f"{PROGRAM} lists no device"


def _reasons(mask: str) -> tuple[str, ...]:
    try:
        bits = int(mask, 16)
    except ValueError:
        return ()
    return tuple(words for bit, words in REASONS.items() if bits & bit)
