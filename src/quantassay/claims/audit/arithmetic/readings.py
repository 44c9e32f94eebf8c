"""The ways in which a stated loss can be meant, and what the two scores make of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from quantassay.claims.audit.figures.figure import Figure

Name = Literal[
    "absolute", "relative", "recovery", "relative to the error", "relative to the candidate"
]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to compute a stated number: its value, and the least and largest that it can be."""

    name: Name
    value: float
    low: float
    high: float
    unit: str


def readings(reference: Figure, candidate: Figure) -> Iterator[Reading]:
    """Yield the loss of a candidate in each reading; positive where its score is lower.

    Values of fractions are given in points too. The ends hold every pair of scores that can have
    been printed so. A reading that divides by nothing is left out.
    """
    r, c = reference.value, candidate.value
    (r_low, r_high), (c_low, c_high) = reference.span, candidate.span
    scale = 100.0 if reference.is_fraction or candidate.is_fraction else 1.0
    yield Reading("absolute", r - c, r_low - c_high, r_high - c_low, "")
    if scale > 1:
        points = [scale * x for x in (r - c, r_low - c_high, r_high - c_low)]
        yield Reading("absolute", points[0], points[1], points[2], " pp")
    if r_low > 0 and c_low > 0:
        worst, best = c_low / r_high, c_high / r_low
        for times, unit in ((100.0, " %"), (1.0, "")):
            yield Reading(
                "relative", times * (1 - c / r), times * (1 - best), times * (1 - worst), unit
            )
            yield Reading("recovery", times * c / r, times * worst, times * best, unit)
        yield Reading(
            "relative to the candidate",
            100 * (r / c - 1), 100 * (r_low / c_high - 1), 100 * (r_high / c_low - 1), " %",
        )  # fmt: skip
    full = 1.0 if scale > 1 else 100.0
    if r_high < full and c_high < full and reference.lower_better is not True:
        worst = (full - c_low) / (full - r_high)
        best = (full - c_high) / (full - r_low)
        middle = (full - c) / (full - r)
        yield Reading(
            "relative to the error", 100 * (middle - 1), 100 * (best - 1), 100 * (worst - 1), " %"
        )


def mirrored(one: Reading) -> Reading:
    """Return the loss of a metric of which less is better."""
    return replace(one, value=-one.value, low=-one.high, high=-one.low)


def fits(stated: Figure, reading: Reading) -> bool:
    """Return whether a stated number can be what a reading gives, whatever its sign says.

    A bound ("less than") fits where some value of the reading keeps it; a gain keeps every bound on
    a loss.
    """
    low, high = reading.low, reading.high
    value = abs(stated.value)
    if stated.role == "delta" and high < 0:
        low, high = -high, -low
    if stated.bound == "below":
        return low <= value + 1e-9
    if stated.bound == "above":
        return high >= value - 1e-9
    if cut(stated, reading):
        return True
    half = 0.5 * 10.0**-stated.decimals * (2 if stated.bound == "about" else 1) * (1 + 1e-9)
    ends = ((low, high), (-high, -low))
    return any(start <= value + half and value - half <= end for start, end in ends)


def cut(stated: Figure, reading: Reading) -> bool:
    """Return whether a stated number is the computed one, cut off at its last digit."""
    rest = abs(reading.value) - abs(stated.value)
    return stated.bound == "" and -1e-9 <= rest < 10.0**-stated.decimals - 1e-9


def allowed(stated: Figure, reading: Reading) -> bool:
    """Return whether the unit and the words of a stated number leave a reading open."""
    if (reading.name == "recovery") != (stated.role == "recovery"):
        return False
    if stated.unit == "points":
        return reading.name == "absolute"
    if stated.unit == "percent":
        return reading.unit != "" or reading.name == "absolute"
    return True
