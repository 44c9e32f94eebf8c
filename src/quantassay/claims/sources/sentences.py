"""Where the sentences of a document begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .document import Document

STOP = re.compile(r"(?<![.!?。])[.!?。]++[\"'”’)\]]{0,3}(?=\s)|。")
NEXT = re.compile(r"\s++(?=[^a-zà-öø-ÿ\s])")
BEFORE = re.compile(r"[\w.]{1,12}+$")
ABBREVIATIONS = frozenset({
    "e.g", "i.e", "vs", "cf", "al", "approx", "ca", "fig", "figs", "tab", "eq", "eqs", "sec",
    "incl", "excl", "resp", "dr", "mr", "ms", "st", "avg", "vol",
})  # fmt: skip


def sentences(document: Document) -> tuple[tuple[int, int], ...]:
    """Return the places of the sentences and of the items of lists, in order of place.

    A full stop within a number, a version or a name is no end, nor is one after an abbreviation
    ("vs."), nor one that a small letter follows. Tables, code, headings and comments have none.
    """
    return tuple(
        place
        for region in document.regions
        if region.kind == "prose"
        for place in _split(document.plain, region.start, region.end)
    )


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for stop in STOP.finditer(text, start, end):
        following = NEXT.match(text, stop.end(), end)
        if following is None or _abbreviated(text, at, stop):
            continue
        yield from _trimmed(text, at, stop.end())
        at = stop.end()
    yield from _trimmed(text, at, end)


def _abbreviated(text: str, start: int, stop: re.Match[str]) -> bool:
    """Say whether the stop ends an abbreviation, an initial, or the number of an item."""
    if stop.group() != ".":
        return False
    before = BEFORE.search(text, max(start, stop.start() - 12), stop.start())
    if before is None:
        return False
    word = before.group().lower()
    alone = not text[start : before.start()].strip()
    return word in ABBREVIATIONS or (alone and word.isdigit() and len(word) < 3)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    words = text[start:end]
    if words.strip():
        start += len(words) - len(words.lstrip())
        yield start, start + len(words.strip())
