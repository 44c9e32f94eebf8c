"""Whether a stated speed-up follows from the two latencies or throughputs."""

from __future__ import annotations

from collections import defaultdict

from quantassay.claims.audit.figures.figure import Figure, Pair, Scored
from quantassay.claims.audit.figures.grid import Spot
from quantassay.claims.audit.figures.numbers import span
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .words import places, shown

MOST = 10


def speed(document: Document, figures: Figures) -> list[Finding]:
    """Return the stated speed-ups that do not follow from latencies or throughputs.

    Those of a table are held against the timings of their row, those of sentences against any.
    """
    rows = [one for grid in figures.grids for one in _rows(document, grid)]
    return (rows + _said(document, figures))[:MOST]


def _said(document: Document, figures: Figures) -> list[Finding]:
    """Return the speed-ups of sentences, where the text has one or two pairs of timings."""
    timed = [pair for pair in figures.costs if pair.reference.role != "size" and positive(pair)]
    if not timed or len(timed) > 2:
        return []
    wrong = [
        one
        for _, said in figures.spoken
        for one in said
        if one.role == "speedup" and not one.hidden and not any(fits(one, pair) for pair in timed)
    ]
    return [does_not_follow(document, one, timed[0]) for one in wrong[:MOST]]


def positive(pair: Scored) -> bool:
    """Return whether both costs are above zero, so that they have a ratio."""
    return min(one.span[0] for one in pair.scores) > 0


def ratio(pair: Scored) -> tuple[float, float, float]:
    """Return how many times as fast the candidate is: the value, the least and the largest."""
    reference, candidate = pair.scores
    slow, fast = (
        (candidate, reference) if reference.role == "throughput" else (reference, candidate)
    )
    (slow_low, slow_high), (fast_low, fast_high) = slow.span, fast.span
    return slow.value / fast.value, max(slow_low, 0) / fast_high, slow_high / max(fast_low, 1e-12)


def _rows(document: Document, grid: tuple[Spot, ...]) -> list[Finding]:
    """Return the factors of a table that the timings of their row do not give, if most do."""
    rows: dict[int, list[Spot]] = defaultdict(list)
    for spot in grid:
        rows[spot.row].append(spot)
    checked = [
        (one, pair)
        for row in rows.values()
        for one in [x.figure for x in row if x.figure.role == "speedup"]
        if (pair := _timed(row, one)) is not None
    ]
    wrong = [(one, pair) for one, pair in checked if not fits(one, pair)]
    if not wrong or 2 * len(wrong) > len(checked) + 1:
        return []
    return [does_not_follow(document, one, pair) for one, pair in wrong]


def _timed(row: list[Spot], stated: Figure) -> Scored | None:
    """Return the two timings of a row that has one factor, and one timing of each side."""
    found = [spot.figure for spot in row if spot.figure.role in ("latency", "throughput")]
    factors = [spot for spot in row if spot.figure.role == "speedup"]
    sides = {one.variant.side: one for one in found if one.variant}
    if len(factors) != 1 or len(found) != 2 or len(sides) != 2 or stated.value <= 0:
        return None
    reference, candidate = sides["reference"], sides["candidate"]
    pair = Pair(reference, candidate).scored
    alike = reference.role == candidate.role
    return pair if pair and alike and positive(pair) else None


def fits(stated: Figure, pair: Scored) -> bool:
    """Return whether a factor is the ratio or its inverse, or the ratio less one ("2x faster")."""
    _, low, high = ratio(pair)
    least, most = span(stated.value, stated.decimals, stated.bound)
    if stated.bound == "below":
        least = 0.0
    if stated.bound == "above":
        most = float("inf")
    ends = ((low, high), (low - 1, high - 1), (1 / high, 1 / max(low, 1e-12)))
    return any(start <= most and least <= end for start, end in ends)


def does_not_follow(
    document: Document, stated: Figure, pair: Scored, rule: str = "speed-up"
) -> Finding:
    """Return the finding that a factor is not the ratio of two costs."""
    reference, candidate = pair.scores
    value, low, high = ratio(pair)
    text = (
        f"{stated.text} does not follow from {reference.text} and {candidate.text}: their ratio is "
        f"{shown(value)} ({shown(low)} to {shown(high)} with rounding allowed for)."
    )
    quotes = tuple(document.quote(*place) for place in places(reference, candidate, stated))
    return Finding(rule, text, quotes)
