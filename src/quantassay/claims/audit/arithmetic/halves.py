"""A gain in speed or size without the accuracy that it costs."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding

_GAIN = re.compile(
    r"\d\s?(?:%|x|×|times|percent)[^.\n]{0,30}\b(?:faster|speed-?ups?|smaller|less memory|lower|"
    r"throughput|latency|memory|compression)|\b(?:latency|memory|size|footprint|throughput|"
    r"speed\w*)[^.\n]{0,24}\d\s?(?:%|x|×|times)",
    re.IGNORECASE,
)


def halves(document: Document, figures: Figures) -> list[Finding]:
    """Return the first stated gain of a text that states no score at all."""
    if any(one.role in ("score", "loss", "recovery") for one in figures.all) or figures.pairs:
        return []
    found = next((sentence for sentence, _ in figures.spoken if _gains(sentence)), None)
    if found is None:
        return []
    text = "A gain is stated, and no score of the quantized model: half of the trade-off."
    return [Finding("half", text, (document.quote(found.start, found.end),))]


def _gains(sentence: Sentence) -> bool:
    return not sentence.hidden and _GAIN.search(sentence.text[:600]) is not None
