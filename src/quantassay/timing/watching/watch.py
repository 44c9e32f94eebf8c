"""What else happens on the machine while variants are timed: read between trials, never inside."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from quantassay import stats

from ..contract import Trial
from .accelerator import PROGRAM, Devices
from .circumstances import (
    course,
    frequency_findings,
    held_back_facts,
    held_back_findings,
    load_findings,
    other_load,
    stolen_words,
)
from .energy import Meter
from .glances import SHORTEST, Glances
from .processor_state import settings
from .processor_time import ROOT, scope

WHOSE = "of all processes but this one and its children, so that a server under test counts"
LOADED = (
    "with the engine imported and the model's file just read (warm): the first load after a "
    "machine starts takes longer"
)
#: ends of the drift's interval, the higher over the lower, that tell nothing
WIDEST = 10
MUCH_DRIFT = 0.05


@dataclass(frozen=True)
class Watched:
    """What was seen over all trials: fields of ``Conditions``, and findings in words.

    ``other_load``: cores that other processes kept busy, mean and largest; None where ``facts``
    say why.
    """

    other_load: tuple[float, float] | None
    facts: Mapping[str, str]
    findings: tuple[str, ...]


class Watch:
    """Watches the machine around each trial.

    ``trial`` is what surrounds every trial that is measured; then ``seen`` is called once, and
    ``energy`` of each variant. What cannot be told is said with its reason.

    Parameters
    ----------
    root
        Where the system's files are.
    program
        What tells of NVIDIA devices.
    """

    def __init__(self, root: Path = ROOT, program: str = PROGRAM) -> None:
        self._root = root
        self._meter, self._glances, self._devices = Meter(root), Glances(root), Devices(program)

    @contextmanager
    def trial(self, variant: str) -> Iterator[None]:
        """Watch one trial of a variant."""
        self._glances.begin()
        self._devices.look()
        before = self._meter.reading()
        try:
            yield
        finally:
            self._meter.add(variant, before, self._meter.reading())
            self._glances.look()
            self._devices.look()

    def energy(self, variant: str, samples: int) -> tuple[float | None, str]:
        """Return joules a sample over all trials of a variant and what they are of; None: why."""
        return self._meter.per_sample(variant, samples)

    def seen(self) -> Watched:
        """Return what was seen since the first trial."""
        seen = self._glances
        if not seen.stretches:
            seen.look(SHORTEST)
        load, unknown = other_load(seen.stretches)
        facts = {
            "other load": f"not available: {unknown}" if load is None else self._whose(),
            "steal": stolen_words(seen.stretches),
            "frequency": course(seen.megahertz, "GHz", seen.frequency, 1e-3),
            "temperature": course(seen.celsius, "°C", seen.temperature),
            **settings(self._root),
            **held_back_facts(seen.before, seen.after, seen.seconds),
            "accelerator": self._devices.fact(),
            "load time": LOADED,
        }
        findings = (
            *load_findings(seen.stretches),
            *frequency_findings(seen.megahertz),
            *held_back_findings(seen.before, seen.after),
            *self._devices.findings(),
        )
        return Watched(load, facts, findings)

    def _whose(self) -> str:
        return f"{WHOSE}; {scope(self._root)}; {os.cpu_count()} cores"


def drift(trials: Sequence[Trial], confidence: float) -> tuple[float, float, float] | None:
    """Return throughput in the last block over that in the first: low, estimate, high.

    None for trials of fewer than five blocks, and where the ends are ten times apart: that tells
    nothing.
    """
    found = stats.log_drift([trial.throughput for trial in trials], confidence)
    ends = found.low, found.estimate, found.high
    told = all(math.isfinite(end) for end in ends) and found.high < WIDEST * found.low
    return ends if told else None


def drift_findings(name: str, found: tuple[float, float, float] | None) -> list[str]:
    """Say that the reference, by name, drifted where that is beyond chance and matters.

    ``found`` is low, estimate, high of its throughput in the last block over that in the first.
    """
    if found is None or found[0] <= 1 <= found[2] or abs(found[1] - 1) <= MUCH_DRIFT:
        return []
    low, change, high = (100 * (end - 1) for end in found)
    return [
        f"{name}: its throughput {'fell' if change < 0 else 'rose'} by {abs(change):.0f} % from "
        f"the first block to the last ({low:+.0f} % to {high:+.0f} %): absolute figures are of no "
        "one state of the machine; ratios, taken inside blocks, suffer less"
    ]
