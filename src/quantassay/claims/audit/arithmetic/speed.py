"""Whether a stated speed-up follows from the two latencies or throughputs."""

from __future__ import annotations

from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.audit.figures.numbers import span
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .words import places, shown

MOST = 10


def speed(document: Document, figures: Figures) -> list[Finding]:
    """Return the stated speed-ups that follow from none of the latencies or throughputs given.

    A text without any is left alone, and so is one in which another pair of numbers gives the
    speed-up.
    """
    pairs = [pair for pair in figures.costs if pair.both and pair.scores[0].role != "size"]
    timed = [pair for pair in pairs if min(one.value for one in pair.scores) > 0]
    if not timed or len(timed) > 2:
        return []
    wrong = [
        one
        for _, said in figures.spoken
        for one in said
        if one.role == "speedup" and not one.hidden and not any(_fits(one, pair) for pair in timed)
    ]
    return [_finding(document, one, timed[0]) for one in wrong[:MOST]]


def ratio(pair: Pair) -> tuple[float, float, float]:
    """Return how many times as fast the candidate is: the value, the least and the largest."""
    reference, candidate = pair.scores
    slow, fast = (reference, candidate) if reference.role == "latency" else (candidate, reference)
    (slow_low, slow_high), (fast_low, fast_high) = slow.span, fast.span
    return slow.value / fast.value, max(slow_low, 0) / fast_high, slow_high / max(fast_low, 1e-12)


def _fits(stated: Figure, pair: Pair) -> bool:
    """Return whether a factor is the ratio or its inverse, or the ratio less one ("2x faster")."""
    _, low, high = ratio(pair)
    least, most = span(stated.value, stated.decimals, stated.bound)
    if stated.bound == "below":
        least = 0.0
    if stated.bound == "above":
        most = float("inf")
    ends = ((low, high), (low - 1, high - 1), (1 / high, 1 / max(low, 1e-12)))
    return any(start <= most and least <= end for start, end in ends)


def _finding(document: Document, stated: Figure, pair: Pair) -> Finding:
    reference, candidate = pair.scores
    value, low, high = ratio(pair)
    text = (
        f"{stated.text} does not follow from {reference.text} and {candidate.text}: their ratio is "
        f"{shown(value)} ({shown(low)} to {shown(high)} with rounding allowed for)."
    )
    quotes = tuple(document.quote(*place) for place in places(reference, candidate, stated))
    return Finding("speed-up", text, quotes)
