"""Numbers as a text prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Unit = Literal["percent", "points", "times", "time", "rate", "size", "none"]
Bound = Literal["", "about", "below", "above"]

_UNITS: tuple[tuple[Unit, str], ...] = (
    ("points", r"percentage[- ]points?|percent[- ]points?|%[- ]?points?|pp|p\.p\.|points?|pts?"),
    ("percent", r"%|percent|per cent"),
    ("times", r"[x×](?![\w])|times"),
    ("time", r"ms(?!\sMARCO)|milliseconds?|µs|us|seconds?|secs?|s|minutes?|min|hours?|h"),
    ("rate", r"tokens?/s(?:ec)?|tok/s|fps|qps|t/s|images?/s(?:ec)?|samples?/s(?:ec)?|it/s"),
    ("size", r"[KMGT]i?B|[KMG]|GFLOPs|bytes|(?<=\d\d\d\s)B"),
)
_NUMBER = re.compile(
    r"(?<![\w.,/\-−:#@$^])(?P<sign>[+\-−–±])?(?P<whole>\d{1,3}(?:,\d{3}){1,4}|"
    r"\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,3}(?=\s?(?:B|bytes)\b)|\d{1,15})"
    r"(?P<fraction>\.\d{1,12})?(?:\s?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _UNITS)
    + r")(?![\w/]))?(?![\w]|[.,]\d|-[A-Za-z]|/\d|-\d\d-\d)",
    re.IGNORECASE,
)
_APART = re.compile(r"[,\s]")
_BOUND = re.compile(
    r"(?:(?P<below>(?:<|≤|<=|less than|lower than|below|under|within|up to|at most|no more than|"
    r"not more than|max(?:imum)?|smaller than|fewer than)[ (~]{0,2}(?:a )?)|"
    r"(?P<above>(?:>|≥|>=|more than|over|at least|above|exceeding|greater than)[ (]?)|"
    r"(?P<about>(?:~|≈|∼|about|around|roughly|approximately|approx\.?|circa|nearly|almost|"
    r"close to|some)[ (]?))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A number at its place, with its decimals and the word for how exact it claims to be."""

    value: float
    decimals: int
    unit: Unit
    sign: str
    bound: Bound
    start: int
    end: int
    text: str

    @property
    def step(self) -> float:
        """One unit of the last digit printed."""
        return 10.0**-self.decimals


def numbers(text: str, offset: int = 0) -> Iterator[Printed]:
    """Yield the numbers of a text in order; parts of names, versions and dates are none.

    ``offset`` is added to the places. Linear in the length of the text.
    """
    for found in _NUMBER.finditer(text):
        sign = (found["sign"] or "").strip().replace("−", "-").replace("–", "-")
        value = float(_APART.sub("", found["whole"]) + (found["fraction"] or ""))
        before = text[max(0, found.start() - 24) : found.start()]
        yield Printed(
            value=-value if sign == "-" else value,
            decimals=len(found["fraction"] or ".") - 1,
            unit=next((name for name, _ in _UNITS if found[name]), "none"),
            sign=sign,
            bound=_bound(before),
            start=offset + found.start(),
            end=offset + found.end(),
            text=found[0].strip(),
        )


def _bound(before: str) -> Bound:
    """Return the bound that the words right before a number set."""
    found = _BOUND.search(before)
    if found is None:
        return ""
    return "below" if found["below"] else "above" if found["above"] else "about"


def span(value: float, decimals: int, bound: Bound = "") -> tuple[float, float]:
    """Return the least and the largest value that can have been printed so.

    Rounding to nearest and cutting off are both allowed, so that neither is taken for an error;
    "about" doubles the width.
    """
    step = 10.0**-decimals * (1 + 1e-9) * (2 if bound == "about" else 1)
    inward, outward = step / 2, step
    if bound == "about":
        outward = step / 2
    low, high = abs(value) - inward, abs(value) + outward
    return (low, high) if value >= 0 else (-high, -low)
