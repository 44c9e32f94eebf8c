"""A sentence against a table: other scores for the same thing, or no loss where there is one."""

from __future__ import annotations

import re
from itertools import islice

from quantassay.claims.audit.figures.figure import Figure, Scored
from quantassay.claims.audit.figures.names import named
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.audit.figures.variants import mentions
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

Key = tuple[str, str, int | None, bool]
_CLOSE = 15.0
_ELSEWHERE = re.compile(
    r"\b(?:paper|reported|prior|previous\w*|other|literature|authors?|official|originally|earlier|"
    r"before|initial\w*|epoch|training|if|would|could|threshold|target)\b",
    re.IGNORECASE,
)
_SOFT = (
    r"significant\w*|noticeable|noticeably|meaningful\w*|major|substantial\w*|considerabl\w+|"
    r"visible|perceptible|notable|notably|much|large|severe\w*|serious\w*|big|real|practical\w*|"
    r"obvious|material|near|nearly|almost|virtually|practically|little|minimal|statistical\w*|"
    r"excessive|further|additional"
)
_NO_LOSS = re.compile(
    r"\b(?:no|without|without any|zero|0)\s(?:(?:measurable|any|drop in|loss of|loss in|"
    r"degradation of|degradation in|accuracy|quality|performance|model|overall|change in)\s){0,3}"
    r"(?:loss|losses|drop|degradation|decrease|decline)\b|\bwithout (?:sacrificing|compromising|"
    r"losing) (?:\w+ ){0,3}(?:accuracy|quality|performance|capabilit\w+)|(?<!near-)(?<!near "
    r")(?<!nearly )(?<!almost )(?<!quasi-)(?<!virtually )\blossless(?:ly)?\b|\b(?:identical|same|"
    r"unchanged) (?:top-1 )?accuracy\b|\baccuracy (?:is|remains|stays) (?:unchanged|the same|"
    r"identical)\b|\b(?:fully|completely|perfectly) (?:preserv|retain|maintain|recover)\w+",
    re.IGNORECASE,
)
_QUALITY = re.compile(
    r"accurac|quality|performance|score|lossless|capabilit|f1|wer|perplexity|map\b|degradation",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"\b(?:loss function|loss of generality|no loss of data|compress\w+ (?:format|file))\b|\?\s*$|"
    r"\b(?:want|hope|goal|aim|try|can|could|should|may|might|if|designed|intended|expected)\b",
    re.IGNORECASE,
)
_NEXT_TO_NONE = re.compile(
    r"\b(?:almost|nearly|near|virtually|practically)[- ](?:lossless\w*|identical|unchanged|"
    r"the same|no (?:loss|drop|degradation)|(?:fully )?(?:retain|preserv|maintain|recover)\w*)|"
    r"\b(?:negligible|minimal|insignificant|marginal|tiny|little|no noticeable|no significant)"
    r"\s(?:\w{1,16}\s){0,2}(?:loss|drop|degradation|decrease|impact)\b|"
    r"\b(?:loss|drop|degradation|decrease) is (?:negligible|minimal|insignificant|marginal)\b",
    re.IGNORECASE,
)
_LARGE, _LARGE_ERROR = 0.05, 0.2
_SOFTENED = re.compile(_SOFT, re.IGNORECASE)


def sentence_values(document: Document, figures: Figures) -> list[Finding]:
    """Return scores of sentences that a table gives otherwise for the same variant and data."""
    cells = _by_name(figures)
    found = []
    for sentence, said in figures.spoken:
        if sentence.hidden or _ELSEWHERE.search(sentence.text):
            continue
        for one in said:
            other = _other(one, cells)
            if other is not None:
                found.append(_value(document, one, other))
    return found[:3]


def _by_name(figures: Figures) -> dict[Key, list[Figure]]:
    """Return the scores of tables by what those of the same have in common."""
    found: dict[Key, list[Figure]] = {}
    for one in (spot.figure for grid in figures.grids for spot in grid):
        if one.role == "score":
            found.setdefault(_key(one), []).append(one)
    return found


def _key(one: Figure) -> Key:
    """Return what two scores of the same have in common: data or metric, side, and bits."""
    side, bits = (one.variant.side, one.variant.bits) if one.variant else ("", None)
    return one.dataset or one.metric, side, bits, one.average


def _other(one: Figure, cells: dict[Key, list[Figure]]) -> Figure | None:
    """Return the cell that stands for the same as a sentence's score, and says otherwise."""
    if one.role != "score" or one.variant is None or one.bound or one.decimals == 0:
        return None
    named_so = cells.get(_key(one), ())
    alike = list(islice((cell for cell in named_so if _alike(one, cell)), 2))
    if len(alike) != 1 or abs(alike[0].share - one.share) * 100 > _CLOSE:
        return None
    near = (cell for group in cells.values() for cell in group if _near(one, cell))
    return None if any(_same(one, cell) for cell in near) else alike[0]


def _near(one: Figure, cell: Figure) -> bool:
    """Return whether two scores may be the same on some scale: a cheap look before ``_same``."""
    apart = abs(one.value - cell.value)
    return (
        apart < 2 or abs(100 * one.value - cell.value) < 2 or abs(one.value - 100 * cell.value) < 2
    )


