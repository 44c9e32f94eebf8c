"""Losses whose sign has two meanings."""

from __future__ import annotations

from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .words import places


def signs(document: Document, figures: Figures) -> list[Finding]:
    """Return the negative "drops" of each table that gives no second score to read them by."""
    tables: dict[int, list[Pair]] = {}
    for pair in figures.pairs:
        stated = pair.stated
        if (
            stated
            and stated.table
            and stated.role == "loss"
            and stated.sign == "-"
            and not pair.both
        ):
            tables.setdefault(stated.table, []).append(pair)
    return [_finding(document, pairs) for pairs in tables.values()]


def _finding(document: Document, pairs: list[Pair]) -> Finding:
    worst = next((pair for pair in pairs if _score(pair).lower_better), pairs[0])
    stated, score = worst.stated, _score(worst)
    shown = stated.text if stated else ""
    less = " of a metric of which less is better" if score.lower_better else ""
    text = (
        f"The drop beside {score.text} is {shown}{less}: "
        "whether a negative drop is a gain or a loss cannot be determined, as the second score is "
        "not given."
    )
    figures = [one for pair in pairs[:4] for one in (_score(pair), pair.stated)]
    return Finding("sign", text, tuple(document.quote(*place) for place in places(*figures)))


def _score(pair: Pair) -> Figure:
    return pair.known
