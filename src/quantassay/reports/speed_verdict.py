"""Throughput beside the verdict on accuracy, and the verdict on a declared speed-up."""

from __future__ import annotations

from collections.abc import Mapping

from ..records.cells import Comparison
from ..records.speed import Speed
from .figures import known, number, ratio, significant, trimmed
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
    other = subject.speeds.get(subject.comparison.reference)
    found, said = speed.verdict, _against(speed, short(subject.comparison.reference))
    if found is not None:
        said += f"; {SPEEDUP} of {trimmed(found.declared, 4)}× declared: {WORDS[found.verdict]}"
    return (said,) if other is None else (said, _in_full(speed, other))


def _against(speed: Speed, reference: str) -> str:
    grounds = f"{speed.protocol}, {counted(speed.blocks, 'random block')}"
    if speed.rate is not None and speed.ratio == 1 and speed.ratio_interval is None:
        return f"throughput: the declared rate, as {reference}; no ratio ({grounds})"
    return f"throughput {ratio(speed.ratio, speed.ratio_interval)} against {reference} ({grounds})"


def _in_full(speed: Speed, other: Speed) -> str:
    """Say throughputs themselves, and the latency where single queries are what is asked for."""
    said = f"{_by_second(speed.throughput)} {speed.unit}/s against {_by_second(other.throughput)}"
    mine, theirs = _p99(speed), _p99(other)
    if speed.protocol == "offline" or mine is None or theirs is None:
        return said
    return f"{said}; p99 of a query {significant(mine)} ms against {significant(theirs)} ms"


def _by_second(throughput: float) -> str:
    return number(throughput, 0 if throughput >= 100 else 2)


def _p99(speed: Speed) -> float | None:
    """Return the 99th percentile of latency in ms; None where it is not told."""
    found = next((known(one.value) for one in speed.latencies if one.q == 0.99), None)
    return None if found is None else 1e3 * found


def decided_by_speed(subject: Subject, name: str) -> str:
    """Say how a speed-up decided a verdict; its figures stand above."""
    speed = subject.speeds.get(name)
    if speed is None or speed.verdict is None:
        return SPEEDUP
    needed = speed.verdict.needed_seconds
    more = (
        ""
        if needed is None
        else f"; about {trimmed(needed, 0)} s of timing would settle it (timing.duration)"
    )
    return f"{SPEEDUP} (above): {speed.verdict.reason}{more}"


def reached(subject: Subject) -> str:
    """Say that a PASS rests on a declared speed-up too; '' where none was declared."""
    gating = [name for name, each in subject.comparison.candidates.items() if each.gate]
    found = {name: speed.verdict for name in gating if (speed := subject.speeds.get(name))}
    judged = [name for name, verdict in found.items() if verdict is not None]
    if subject.comparison.verdict != "pass" or not judged:
        return ""
    return f" The declared {SPEEDUP} is reached: {several(judged)}."
