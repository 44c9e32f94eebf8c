"""What was watched, in words: facts for the record, findings that a person should read first."""

from __future__ import annotations

import os
from collections.abc import Sequence
from statistics import median

from .glances import Stretch
from .processor_state import HeldBack

MUCH_LOAD = 0.5
#: cores that the host of virtual machines kept
MUCH_STOLEN = 0.05
MUCH_SLOWER = 0.9
#: share of stretches with other load that is more than an incident
OFTEN = 0.1
#: readings of the processor's frequency, fewer of which tell no trend
ENOUGH = 8
#: cores by which the system may count less than this process used: its ticks are coarse
COARSE = 0.1


def other_load(stretches: Sequence[Stretch]) -> tuple[tuple[float, float] | None, str]:
    """Return cores that other processes kept busy, mean and largest; None with the reason."""
    if not stretches:
        return None, "the system has no counters of processor time, or nothing was timed"
    seconds = sum(one.seconds for one in stretches)
    mean = sum(one.others for one in stretches) / seconds
    if mean < -COARSE:
        return None, "the system counts less processor time than this process used (a sandbox?)"
    return (max(mean, 0.0), max(0.0, *(one.others / one.seconds for one in stretches))), ""


def load_findings(stretches: Sequence[Stretch]) -> list[str]:
    """Say that other processes, or other virtual machines, took much processor time."""
    found, _ = other_load(stretches)
    often = [one for one in stretches if one.others > MUCH_LOAD * one.seconds]
    words = []
    if found and (found[0] > MUCH_LOAD or len(often) > OFTEN * len(stretches)):
        words.append(
            f"other processes kept {found[0]:.1f} of {os.cpu_count()} cores busy on average while "
            f"variants were timed, at most {found[1]:.1f}: throughputs and latencies are those of "
            "a machine in use; ratios, taken inside blocks, suffer less"
        )
    stolen = mean_stolen(stretches)
    if stolen is not None and stolen > MUCH_STOLEN:
        words.append(
            f"the host gave {stolen:.2f} of this machine's cores to other virtual machines while "
            "variants were timed ('steal'): throughputs are lower than what it can do"
        )
    return words


def mean_stolen(stretches: Sequence[Stretch]) -> float | None:
    """Return cores that were given to other virtual machines; None where that is not told."""
    told = [(one.stolen, one.seconds) for one in stretches if one.stolen is not None]
    return sum(s for s, _ in told) / sum(t for _, t in told) if told else None


def stolen_words(stretches: Sequence[Stretch]) -> str:
    """Say how many cores were given to other virtual machines."""
    stolen = mean_stolen(stretches)
    if stolen is None:
        return "not available: the system does not tell"
    return f"{stolen:.2f} cores on average, given by the host to other virtual machines"


def course(values: Sequence[float], unit: str, source: str, scale: float = 1.0) -> str:
    """Say how a figure went from the first quarter of its readings to the last."""
    if not values:
        return f"not available: {source}"
    first, last = (scale * part for part in quarters(values))
    low, high = scale * min(values), scale * max(values)
    return (
        f"{first:.3g} {unit} at first, {last:.3g} at last, {low:.3g} to {high:.3g} in all "
        f"({source}, after trials)"
    )


def quarters(values: Sequence[float]) -> tuple[float, float]:
    """Return the medians of the first and of the last quarter."""
    part = max(len(values) // 4, 1)
    return median(values[:part]), median(values[-part:])


def frequency_findings(megahertz: Sequence[float]) -> list[str]:
    """Say that the processor became slower by a tenth or more."""
    if len(megahertz) < ENOUGH:
        return []
    first, last = quarters(megahertz)
    if last > MUCH_SLOWER * first:
        return []
    return [
        f"the processor's frequency fell from {first / 1000:.2f} to {last / 1000:.2f} GHz while "
        "variants were timed: throughputs are of no one state of the machine"
    ]


def held_back_findings(before: HeldBack, after: HeldBack) -> list[str]:
    """Say that the processor was throttled, or a container's quota was used up."""
    words = []
    if hot := _grown(before.hot, after.hot):
        words.append(
            f"the processor was throttled {hot:,} times because it was too hot while variants "
            "were timed: throughputs are lower than what a cooler machine does"
        )
    if periods := _grown(before.periods, after.periods):
        words.append(
            f"the container's quota of processor time was used up in {periods:,} periods while "
            "variants were timed: throughputs are those of the quota, not of the processor"
        )
    return words


def held_back_facts(before: HeldBack, after: HeldBack, seconds: float) -> dict[str, str]:
    """Return how often this process was held back, and how long tasks waited."""
    hot, periods = _grown(before.hot, after.hot), _grown(before.periods, after.periods)
    return {
        "throttling": _count(hot, "{:,} times because of heat", "no thermal_throttle in /sys"),
        "quota": _count(periods, "used up in {:,} periods", "no cpu.stat of a control group"),
        "pressure": _waited(_spent(before.waited, after.waited), seconds, "/proc/pressure/cpu"),
        "pressure in the container": _waited(
            _spent(before.group_waited, after.group_waited),
            seconds,
            "cpu.pressure of a control group",
        ),
    }


def _grown(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _spent(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _count(count: int | None, what: str, missing: str) -> str:
    return f"not available: {missing}" if count is None else what.format(count)


def _waited(waited: float | None, seconds: float, source: str) -> str:
    if waited is None or seconds <= 0:
        return f"not available: no {source}"
    share = min(waited / seconds, 1.0)
    return f"in {100 * share:.0f} % of the time some task waited for a processor ({source})"
