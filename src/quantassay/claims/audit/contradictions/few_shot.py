"""Examples shown to the model that are themselves scored."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import prose, quoted

_SHOTS = re.compile(
    r"\b(?:few|one|two|three|four|five|\d{1,2})[- ]?shots?\b|in-context examples|exemplars|"
    r"demonstrations",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"[\"'“]?test[\"'”]?\s(?:set|split|category|categories|data|questions|examples|samples|file)",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:using|used|uses|taken|took|drawn|drew|from|selected|picked|sampled|first (?:\w+ "
    r")?(?:questions|examples|samples))\b",
    re.IGNORECASE,
)
_EVALUATED = re.compile(r"\b(?:evaluated|tested|scored|measured|accuracy|reported|"
                        r"results?)\s(?:\w+\s){0,3}?on\b",
                        re.IGNORECASE)  # fmt: skip
_DENIED = re.compile(
    r"\b(?:not|never|disjoint|excluded?|excluding|without|avoid\w*)\b", re.IGNORECASE
)
_INSTEAD = re.compile(r"instead of|rather than|mistake|should have", re.IGNORECASE)


def few_shot(document: Document, figures: Figures) -> list[Finding]:
    """Return the sentences that take the examples of a prompt from the test set."""
    text = (
        "The examples shown in the prompt are taken from the test set: they are scored too, or the "
        "scores leave them out unsaid."
    )
    return [
        Finding("few-shot-from-test", text, quoted(document, one))
        for one in prose(figures)
        if shown_from_test(one.text)
    ][:3]


def shown_from_test(text: str) -> bool:
    """Return whether a sentence takes the examples of a prompt from the test set."""
    test = _TEST.search(text)
    shots = _SHOTS.search(text) if test else None
    if shots is None or test is None or _DENIED.search(text):
        return False
    if _INSTEAD.search(text):
        return _TAKEN.search(text) is not None
    between = text[min(shots.end(), test.end()) : max(shots.start(), test.start())]
    return bool(_TAKEN.search(between) and not _EVALUATED.search(text) and len(between) < 80)
