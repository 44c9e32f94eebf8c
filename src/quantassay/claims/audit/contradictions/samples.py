"""Two numbers of samples for the scores on one dataset."""

from __future__ import annotations

import re

from quantassay.claims.audit.arithmetic.words import count
from quantassay.claims.audit.figures.figure import Figure
from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

_PARTS = re.compile(
    r"\b(?:class\w*|speakers?|languages?|subjects?|categor\w+|folds?|domains?|respectively|both|"
    r"respective|first|remaining|rest|smaller|larger|another|other|ablation)\b",
    re.IGNORECASE,
)


def samples(document: Document, figures: Figures) -> list[Finding]:
    """Return the one dataset of which two sentences state different numbers of scored samples."""
    first: dict[str, Figure] = {}
    for one in figures.samples:
        if not one.dataset or _PARTS.search(document.plain[slice(*one.row)]):
            continue
        other = first.setdefault(one.dataset, one)
        if other.value != one.value and other.row != one.row:
            text = (
                f"The scores on {one.dataset} are of {count(other.value)} samples in one place, "
                f"and of {count(one.value)} in another."
            )
            quotes = (document.quote(*other.row), document.quote(*one.row))
            return [Finding("samples", text, quotes)]
    return []
