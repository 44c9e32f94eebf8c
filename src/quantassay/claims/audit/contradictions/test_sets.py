"""Two test sets in one comparison."""

from __future__ import annotations

import re
from math import sqrt

from quantassay.claims.audit.figures.figure import Figure
from quantassay.claims.audit.figures.grid import Spot
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.audit.figures.variants import mentions
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import prose, quoted

MOST = 5
_PART = re.compile(
    r"\b(?:only\s(?:a\s)?(?:part|subset|portion|fraction|some|the first|\d[\d,]*)|subsets?|part of "
    r"the (?:test|validation|eval\w*|data)\w*|portion of|first \d[\d,]* (?:images|samples|"
    r"questions|examples|sentences|utterances)|random(?:ly)? (?:sample|select|subset|chosen)\w*)",
    re.IGNORECASE,
)
_SCORED = re.compile(
    r"\b(?:test(?:ed|s|ing)?|evaluat\w+|eval|validation|measured|scored|benchmarked|accuracy|"
    r"used)\b",
    re.I,
)
_NOT_SCORED = re.compile(r"calibrat|train(?:ed|ing)? (?:on|with)|fine-?tun", re.IGNORECASE)
_FULL = re.compile(r"\b(?:full|whole|entire|all|complete)\b", re.IGNORECASE)
_MARK = re.compile(r"[*†‡¹²³]")


def test_sets(document: Document, figures: Figures) -> list[Finding]:
    """Return comparisons whose two sides were scored on different samples."""
    found = _counts(document, figures.grids)
    parts = [one for one in prose(figures) if _part(one)]
    for one in parts:
        found += _starred(document, figures, one) or _two_named(document, one)
    return found[:MOST]


def _part(one: Sentence) -> bool:
    text = one.text
    return bool(_PART.search(text) and _SCORED.search(text) and not _NOT_SCORED.search(text))


def _starred(document: Document, figures: Figures, note: Sentence) -> list[Finding]:
    """Return pairs of which one side is marked, where a note says that a part was scored."""
    marked = [
        pair for pair in figures.scored
        if _marked(document, pair.candidate) != _marked(document, pair.reference)
    ]  # fmt: skip
    if not marked:
        return []
    first = marked[0]
    reference, candidate = first.scores
    part = next((k for k, _ in figures.counts if note.start <= k.start < note.end), None)
    text = (
        f"{reference.text} and {candidate.text} are compared, and a note says that the marked one "
        f"is of a "
        "part of the test set: the two are of different samples, so that their difference is no "
        "paired "
        f"loss{_error(candidate, part)}."
    )
    rows = (document.quote(*one.row) for pair in marked[:3] for one in pair.scores)
    return [Finding("two-test-sets", text, (*dict.fromkeys(rows), *quoted(document, note)))]


def _error(candidate: Figure, part: Figure | None) -> str:
    p = candidate.share
    if part is None or not 0 < p < 1 or part.value < 1:
        return ""
    error = 100 * sqrt(p * (1 - p) / part.value)
    return f" (at n = {int(part.value):,} the standard error alone is {error:.2f} pp)"


def _marked(document: Document, figure: Figure) -> bool:
    text = document.source[figure.start : min(figure.end + 2, figure.start + 40)]
    return bool(re.search(r"\d\s?%?(?:\\?\*|[†‡¹²³])(?!\*)", text.rstrip("| ").replace("**", "")))


def _two_named(document: Document, one: Sentence) -> list[Finding]:
    """Return a sentence that gives one side a part of the test set, and the other another."""
    sides = {mention.side for mention in mentions(one.text)}
    models = set(re.findall(r"\b\d+(?:\.\d+)?B\b", one.text))
    if not _FULL.search(one.text) or (len(sides) < 2 and len(models) < 2):
        return []
    text = "Two sides are scored on different samples: one on a part, the other on all."
    return [Finding("two-test-sets", text, quoted(document, one))]


def _counts(document: Document, grids: tuple[tuple[Spot, ...], ...]) -> list[Finding]:
    """Return rows of a table that give reference and candidate different numbers of samples."""
    found = []
    for grid in grids:
        rows: dict[int, list[Spot]] = {}
        for spot in grid:
            if spot.figure.role == "n" and spot.figure.variant and spot.figure.variant.side:
                rows.setdefault(spot.row, []).append(spot)
        for spots in rows.values():
            sides = {spot.figure.variant.side for spot in spots if spot.figure.variant}
            values = {spot.figure.value for spot in spots}
            if len(sides) == 2 and len(values) > 1:
                listed = " and ".join(spot.figure.text for spot in spots[:4])
                text = f"The variants are scored on different numbers of samples: {listed}."
                found.append(
                    Finding("two-test-sets", text, (document.quote(*spots[0].figure.row),))
                )
    return found
