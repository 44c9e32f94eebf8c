"""A word for up or down against the two figures beside it: "went up from 78.1 to 77.9"."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.headers import lower_better
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import prose

MOST = 5
_WORDS = {
    "up": r"(?:(?:went|goes|gone|going|is|was|are|were|moved|moves|ticked|ticks|edged) )?up|rose|"
          r"rises|risen|rising|increas(?:e|es|ed|ing)|climb(?:s|ed|ing)?|grew|grows|grown",
    "down": r"(?:(?:went|goes|gone|going|is|was|are|were|moved|moves|ticked|ticks|edged) )?down|"
            r"drop(?:s|ped|ping)?|fall(?:s|ing)?|fell|fallen|decreas(?:e|es|ed|ing)|"
            r"declin(?:e|es|ed|ing)|reduc(?:es|ed|ing)|shr[aiu]nk(?:s|ing)?|sank|sinks",
    "better": r"improv(?:e|es|ed|ing|ement)|gain(?:s|ed|ing)?",
    "worse": r"degrad(?:e|es|ed|ing)|worsen(?:s|ed|ing)?|deteriorat(?:e|es|ed|ing)|"
             r"regress(?:es|ed|ing)?|lost|loses|losing",
}  # fmt: skip
_NUMBER = (
    r"(?:about |around |roughly |only |just |~)?[(*_]{{0,3}}(?P<{0}>\d{{1,9}}(?:\.\d{{1,9}})?)"
)
_UNIT = (
    r"[)*_]{{0,3}}\s?(?P<{0}>%|percent|pp|points?|ms|s|x|[KMG]i?B|fps|tok/s|W|J)?"
    r"(?![\w.,]?\d|[\w/-])"
)
_MOVED = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items())
    + r")(?![\w-])(?:\s(?!from\b|to\b)[\w%.,-]{1,14}){0,4}?(?:\sfrom|:)\s"
    + _NUMBER.format("first") + _UNIT.format("one")
    + r"(?:\s?\([^()\d]{1,24}\d{0,2}\))?\s?(?:\sto|→|-+>|=>|⟶)\s?"
    + _NUMBER.format("second") + _UNIT.format("other"),
    re.IGNORECASE,
)  # fmt: skip
_DENIED = re.compile(r"\b(?:not|never|instead|rather|if|whether|would|could|should)\b|n't\b", re.I)
_NO_SCORE = re.compile(
    r"\b(?:loss(?:es)?|drops?|gaps?|degradation|differences?|deltas?|latency|time|size|memory|"
    r"speed\w*|costs?)\b",
    re.IGNORECASE,
)
_BEFORE = 80


def directions(document: Document, figures: Figures) -> list[Finding]:
    """Return the sentences whose figures go the other way than their words say."""
    return [_finding(document, one, found) for one in prose(figures) if (found := turned(one))][
        :MOST
    ]


def turned(sentence: Sentence) -> re.Match[str] | None:
    """Return the first words of a sentence that its two figures contradict; None if none do."""
    text = sentence.text
    for match in _MOVED.finditer(text):
        before = re.split(r"[;:.]\s|,\s(?:and|but|while)\s", text[: match.start()])[-1][-_BEFORE:]
        rises = _rises(match, before)
        if rises is None or match["one"] not in (None, match["other"]):
            continue
        apart = float(match["second"]) - float(match["first"])
        if (apart < 0 if rises else apart > 0) and not _range(match, before):
            return None if _DENIED.search(before[-30:]) else match
    return None


def _range(match: re.Match[str], before: str) -> bool:
    """Return whether two small numbers may be the least and the largest of several losses."""
    if match["up"] or match["better"] or lower_better(before + match[0]):
        return False
    fraction = float(match["second"]) <= 1 and min(map(_decimals, match.group("first", "second")))
    points = (match["other"] or "%").lower() in ("%", "percent", "pp", "point", "points")
    return points and float(match["second"]) < 25 and not fraction


def _decimals(number: str) -> int:
    return max(0, len(number.partition(".")[2]) - 1)


def _rises(match: re.Match[str], before: str) -> bool | None:
    """Return whether the words mean that the number rises; None where the metric is not known."""
    if match["up"] or match["down"]:
        return bool(match["up"])
    words = before + match[0]
    lower = lower_better(words)
    if lower is None or _NO_SCORE.search(words):
        return None
    return bool(match["better"]) != lower


def _finding(document: Document, sentence: Sentence, match: re.Match[str]) -> Finding:
    word = next(match[name] for name in _WORDS if match[name])
    first, second = (match[name] + (match["other"] or "") for name in ("first", "second"))
    lower = lower_better(sentence.text[: match.end()]) and (match["better"] or match["worse"])
    less = ", of a metric of which less is better" if lower else ""
    way = "down" if float(match["second"]) < float(match["first"]) else "up"
    text = f'The words say "{word}", and the figures go {way}, from {first} to {second}{less}.'
    return Finding("direction", text, (document.quote(sentence.start, sentence.end),))
