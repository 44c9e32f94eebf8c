"""Whether an F1 can go with its precision and recall."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quantassay.claims.audit.figures.numbers import numbers, span
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .words import shown

_NAMED = re.compile(
    r"(?<![a-z-])(?P<name>precision|recall|f1)(?:[- ]score)?\)?(?:\s(?:of|is|was|=)|\s?[:=(])?"
    r"\s{0,2}(?P<value>\d{1,3}(?:\.\d{1,8})?)(?!\w|\.\d)",
    re.IGNORECASE,
)
_Value = tuple[float, float]


def f_scores(document: Document, figures: Figures) -> list[Finding]:
    """Return each F1 of a sentence that its precision and recall leave no room for."""
    return [
        _finding(document, sentence, values)
        for sentence, _ in figures.spoken
        if not sentence.hidden
        for values in _groups(sentence)
        if not _possible(values)
    ][:3]


def _groups(sentence: Sentence) -> Iterator[dict[str, str]]:
    """Yield precision, recall and F1 as they stand together, up to where a name comes again."""
    values: dict[str, str] = {}
    for match in _NAMED.finditer(sentence.text):
        name = match["name"].lower()
        if name in values:
            yield values
            values = {}
        values[name] = match["value"]
    yield values


def _possible(values: dict[str, str]) -> bool:
    """Return whether F1 = 2PR / (P + R) holds for some values that are printed so."""
    parts = [values[name] for name in ("precision", "recall") if name in values]
    if "f1" not in values or not parts:
        return True
    spans = [_share(text) for text in (*parts, values["f1"])]
    if any(one is None for one in spans):
        return True
    *given, f1 = [one for one in spans if one is not None]
    given += [(0.0, 1.0)] * (2 - len(given))
    low, high = (_f1(given[0][end], given[1][end]) for end in (0, 1))
    return low <= f1[1] + 1e-9 and f1[0] - 1e-9 <= high


def _f1(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r > 0 else 0.0


def _share(text: str) -> _Value | None:
    """Return the least and largest share that a printed value can be; None for whole numbers."""
    found = next(numbers(text), None)
    if found is None or found.decimals == 0:
        return None
    scale = 100.0 if found.value > 1 else 1.0
    low, high = span(found.value, found.decimals)
    return max(0.0, low / scale), min(1.0, high / scale)


def _finding(document: Document, sentence: Sentence, values: dict[str, str]) -> Finding:
    given = " and ".join(
        f"{name} {values[name]}" for name in ("precision", "recall") if name in values
    )
    text = f"F1 {values['f1']} does not follow from {given}."
    if "recall" not in values:
        p = float(values["precision"])
        p = p / 100 if p > 1 else p
        most = shown(2 * p / (1 + p), 4)
        text = f"F1 {values['f1']} does not follow from {given}: it is at most {most}."
    return Finding("f-score", text, (document.quote(sentence.start, sentence.end),))
