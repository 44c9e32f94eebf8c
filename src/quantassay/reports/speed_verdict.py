"""Throughput beside the verdict on accuracy, and the verdict on a declared speed-up."""

from __future__ import annotations

from collections.abc import Mapping

from ..records.cells import Comparison
from ..records.speed import Speed
from .figures import number, ratio, trimmed
from .names import counted, several, short
from .subject import Subject
from .wording import WORDS

SPEEDUP = "speed-up"


def check_speeds(comparison: Comparison, speeds: Mapping[str, Speed]) -> None:
    """Refuse to report a PASS that a verdict on throughput contradicts.

    Raises
    ------
    ValueError
        If a candidate's PASS stands on a speed-up that does not pass, or that one's PASS on no
        interval or one that holds the declared speed-up.
    """
    for name, speed in speeds.items():
        found, ruling = speed.verdict, comparison.candidates.get(name)
        if found is None:
            continue
        if ruling is not None and ruling.verdict == "pass" != found.verdict:
            msg = f"{name!r} passes, but its {SPEEDUP} is {found.verdict}"
            raise ValueError(msg)
        ends = speed.ratio_interval
        if found.verdict == "pass" and (ends is None or not ends[0] > found.declared):
            msg = f"{name!r}: its {SPEEDUP} passes with an interval down to what was declared"
            raise ValueError(msg)


def throughput_lines(subject: Subject, name: str) -> tuple[str, ...]:
    """Say the throughput of a candidate against the reference, and its verdict if it has one."""
    speed = subject.speeds.get(name)
    if speed is None:
        return ()
    if speed.source:
        figure = f"throughput {number(speed.throughput, 1)} {speed.unit}/s ({speed.protocol})"
        return (f"{figure}, measured elsewhere by {speed.source}: no ratio",)
    grounds = f"{speed.protocol}, {counted(speed.blocks, 'random block')}"
    said = (
        f"throughput {ratio(speed.ratio, speed.ratio_interval)} against "
        f"{short(subject.comparison.reference)} ({grounds})"
    )
    found = speed.verdict
    if found is None:
        return (said,)
    return (f"{said}; {SPEEDUP} of {trimmed(found.declared, 4)}× declared: {WORDS[found.verdict]}",)


def decided_by_speed(subject: Subject, name: str) -> str:
    """Say how a speed-up decided a verdict; its figures stand above."""
    speed = subject.speeds.get(name)
    if speed is None or speed.verdict is None:
        return SPEEDUP
    needed = speed.verdict.needed_seconds
    more = "" if needed is None else f"; about {trimmed(needed, 0)} s of timing would settle it"
    return f"{SPEEDUP} (above): {speed.verdict.reason}{more}"


def reached(subject: Subject) -> str:
    """Say that a PASS rests on a declared speed-up too; '' where none was declared."""
    gating = [name for name, each in subject.comparison.candidates.items() if each.gate]
    found = {name: speed.verdict for name in gating if (speed := subject.speeds.get(name))}
    judged = [name for name, verdict in found.items() if verdict is not None]
    if subject.comparison.verdict != "pass" or not judged:
        return ""
    return f" The declared {SPEEDUP} is reached: {several(judged)}."
