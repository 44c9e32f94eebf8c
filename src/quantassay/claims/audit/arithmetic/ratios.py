"""Whether "4x smaller" or "2x faster" follows from the two sizes or timings of its sentence."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.figure import Figure, Pair, Scored
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .speed import does_not_follow, fits, positive

MOST = 10
_RULES = {"latency": "speed-up", "throughput": "speed-up", "size": "size-ratio"}
_JOINED = re.compile(
    r"^[^.;]{0,30}?(?:\bto\b|→|->|=>|\bvs\b|\bversus\b|\bagainst\b|\bcompared\b|\bfrom\b|/)"
    r"[^.;]{0,20}$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[a-zµ/]+$", re.IGNORECASE)


def ratios(document: Document, figures: Figures) -> list[Finding]:
    """Return the one factor of a sentence that its two sizes or timings do not give."""
    found = []
    for sentence, said in figures.spoken:
        factors = [one for one in said if one.unit == "times"]
        pair = None if sentence.hidden or len(factors) != 1 else _pair(sentence, said)
        if pair is not None and not fits(factors[0], pair):
            rule = _RULES[pair.reference.role]
            found.append(does_not_follow(document, factors[0], pair, rule))
    return found[:MOST]


def _pair(sentence: Sentence, said: tuple[Figure, ...]) -> Scored | None:
    """Return the two costs that a sentence sets against each other; None if it has others."""
    costs = [one for one in said if one.role in _RULES and one.unit in ("time", "rate", "size")]
    if len(costs) != 2 or len({(one.role, _unit(one)) for one in costs}) != 1:
        return None
    between = sentence.text[costs[0].end - sentence.start : costs[1].start - sentence.start]
    if not _JOINED.match(between):
        return None
    low, high = sorted(costs, key=lambda one: one.value)
    rising = costs[0].role == "throughput"
    pair = (Pair(low, high) if rising else Pair(high, low)).scored
    return pair if pair and positive(pair) else None


def _unit(one: Figure) -> str:
    found = _UNIT.search(one.text)
    return found[0].lower() if found else ""
