"""The sentences of a text, each at its place; hidden comments are sentences of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from quantassay.claims.sources.document import Document
from quantassay.claims.sources.sentences import sentences as places

MOST_SENTENCES = 5000
_LONGEST = 1500
_ADDRESS = re.compile(r"https?://[^\s)>\]]{1,500}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without markup or addresses; ``hidden`` where the page does not show it."""

    text: str
    start: int
    end: int
    hidden: bool = False


def sentences(document: Document) -> tuple[Sentence, ...]:
    """Return the sentences of prose, then headings and hidden comments, at most ``MOST_SENTENCES``.

    Of one that is longer than 1,500 characters only these are read.
    """
    shown = [(*place, False) for place in islice(places(document), MOST_SENTENCES)]
    for region in document.regions:
        if region.kind in ("heading", "comment"):
            shown.append((region.start, region.end, region.kind == "comment"))
    found = []
    for start, end, hidden in shown[:MOST_SENTENCES]:
        words = (document.hidden if hidden else document.plain)[start : min(end, start + _LONGEST)]
        start += len(words) - len(words.lstrip())
        words = _ADDRESS.sub(lambda found: " " * len(found[0]), words).strip()
        if words:
            found.append(Sentence(words, start, start + len(words), hidden))
    return tuple(found)
