"""The precision of the reference, named differently in a table and in a sentence."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.phrases import EFFICIENCY
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

from .passages import prose

_PRECISION = r"(?P<p>bf(?:loat)?[-_ ]?16|f(?:p|loat)[-_ ]?(?:16|32))"
_COMPARED = re.compile(
    r"\b(?:compared (?:to|with)|relative to|versus|vs\.?|against|of|than)\s(?:\w{1,12}\s){0,2}?"
    rf"{_PRECISION}(?![a-z0-9])|\b{_PRECISION.replace('?P<p>', '?P<q>')}[- ](?:baseline|reference|"
    rf"original|counterpart)"
)
_ANY = re.compile(rf"(?<![a-z0-9]){_PRECISION}(?![a-z0-9])")


def references(document: Document, figures: Figures) -> list[Finding]:
    """Return the sentence that compares with another precision than all tables do."""
    bases = [pair.reference for pair in figures.pairs if pair.reference and pair.reference.table]
    labels = {_plain(one.variant.words) for one in bases if one.variant and one.variant.words} - {
        ""
    }
    shown = _shown(figures)
    if len(labels) != 1 or shown != labels:
        return []
    (label,) = labels
    for one in prose(figures):
        low = one.text.lower()
        match = _COMPARED.search(low)
        said = _plain((match["p"] or match["q"]) if match else "")
        if (
            said
            and said != label
            and not EFFICIENCY.search(low)
            and not one.hidden
            and label not in _all(low)
        ):
            where = next(
                base for base in bases if base.variant and _plain(base.variant.words) == label
            )
            text = f"The table has {label.upper()} as reference, a sentence {said.upper()}."
            quotes = (document.quote(*where.row), document.quote(one.start, one.end))
            return [Finding("reference-precision", text, quotes)]
    return []


def _shown(figures: Figures) -> set[str]:
    """Return every plain precision that some label of a table names."""
    words = {
        label
        for grid in figures.grids
        for spot in grid
        for label in (spot.row_label, spot.column_label)
    }
    return {one for label in words for one in _all(label.lower())}


def _all(low: str) -> set[str]:
    return {_plain(match["p"]) for match in _ANY.finditer(low)}


def _plain(words: str) -> str:
    """Return the common name of a precision: "float 16" is fp16."""
    low = re.sub(r"[-_ ]", "", words.lower())
    match = re.fullmatch(r"(bf|f)(?:p|loat)?(16|32)", low)
    return "" if match is None else ("bf16" if match[1] == "bf" else f"fp{match[2]}")
