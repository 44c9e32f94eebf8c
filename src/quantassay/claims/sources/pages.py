"""Pages of HTML, and HTML within Markdown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from .document import RegionKind
from .draft import CODE, Draft
from .html_tables import html_tables
from .inline import character_reference, inline
from .tags import INLINE, STRUCK, Tag, find_tags, mark_tags

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
BLOCKS = HEADINGS | {"pre"}
ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
WITHIN = INLINE | frozenset(STRUCK) | {"br", "img", "sub", "sup", "!"}
Place = tuple[int, int]


def read_embedded(draft: Draft, start: int, end: int) -> list[Place]:
    """Mark the HTML within Markdown; return the places of its tables, headings and code."""
    if draft.work.find("<", start, end) < 0:
        return []
    tags = find_tags(draft, start, end)
    mark_tags(draft, tags)
    draft.settle()
    places = html_tables(draft, tags, inline)
    for tag, closes in list(_blocks(tags, places)):
        if tag.name == "pre":
            draft.mark(tag.end, closes, CODE)
            draft.region("code", tag.end, closes)
        else:
            inline(draft, tag.end, closes)
            draft.region("heading", tag.end, closes, int(tag.name[1]))
        places.append((tag.start, closes))
    return sorted(places)


def read_html(draft: Draft, start: int, end: int) -> None:
    """Find the parts of a page from a place on, and mark its markup."""
    hide_comments(draft, start, end)
    tags = find_tags(draft, start, end)
    mark_tags(draft, tags)
    draft.settle()
    for entity in ENTITY.finditer(draft.work, start, end):
        character_reference(draft, entity)
    tables = dict(html_tables(draft, tags, lambda *_: None))
    begin, level = start, 0
    kind: RegionKind = "prose"
    for tag in tags:
        if tag.name in WITHIN or tag.start < begin:
            continue
        draft.region(kind, begin, tag.start, level)
        begin, kind, level = tables.get(tag.start, tag.end), "prose", 0
        if tag.name in HEADINGS and not tag.close:
            kind, level = "heading", int(tag.name[1])
        elif tag.name == "pre" and not tag.close:
            kind = "code"
    draft.region(kind, begin, end, level)


def hide_comments(draft: Draft, start: int, end: int) -> None:
    """Hide the comments of a page; one without an end hides all that follows."""
    at = draft.work.find("<!--", start, end)
    while at >= 0:
        close = draft.work.find("-->", min(at + 4, end), end)
        close = end if close < 0 else close
        after = min(close + 3, end)
        draft.comment(at, after, (min(at + 4, close), close))
        at = draft.work.find("<!--", after, end)
    draft.settle()


def _blocks(tags: list[Tag], tables: list[Place]) -> Iterator[tuple[Tag, int]]:
    """Yield headings and code outside of tables, each with the place where it is closed."""
    starts = [start for start, _ in tables]
    opened: Tag | None = None
    for tag in tags:
        table = bisect_right(starts, tag.start) - 1
        if tag.name not in BLOCKS or (table >= 0 and tag.start < tables[table][1]):
            continue
        if not tag.close:
            opened = opened or tag
        elif opened and tag.name == opened.name:
            yield opened, tag.start
            opened = None
