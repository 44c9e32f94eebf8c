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
    """Return the factors of sentences that their two sizes or timings do not give.

    A sentence may have one factor of any kind, or one of size and one of speed.
    """
    found = []
    for sentence, said in figures.spoken:
        if sentence.hidden:
            continue
        for one, costs in _factors(said):
            pair = _pair(sentence, costs)
            if pair is not None and not fits(one, pair):
                found.append(does_not_follow(document, one, pair, _RULES[pair.reference.role]))
    return found[:MOST]


def _factors(said: tuple[Figure, ...]) -> list[tuple[Figure, list[Figure]]]:
    """Return the factors of a sentence, each with the costs of its kind."""
    factors = [one for one in said if one.unit == "times"]
    costs = [one for one in said if one.role in _RULES and one.unit in ("time", "rate", "size")]
    if len(factors) == 1:
        return [(factors[0], costs)]
    if len(factors) != 2 or len({one.role == "size" for one in factors}) != 2:
        return []
    return [
        (one, [cost for cost in costs if (cost.role == "size") == (one.role == "size")])
        for one in factors
    ]


def _pair(sentence: Sentence, costs: list[Figure]) -> Scored | None:
    """Return the two costs that a sentence sets against each other; None if it has others."""
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
