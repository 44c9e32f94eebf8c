"""The passages of a document that a rule reads: sentences, hidden comments and code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quantassay.claims.audit.figures.read import Figures
from quantassay.claims.audit.figures.sentences import Sentence
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Quote

_MOST_CODE = 200_000


def prose(figures: Figures) -> Iterator[Sentence]:
    """Yield every sentence, hidden ones too."""
    yield from (sentence for sentence, _ in figures.spoken)


def code(document: Document) -> Iterator[Sentence]:
    """Yield the lines of code, at their places."""
    left = _MOST_CODE
    for region in document.regions:
        if region.kind != "code" or left <= 0:
            continue
        text = document.plain[region.start : min(region.end, region.start + left)]
        left -= len(text)
        for line in re.finditer(r"[^\n]+", text):
            start = region.start + line.start()
            yield Sentence(line[0][:500], start, start + len(line[0]))


def quoted(document: Document, *passages: Sentence) -> tuple[Quote, ...]:
    """Return the words of passages, each once."""
    return tuple(dict.fromkeys(document.quote(one.start, one.end) for one in passages))
