"""The reference's score that a stated recovery implies, where the text does not give it."""

from __future__ import annotations

from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .words import places, shown


def implied(document: Document, pairs: tuple[Pair, ...]) -> list[Finding]:
    """Return, for each score with a recovery but no reference, the reference's score it implies."""
    return [
        _finding(document, pair.candidate, pair.stated)
        for pair in pairs
        if pair.reference is None and pair.candidate and pair.stated and _recovers(pair.stated)
    ][:5]


def _recovers(stated: Figure) -> bool:
    return stated.role == "recovery" and stated.bound == "" and 20 <= stated.value <= 200


def _finding(document: Document, candidate: Figure, stated: Figure) -> Finding:
    (low, high), (least, most) = candidate.span, stated.span
    text = (
        f"{stated.text} of {candidate.text} implies that the reference scores "
        f"{shown(100 * candidate.value / stated.value)} ({shown(100 * low / most)} to "
        f"{shown(100 * high / least)}); its score is not disclosed beside it."
    )
    return Finding(
        "recovery-implies",
        text,
        tuple(document.quote(*place) for place in places(candidate, stated)),
    )
