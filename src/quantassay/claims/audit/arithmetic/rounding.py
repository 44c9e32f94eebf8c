"""Scores rounded so far that a loss between them cannot show."""

from __future__ import annotations

from quantassay.claims.audit.figures.figure import Scored
from quantassay.claims.audit.figures.samples import samples_of
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .words import places, shown

COARSE = 0.1
MOST = 5


def rounding(document: Document, pairs: tuple[Scored, ...]) -> list[Finding]:
    """Return equal scores printed in steps of a tenth of a point or coarser."""
    return [_finding(document, pair) for pair in pairs if _hidden(pair)][:MOST]


def _hidden(pair: Scored) -> bool:
    first = pair.reference
    if first.value != pair.candidate.value or not 0 < first.share < 1:
        return False
    coarse = step(pair) >= COARSE - 1e-9 and (first.unit == "percent" or first.is_fraction)
    samples = samples_of(pair)
    return coarse and not (samples and samples.figure and 100 / samples.n >= step(pair))


def step(pair: Scored) -> float:
    """Return the largest difference in points that the rounding of two equal scores can hide."""
    reference, candidate = pair.scores
    widths = [
        one.scale * 10.0**-one.decimals * (2 if one.bound == "about" else 1)
        for one in (reference, candidate)
    ]
    return sum(widths) / 2


def _finding(document: Document, pair: Scored) -> Finding:
    reference, candidate = pair.scores
    about = "about " if "about" in (reference.bound, candidate.bound) else ""
    text = (
        f"Both read {about}{candidate.text}: rounded so, a loss of up to {shown(step(pair), 1)} "
        f"points "
        "cannot be seen."
    )
    quotes = tuple(document.quote(*place) for place in places(reference, candidate))
    return Finding("rounding", text, quotes)
