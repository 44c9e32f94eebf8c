"""A bound on the loss that a sentence states for most or all rows of a table."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.audit.figures.numbers import span
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .losses import reading_of
from .readings import readings
from .words import places

_MOST = re.compile(r"\b(?:most|majority|nearly all|almost all)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:all|every|each|any|across the board|throughout)\b", re.IGNORECASE)


def stated_bounds(document: Document, figures: Figures) -> list[Finding]:
    """Return the bounds on the loss that too many rows of the largest table exceed."""
    pairs = _largest(figures.pairs)
    if len(pairs) < 3:
        return []
    found = []
    for sentence, said in figures.spoken:
        most, every = _MOST.search(sentence.text), _ALL.search(sentence.text)
        for one in said:
            if one.role != "loss" or one.bound != "below" or sentence.hidden or not (most or every):
                continue
            over = [pair for pair in pairs if exceeds(pair, one.value)]
            if len(over) * 2 >= len(pairs) or (over and not most):
                found.append(_finding(document, one, over, len(pairs)))
    return found[:3]


def exceeds(pair: Pair, bound: float) -> bool:
    """Return whether a loss is larger than a bound in points, and larger in per cent too."""
    if pair.both is None:
        return False
    if (
        pair.stated
        and pair.stated.role != "recovery"
        and reading_of(pair) in ("absolute", "either")
    ):
        low, _ = span(abs(pair.stated.value), pair.stated.decimals)
        if low > bound:
            return True
    found = [one for one in readings(*pair.both) if one.name == "relative" and one.unit]
    found += [one for one in readings(*pair.both) if one.name == "absolute"][-1:]
    return bool(found) and all(one.low > bound for one in found)


def _largest(pairs: tuple[Pair, ...]) -> list[Pair]:
    tables: dict[int, list[Pair]] = {}
    for pair in pairs:
        if pair.both and pair.both[0].table:
            tables.setdefault(pair.both[0].table, []).append(pair)
    return max(tables.values(), key=len, default=[])


def _finding(document: Document, stated: Figure, over: list[Pair], rows: int) -> Finding:
    text = (
        f"The bound of {stated.text} does not follow from the table: {len(over)} of {rows} losses "
        f"are "
        "larger."
    )
    figures = [stated, *(one for pair in over[:3] for one in pair.both or ())]
    return Finding(
        "stated-bound", text, tuple(document.quote(*place) for place in places(*figures))
    )
