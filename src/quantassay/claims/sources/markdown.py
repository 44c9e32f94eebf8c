"""The blocks of Markdown: headings, paragraphs, items, code, tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .draft import Draft
from .drawn_tables import Markup, drawn_table
from .flat_tables import flat_tables
from .inline import code_spans, inline
from .lines import Line, without
from .pages import read_embedded
from .pipes import begins_table, pipe_table
from .skeleton import Skeleton

HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})(?:[ \t]+|$)")
CLOSING = re.compile(r"[ \t]#+[ \t]*$")
UNDERLINE = re.compile(r" {0,3}(?P<mark>=+|-+)[ \t]*$")
RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*+){3,}+|(?:-[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)$")
ITEM = re.compile(r"[ \t]*(?:[-*+•]|(?P<number>\d{1,3})[.)])(?:[ \t]+|$)(?:\[[ xX]\][ \t])?")
INDENT = ("    ", "\t")


def read_markdown(draft: Draft, start: int, end: int) -> None:
    """Find the parts of Markdown between two places, and mark its markup."""
    lines = Skeleton(draft, end).lines(draft.lines(start, end))
    draft.settle()
    _spans(draft, lines)
    lines = without(lines, read_embedded(draft, start, end))
    read_blocks(draft, without(lines, flat_tables(draft, lines)))


def _spans(draft: Draft, lines: Sequence[Line]) -> None:
    """Mark code within text; a span ends with its paragraph, item or row at the latest."""
    begin = end = 0
    for line in lines:
        text = draft.work[line.start : line.end]
        if line.code or not text.strip() or "|" in text or ITEM.match(text):
            code_spans(draft, begin, end)
            begin = line.start
        end = begin if line.code else line.end
    code_spans(draft, begin, end)


def read_blocks(draft: Draft, lines: Sequence[Line]) -> None:
    """Find the parts of Markdown in lines of text and of code."""
    at = 0
    listed = False
    while at < len(lines):
        line = lines[at]
        text = draft.work[line.start : line.end]
        if not text.strip():
            at += 1
        elif line.code:
            at = _code(draft, lines, at)
        elif HEADING.match(text):
            at, listed = _heading(draft, line, text, at), False
        elif (after := _table(draft, lines, at, inline)) > at:
            at, listed = after, False
        elif RULE.match(text):
            draft.mark(line.start, line.end)
            at += 1
        elif (
            draft.source.startswith(INDENT, line.start, line.end)
            and not listed
            and not ITEM.match(text)
        ):
            at = _indented(draft, lines, at)
        else:
            listed = ITEM.match(text) is not None or (listed and text[0] in " \t")
            at = _paragraph(draft, lines, at)


def _table(draft: Draft, lines: Sequence[Line], at: int, markup: Markup) -> int:
    """Add the table that begins at a line, if one does; return the line after it."""
    after = pipe_table(draft, lines, at, markup)
    return after if after > at else drawn_table(draft, lines, at, markup)


def _heading(draft: Draft, line: Line, text: str, at: int) -> int:
    found = HEADING.match(text)
    assert found is not None
    start, end = line.start + found.end(), line.end
    if closing := CLOSING.search(text):
        end = max(start, line.start + closing.start())
    draft.mark(line.start, start)
    draft.mark(end, line.end)
    inline(draft, start, end)
    draft.region("heading", start, end, len(found["marks"]))
    return at + 1


def _code(draft: Draft, lines: Sequence[Line], at: int) -> int:
    """Add code up to the end of its fence, and the tables that are printed in it."""
    first = at
    while at < len(lines) and lines[at].code:
        after = _table(draft, lines, at, lambda *_: None)
        if after > at:
            draft.region("code", lines[first].start, lines[at].start)
            first = at = after
        else:
            at += 1
    if first < at:
        draft.region("code", lines[first].start, lines[at - 1].end)
    return at


def _indented(draft: Draft, lines: Sequence[Line], at: int) -> int:
    first = last = at
    while at < len(lines) and not lines[at].code:
        line = lines[at]
        if draft.source.startswith(INDENT, line.start, line.end):
            last = at
        elif draft.work[line.start : line.end].strip():
            break
        at += 1
    draft.region("code", lines[first].start, lines[last].end)
    return last + 1


def _paragraph(draft: Draft, lines: Sequence[Line], at: int) -> int:
    """Add a paragraph or an item of a list; underlined, it is a heading."""
    first, begin = at, lines[at].start
    item = ITEM.match(draft.work, begin, lines[at].end)
    if item:
        begin = item.end()
        draft.mark(lines[at].start, begin)
    at += 1
    while at < len(lines) and not _interrupts(draft, lines, at, item is not None):
        underline = UNDERLINE.match(draft.work[lines[at].start : lines[at].end])
        if underline and not item:
            draft.mark(lines[at].start, lines[at].end)
            inline(draft, begin, lines[at - 1].end)
            level = 1 if underline["mark"][0] == "=" else 2
            draft.region("heading", begin, lines[at - 1].end, level)
            return at + 1
        at += 1
    end = max(begin, lines[at - 1].end)
    inline(draft, begin, end)
    draft.region("prose", begin, end)
    return max(at, first + 1)


def _interrupts(draft: Draft, lines: Sequence[Line], at: int, listed: bool) -> bool:
    """Say whether a line ends the paragraph, or the item of a list, above it."""
    line = lines[at]
    text = draft.work[line.start : line.end]
    if line.code or not text.strip() or HEADING.match(text):
        return True
    if any(map(str.isalpha, draft.source[lines[at - 1].end : line.start])):  # of what is removed
        return True
    if UNDERLINE.match(text):
        return False
    item = ITEM.match(text)
    if item and item.end() < len(text) and (listed or item["number"] in (None, "1")):
        return True
    return bool(RULE.match(text)) or begins_table(draft.work, lines, at)
