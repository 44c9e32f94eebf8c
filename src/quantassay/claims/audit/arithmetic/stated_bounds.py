"""A bound on the loss that a sentence states for most or all rows of a table."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.figure import Figure, Scored
from quantassay.claims.audit.figures.numbers import span
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .losses import reading_of
from .readings import readings
from .told import WISHED
from .words import places

_MOST = re.compile(r"\b(?:most|majority|nearly all|almost all)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:all|every|each|any|across the board|throughout)\b", re.IGNORECASE)


def stated_bounds(document: Document, figures: Figures) -> list[Finding]:
    """Return the bounds on the loss that too many rows of the largest table exceed."""
    pairs = _largest(figures.scored)
    if len(pairs) < 3:
        return []
    found = []
    for sentence, said in figures.spoken:
        for one in said:
            if not _bounds_losses(one, sentence):
                continue
            over = [pair for pair in pairs if exceeds(pair, one.value)]
            if over and len(over) >= _allowed(sentence.text, len(pairs)):
                found.append(_finding(document, one, over, len(pairs)))
    return found[:3]


def _bounds_losses(one: Figure, sentence: Sentence) -> bool:
    """Return whether a figure bounds a loss: no wish, and no distance from another loss."""
    return (
        one.role == "loss" and one.bound == "below" and one.sign != "±" and not sentence.hidden
        and not WISHED.search(sentence.text)
    )  # fmt: skip


def _allowed(text: str, rows: int) -> float:
    """Return how many rows may not exceed a bound: one of all, half of most, all if unsaid."""
    if _MOST.search(text):
        return rows / 2
    return 1 if _ALL.search(text) else rows


def exceeds(pair: Scored, bound: float) -> bool:
    """Return whether a loss is larger than a bound in points, and larger in per cent too."""
    stated = pair.stated
    if stated and stated.role != "recovery" and reading_of(pair) in ("absolute", "either"):
        low, _ = span(abs(stated.value), stated.decimals)
        if low > bound:
            return True
    ways = list(readings(*pair.scores))
    found = [one for one in ways if one.name == "relative" and one.unit]
    found += [one for one in ways if one.name == "absolute"][-1:]
    return bool(found) and all(one.low > bound for one in found)


def _largest(pairs: tuple[Scored, ...]) -> list[Scored]:
    tables: dict[int, list[Scored]] = {}
    for pair in pairs:
        if pair.reference.table:
            tables.setdefault(pair.reference.table, []).append(pair)
    return max(tables.values(), key=len, default=[])


def _finding(document: Document, stated: Figure, over: list[Scored], rows: int) -> Finding:
    text = (
        f"The bound of {stated.text} does not follow from the table: {len(over)} of {rows} losses "
        f"are "
        "larger."
    )
    figures = [stated, *(one for pair in over[:3] for one in pair.scores)]
    return Finding(
        "stated-bound", text, tuple(document.quote(*place) for place in places(*figures))
    )
