"""How good the evidence is that a text gives for its figures."""

from __future__ import annotations

import re

from quantassay.claims.sources.document import Document
from quantassay.records.audit import Grade

from .figures.figure import Pair
from .figures.read import Figures

_CITED = re.compile(
    r"\b(?:as reported (?:in|by)|reported by|according to|(?:numbers|results|figures|scores|data) "
    r"(?:are |is |were )?(?:taken |copied |quoted )?from|(?:from|in) the (?:original )?(?:paper|"
    r"blog|announcement|model card|leaderboard)|published (?:by|data|in)|"
    r"published\b[^.]{0,40}\bdata|here's what \w+ published|literature|prior work|studies (?:show|"
    r"report)|et al\.|cited from|claims? that)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:we|i|our|my)\b[^.]{0,60}\b(?:measur\w*|evaluat\w*|ran|run|benchmark\w*|test\w*|results?|"
    r"compar\w*|experiments?|report)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:typical(?:ly)?|usual(?:ly)?|generally|expected|can (?:be|reach|achieve|reduce|cut)|up "
    r"to|observed pattern|rule of thumb|in (?:our|my) experience|anecdot\w+|estimated?|should|may|"
    r"might|not (?:a )?(?:benchmark\w*|measured)|roughly speaking)\b",
    re.IGNORECASE,
)


def grade(document: Document, figures: Figures) -> tuple[Grade, str]:
    """Return the grade of evidence of the figures of a text, and why.

    "measured with counts" needs two scores and the number of samples, "measured" a score of the
    text's own; figures that others are named for are "cited"; a loss without scores, or words
    alone, are "asserted".
    """
    pairs = [pair for pair in figures.pairs if pair.both and not _hidden(pair)]
    scores = [one for one in figures.all if one.role == "score" and not one.hidden]
    cited = _words(figures, _CITED) or _captioned(document)
    if cited and not _words(figures, _OWN) and (scores or figures.stated):
        return "cited", f'the figures are given as those of others ("{cited}")'
    if pairs and (counted := _counted(figures, pairs)):
        return "measured with counts", f"two scores and the number of samples ({counted}) are given"
    if pairs:
        return "measured", "two scores are given, and no number of samples"
    if figures.pairs or [one for one in scores if one.table or one.variant]:
        return "measured", "scores are given, but not of both the reference and the candidate"
    return "asserted", _asserted(figures)


def _captioned(document: Document) -> str:
    """Return the words of a table's caption that name others for its figures."""
    found = (_CITED.search(table.caption) for table in document.tables)
    return next((one[0] for one in found if one), "")


def _hidden(pair: Pair) -> bool:
    return any(one.hidden for one in (pair.reference, pair.candidate) if one)


def _counted(figures: Figures, pairs: list[Pair]) -> str:
    stated = next((pair.n for pair in pairs if pair.n is not None), None)
    if stated is not None:
        return f"n = {stated.text}"
    whole = next(iter(figures.counts), None)
    return f"{whole[0].text} of {whole[1].text}" if whole else ""


def _asserted(figures: Figures) -> str:
    promise = _words(figures, _PROMISE)
    if figures.stated:
        tail = f', in words of a promise ("{promise}")' if promise else ""
        return f'"{figures.stated[0].text}" is stated without the scores that it is from{tail}'
    return "no score and no loss is given in numbers" + (f' ("{promise}")' if promise else "")


def _words(figures: Figures, pattern: re.Pattern[str]) -> str:
    """Return the first words of shown sentences that match; empty where none do."""
    for sentence, _ in figures.spoken:
        found = None if sentence.hidden else pattern.search(sentence.text)
        if found is not None:
            return " ".join(found[0].split())[:80]
    return ""
