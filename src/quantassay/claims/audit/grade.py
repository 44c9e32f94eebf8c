"""How good the evidence is that a text gives for its figures."""

from __future__ import annotations

import re

from quantassay.claims.sources.document import Document
from quantassay.records.audit import Grade

from .arithmetic.counts import given
from .figures.figure import Figure, Scored
from .figures.read import Figures

_MOST_COUNTS = 200
_LISTED = re.compile(
    r"\b(?:accuracy|top-?[15]|acc@1|f1|wer|cer|map|auc|ppl|perplexity|bleu)[)\]*`]{0,3}\s?[:=]\s?"
    r"\d{1,3}\.\d{1,8}(?![\w.])",
    re.IGNORECASE,
)
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
    pairs = [pair for pair in figures.scored if not _hidden(pair)]
    scores = [one for one in figures.all if one.role == "score" and not one.hidden]
    cited = _words(figures, _CITED) or _captioned(document)
    if cited and not _words(figures, _OWN) and (scores or figures.stated):
        return "cited", f'the figures are given as those of others ("{cited}")'
    if pairs and (counted := _counted(figures, pairs)):
        return "measured with counts", f"two scores and the number of samples ({counted}) are given"
    if pairs:
        return "measured", "two scores are given, and no number of samples that is theirs"
    if figures.pairs or [one for one in scores if one.table or one.variant]:
        return "measured", _one_side(scores)
    if listed := _LISTED.search(document.plain):
        return "measured", f'"{" ".join(listed[0].split())}" is listed, and not compared'
    return "asserted", _asserted(figures)


def _captioned(document: Document) -> str:
    """Return the words of a table's caption that name others for its figures."""
    found = (_CITED.search(table.caption) for table in document.tables)
    return next((one[0] for one in found if one), "")


def _one_side(scores: list[Figure]) -> str:
    sides = {one.variant.side for one in scores if one.variant}
    if len(sides) == 1:
        return f"scores are given of the {next(iter(sides))} alone"
    return "scores are given, but no two that are of a reference and a candidate"


def _hidden(pair: Scored) -> bool:
    return any(one.hidden for one in pair.scores)


def _counted(figures: Figures, pairs: list[Scored]) -> str:
    stated = next((pair.n for pair in pairs if pair.n is not None), None)
    if stated is not None:
        return f"n = {stated.text}"
    scores = [one for pair in pairs for one in pair.scores]
    for k, n in figures.counts[:_MOST_COUNTS]:
        if 0 < k.value < n.value and any(
            given(int(k.value), int(n.value), one) for one in scores[:_MOST_COUNTS]
        ):
            return f"{k.text} of {n.text}"
    return ""


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
