"""Throughput of a claim, which goes nowhere without the accuracy that it was bought with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quantassay.errors import InputError

from .figures import number

Claim = Mapping[str, Any]


def paired_speed(candidate: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the throughput of a candidate of a claim; None where it was not measured.

    Raises
    ------
    InputError
        If it stands there without any figure of accuracy.
    """
    speed: Mapping[str, Any] | None = candidate["throughput"]
    known = any(cell["candidate_value"] is not None for cell in candidate["accuracy"])
    if speed is not None and not known:
        msg = (
            f"{candidate['name']!r}: a throughput without its accuracy is not exported: half of "
            "the trade-off alone says nothing"
        )
        raise InputError(msg)
    return speed


def refuse_speed_alone(claim: Claim) -> None:
    """Refuse a claim of which any candidate has a throughput and no accuracy.

    Raises
    ------
    InputError
        If one has.
    """
    for candidate in claim["candidates"].values():
        paired_speed(candidate)


def throughput_words(name: str, claim: Claim) -> str:
    """Say the throughput of a candidate beside that of the reference, and the verdict on it."""
    speed = paired_speed(claim["candidates"][name])
    if speed is None:
        return "throughput not measured: half of the trade-off"
    said = (
        f"throughput {number(speed['throughput'])} {counted(speed)}/s ({speed['protocol']}, "
        f"{speed['batch']} samples per query)"
    )
    if speed.get("source"):
        said += f", measured elsewhere by {speed['source']}, not beside the reference: no ratio"
    if speed["ratio"] is not None:
        said += f", {number(speed['ratio'])} x that of {claim['reference']['name']}"
        if speed["ratio_interval"] is not None:
            ends = interval_words(speed["ratio_interval"])
            said += f" {ends} at {number(speed['confidence'])}"
    return "; ".join([said, *_verdict(speed), *cost_words(name, claim)])


def counted(speed: Mapping[str, Any]) -> str:
    """Return what a throughput counts: samples, unless it was measured elsewhere."""
    return str(speed.get("unit", "samples"))


def _verdict(speed: Mapping[str, Any]) -> Iterator[str]:
    found = speed["verdict"]
    if found is not None:
        declared = number(found["declared"])
        yield f"speed-up of {declared} x declared: {found['verdict']}: {found['reason']}"


def cost_words(name: str, claim: Claim) -> Iterator[str]:
    """Yield what a thousand right answers cost, by the first frontier that says so."""
    found = cost(name, claim)
    if found is not None:
        amount, ends, unit = found
        interval = "" if ends is None else f" {interval_words(ends)}"
        yield f"a thousand right answers cost {number(amount)}{interval} {unit}"


def cost(name: str, claim: Claim) -> tuple[float, list[float] | None, str] | None:
    """Return the cost of a thousand right answers, its interval and unit; None: not known."""
    for one in claim["frontiers"]:
        for point in one["whole"]["points"]:
            if point["variant"] == name and point["cost"] is not None:
                return point["cost"], point["cost_interval"], one["cost_unit"]
    return None


def interval_words(ends: list[float]) -> str:
    """Write two ends as ``[1.7, 1.9]``."""
    return f"[{', '.join(map(number, ends))}]"
