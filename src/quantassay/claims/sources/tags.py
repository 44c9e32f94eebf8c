"""The tags of HTML, found and marked."""

from __future__ import annotations

import re
from typing import NamedTuple

from .draft import CODE, GAP, MARKUP, TARGET, Draft

TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]{0,30}+)(?P<rest>(?:[\s/][^<>]*+)?)>"
    r"|<[!?][^<>]*+>"
)
HREF = re.compile(r"\shref\s{0,9}=\s{0,9}[\"']?(?P<target>[^\"'\s>]++)", re.IGNORECASE)
INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "center", "cite", "code", "data", "dfn",
    "em", "font", "i", "kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span",
    "strong", "tt", "u", "var", "wbr",
})  # fmt: skip
UNSHOWN = ("script", "style", "svg", "template", "noscript", "math")
STRUCK = ("del", "s", "strike")


class Tag(NamedTuple):
    """A tag at its place; ``rest`` is what follows the name: its attributes."""

    name: str
    close: bool
    start: int
    end: int
    rest: str


def find_tags(draft: Draft, start: int, end: int) -> list[Tag]:
    """Return the tags between two places that stand neither in code nor in what is not shown."""
    found, shown_from = [], start
    unclosed: set[str] = set()
    for match in TAG.finditer(draft.work, start, end):
        place = match.start()
        if place < shown_from or draft.marks[place] == CODE:
            continue
        name = (match["name"] or "!").lower()
        tag = Tag(name, bool(match["close"]), place, match.end(), match["rest"] or "")
        if name in UNSHOWN and not tag.close and name not in unclosed:
            shown_from = _unshown(draft, tag, end)
            if shown_from < 0:
                unclosed.add(name)
        found.append(tag)
    return found


def _unshown(draft: Draft, tag: Tag, end: int) -> int:
    """Blank what a tag keeps from being shown; return where it ends, -1 where it does not."""
    closing = re.compile(rf"</{tag.name}(?=[\s>])", re.IGNORECASE)
    closes = closing.search(draft.work, tag.end, end)
    if closes is None:
        return -1
    draft.mark(tag.end, closes.start())
    return closes.start()


def mark_tags(draft: Draft, tags: list[Tag]) -> None:
    """Blank the tags, and what is struck out; the targets of links stay."""
    struck: dict[str, int] = {}
    for tag in tags:
        inline = tag.name in INLINE or tag.name in STRUCK
        draft.mark(tag.start, tag.end, MARKUP if inline else GAP)
        if tag.name == "a" and (link := HREF.search(tag.rest)):
            offset = tag.end - 1 - len(tag.rest)
            draft.mark(offset + link.start("target"), offset + link.end("target"), TARGET)
        elif tag.name in STRUCK and not tag.close:
            struck[tag.name] = tag.start
        elif tag.name in struck:
            draft.mark(struck.pop(tag.name), tag.end)
