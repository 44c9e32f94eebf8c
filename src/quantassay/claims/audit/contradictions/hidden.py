"""A comment that the page does not show, against what it shows."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from quantassay.claims.audit.arithmetic.losses import reading_of
from quantassay.claims.audit.arithmetic.words import shown
from quantassay.claims.audit.figures.figure import Figure, Pair
from quantassay.claims.audit.figures.names import named
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.audit.figures.variants import mentions
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import prose

MOST_COMMENTS = 100
_NEAR = 600
_UNSURE = re.compile(
    r"\b(?:placeholders?|dummy|made[- ]up|fake|invented|estimated?|guess\w*|not (?:yet "
    r")?(?:measured|run|verified|evaluated|tested)|copied from|copy[- ]pasted?|outdated|stale|old "
    r"(?:numbers|results|scores)|wrong (?:numbers|results|scores)|todo\b[^\n]{0,60}(?:number|"
    r"result|score|accuracy|eval|measure|rerun|re-run|update|verify|check)|do not publish|cherry[- "
    r"]pick\w*)\b",
    re.IGNORECASE,
)


def hidden(document: Document, figures: Figures) -> list[Finding]:
    """Return the hidden comments whose numbers or words the shown text does not bear out."""
    found = []
    comments = (spoken for spoken in figures.spoken if spoken[0].hidden)
    for sentence, said in islice(comments, MOST_COMMENTS):
        if _UNSURE.search(sentence.text[:400]):
            found.append(_unsure(document, sentence, figures))
        for one in said[:10]:
            found += _other_base(document, one, sentence, figures) or _other_score(
                document, one, sentence, figures
            )
    return found[:5]


def _unsure(document: Document, sentence: Sentence, figures: Figures) -> Finding:
    text = "A comment that the page does not show says of its figures what the text does not."
    shown_near = [one for one in prose(figures) if not one.hidden and one.start < sentence.start]
    quotes = [document.quote(sentence.start, sentence.end)]
    if shown_near:
        quotes.append(document.quote(shown_near[-1].start, shown_near[-1].end))
    return Finding("hidden-comment", text, tuple(quotes))


def _side(one: Figure, sentence: Sentence) -> str:
    """Return the side that a hidden number is of: that of the variant last named before it."""
    before = [v for v in mentions(sentence.text) if v.start < one.start - sentence.start]
    return before[-1].side if before else ""


def _other_base(
    document: Document, one: Figure, sentence: Sentence, figures: Figures
) -> list[Finding]:
    """Return where a hidden score of the reference does not give the loss or recovery shown."""
    if _side(one, sentence) != "reference" or one.decimals == 0:
        return []
    for pair in figures.pairs:
        mine = pair.candidate
        if (
            mine is None
            or pair.stated is None
            or mine.hidden
            or abs(mine.start - one.start) > _NEAR
        ):
            continue
        base = replace(one, role="score", unit=mine.unit, lower_better=mine.lower_better)
        tried = Pair(base, mine, pair.stated).scored
        if pair.reference is None and tried and reading_of(tried) is None:
            return [_does_not_follow(document, base, mine, pair.stated)]
    return []


def _does_not_follow(
    document: Document, base: Figure, candidate: Figure, stated: Figure
) -> Finding:
    share = 100 * candidate.value / base.value if base.value else 0.0
    implied = ""
    if stated.role == "recovery" and stated.value:
        needed = shown(100 * candidate.value / stated.value)
        implied = f" ({stated.text} would need a reference of {needed})"
    text = (
        f"A comment that the page does not show gives the reference {base.text}: {candidate.text} "
        f"/ {base.text} is {shown(share)} %, and the text says {stated.text}{implied}."
    )
    quotes = (document.quote(*candidate.row), document.quote(*base.row))
    return Finding("hidden-comment", text, quotes)


def _other_score(
    document: Document, one: Figure, sentence: Sentence, figures: Figures
) -> list[Finding]:
    """Return where a hidden score of a variant is another than the one shown on the same data."""
    side, names = _side(one, sentence), named(sentence.text)
    if not side or one.decimals == 0 or not (names.dataset or names.metric):
        return []
    shown_here = [
        figure for figure in figures.all
        if figure.role == "score" and not figure.hidden
        and figure.variant and figure.variant.side == side
        and (figure.dataset == names.dataset if names.dataset else figure.metric == names.metric)
        and figure.is_fraction == replace(one, unit=figure.unit).is_fraction
    ]  # fmt: skip
    if not shown_here or any(_same(one, figure) for figure in shown_here) or len(shown_here) > 2:
        return []
    text = (
        f"A comment that the page does not show gives {one.text} for the {side}; the text gives "
        f"{shown_here[0].text}."
    )
    quotes = (document.quote(*shown_here[0].row), document.quote(sentence.start, sentence.end))
    return [Finding("hidden-comment", text, quotes)]


def _same(one: Figure, other: Figure) -> bool:
    low, high = one.span
    least, most = other.span
    return low <= most and least <= high
