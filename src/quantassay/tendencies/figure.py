"""One figure that was computed, or why it is undefined."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, how many things it was computed from, and what these are; None with a reason."""

    value: float | None
    n: int
    counted: str
    reason: str = ""


def figure(value: float, n: int, counted: str) -> Figure:
    """Return a figure; one that is not finite is undefined, and says so."""
    if math.isfinite(value):
        return Figure(float(value), n, counted)
    return Figure(None, n, counted, "it is not a finite number")