def _alike(one: Figure, cell: Figure) -> bool:
    """Return whether two scores of one key are on one metric."""
    if one.dataset:
        return one.metric in ("", cell.metric)
    return not cell.dataset and one.metric not in ("", "score", "performance", "quality")


def _same(one: Figure, cell: Figure) -> bool:
    low, high = (x * one.scale for x in one.span)
    least, most = (x * cell.scale for x in cell.span)
    return low <= most and least <= high


def _value(document: Document, one: Figure, other: Figure) -> Finding:
    name = one.dataset or one.metric
    side = one.variant.side if one.variant else "variant"
    text = f"A sentence gives the {side} {one.text} on {name}; the table gives {other.text}."
    quotes = (document.quote(*one.row), document.quote(*other.row))
    return Finding("table-against-sentence", text, quotes)


def no_loss(document: Document, figures: Figures) -> list[Finding]:
    """Return the sentences that deny a loss which the scores of the text show beyond rounding."""
    for sentence, _ in figures.spoken:
        if sentence.hidden:
            continue
        if denies(sentence) and (worst := _shown_loss(sentence, figures.scored)):
            return [_denied(document, sentence, worst, "that there is no loss")]
        if belittles(sentence) and (large := _large_loss(sentence, figures.scored)):
            return [_denied(document, sentence, large, "that next to nothing is lost")]
    return []


def belittles(sentence: Sentence) -> bool:
    """Return whether a sentence says that the loss is next to none, of quality and not of cost."""
    text = sentence.text
    return bool(
        _NEXT_TO_NONE.search(text) and _QUALITY.search(text) and not _LICENCE.search(text)
    )  # fmt: skip


def _large_loss(sentence: Sentence, pairs: tuple[Scored, ...]) -> Scored | None:
    """Return the average's or the median pair's loss, where it is a large part of the score."""
    scored = _told_of(sentence, pairs)
    asked = [pair for pair in scored if pair.candidate.average] or scored
    if not asked:
        return None
    middle = sorted(asked, key=least_loss)[(len(asked) - 1) // 2]
    limit = _LARGE_ERROR if middle.candidate.lower_better else _LARGE
    return middle if least_loss(middle) > limit else None


def denies(sentence: Sentence) -> bool:
    """Return whether a sentence says that there is no loss, without softening it."""
    text = sentence.text
    match = _NO_LOSS.search(text)
    if match is None or _LICENCE.search(text) or not _QUALITY.search(text):
        return False
    around = text[max(0, match.start() - 14) : match.end() + 2]
    if match[0].lower().endswith("accuracy") and _as_another(text[match.end() : match.end() + 30]):
        return False
    return _SOFTENED.search(around) is None


def _as_another(behind: str) -> bool:
    """Return whether the words behind "the same accuracy" name another quantized model."""
    named_bits = {one.side for one in mentions(behind) if one.bits is not None}
    return named_bits == {"candidate"}


def _shown_loss(sentence: Sentence, pairs: tuple[Scored, ...]) -> Scored | None:
    """Return the average's loss, or the largest of most pairs' losses; None where there is none."""
    scored = _told_of(sentence, pairs)
    averages = [pair for pair in scored if pair.candidate.average]
    asked = averages or scored
    lossy = [pair for pair in asked if least_loss(pair) > 0]
    if not lossy or 2 * len(lossy) <= len(asked):
        return None
    return max(lossy, key=least_loss)


def _told_of(sentence: Sentence, pairs: tuple[Scored, ...]) -> list[Scored]:
    """Return the pairs of scores that a sentence can be about."""
    return [pair for pair in pairs if _of_quality(pair) and _meant(sentence, pair)]


def _of_quality(pair: Scored) -> bool:
    """Return whether two scores are no sizes or times: named, percentages, or not whole."""
    one = pair.candidate
    return bool(one.metric or one.dataset or one.unit == "percent" or one.decimals)


def _meant(sentence: Sentence, pair: Scored) -> bool:
    """Return whether a sentence names no other bits and no other data than those of a pair."""
    bits = {one.bits for one in mentions(sentence.text) if one.side == "candidate"} - {None}
    dataset, variant = named(sentence.text).dataset, pair.candidate.variant
    return (not bits or (variant is not None and variant.bits in bits)) and (
        not dataset or dataset == pair.candidate.dataset
    )


def least_loss(pair: Scored) -> float:
    """Return the smallest relative loss that the printed scores allow; a gain is negative."""
    reference, candidate = pair.scores
    (r_low, r_high), (c_low, c_high) = reference.span, candidate.span
    scale = max(abs(reference.value), 1e-12)
    if reference.lower_better or candidate.lower_better:
        return (c_low - r_high) / scale
    return (r_low - c_high) / scale


def _denied(document: Document, sentence: Sentence, pair: Scored, says: str) -> Finding:
    reference, candidate = pair.scores
    name = " ".join(pair.name.split())[:60]
    text = (
        f"A sentence says {says}; the scores go from {reference.text} to {candidate.text}"
        f"{f' ({name})' if name else ''}."
    )
    rows = dict.fromkeys((reference.row, candidate.row))
    quotes = (document.quote(sentence.start, sentence.end), *(document.quote(*row) for row in rows))
    return Finding("no-loss", text, quotes)
