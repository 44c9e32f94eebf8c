"""Findings that rest on words which the page does not show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding, Quote

_SAID = "the page does not show"


def unshown(document: Document, found: Iterable[Finding]) -> list[Finding]:
    """Return the findings; those that rest on a hidden comment say so."""
    return [_told(one) if _rests(document, one) else one for one in found]


def _rests(document: Document, one: Finding) -> bool:
    return _SAID not in one.finding and any(_is_hidden(document, quote) for quote in one.quotes)


def _is_hidden(document: Document, quote: Quote) -> bool:
    """Return whether a quote is of a comment, and has no word that the page shows."""
    offset = next((part.start for part in document.parts if part.file == quote.file), 0)
    place = slice(offset + quote.start, offset + quote.end)
    return bool(document.hidden[place].strip()) and not document.plain[place].strip()


def _told(one: Finding) -> Finding:
    return replace(one, finding=f"{one.finding} Some of the words are in a comment that {_SAID}.")
