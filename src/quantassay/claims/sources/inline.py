"""Markup within a line of Markdown: emphasis, links, code, escapes, character references."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from html import unescape

from .draft import CODE, TARGET, Draft

TICKS = re.compile(r"(?<!\\)`++")
TOKEN = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<emphasis>\*{1,3}+|_{1,3}+|~~)"
    r"|(?P<note>\[\^[^\]\s]{1,40}\])"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\])"
    r"|(?P<auto><(?:https?://|mailto:)[^<>\s]*+>)"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)
LINK = re.compile(
    r"\]\(\s{0,20}+<?(?P<target>[^\s()<>]*+(?:\([^\s()<>]*+\)[^\s()<>]*+)*+)>?"
    r"(?:\s{1,20}+(?:\"[^\"\n]{0,300}+\"|'[^'\n]{0,300}+'))?\s{0,20}+\)"
)
LABEL = re.compile(r"\] ?\[[^\[\]\n]{0,200}+\]")


def code_spans(draft: Draft, start: int, end: int) -> None:
    """Mark the ticks around code as markup, and the code as such."""
    runs = [run.span() for run in TICKS.finditer(draft.work, start, end)]
    later: dict[int, deque[int]] = defaultdict(deque)
    for number, (first, last) in enumerate(runs):
        later[last - first].append(number)
    closed = -1
    for number, (first, last) in enumerate(runs):
        same = later[last - first]
        if number <= closed:
            continue
        while same and same[0] <= number:
            same.popleft()
        if same:
            closed = same[0]
            draft.mark(first, last)
            draft.mark(last, runs[closed][0], CODE)
            draft.mark(*runs[closed])


def inline(draft: Draft, start: int, end: int) -> None:
    """Mark the markup of a paragraph, a heading or a cell."""
    brackets: list[tuple[int, bool]] = []
    emphasis: dict[str, list[int]] = defaultdict(list)
    skip = start
    for token in TOKEN.finditer(draft.work, start, end):
        place = token.start()
        if place < skip or draft.marks[place] == CODE:
            continue
        kind = token.lastgroup
        if kind == "escape":
            draft.mark(place, place + 1)
        elif kind == "emphasis":
            _emphasis(draft, token, emphasis, start, end)
        elif kind == "entity":
            character_reference(draft, token)
        elif kind == "note":
            draft.mark(*token.span())
        elif kind == "auto":
            draft.mark(place, place + 1)
            draft.mark(token.end() - 1, token.end())
        elif kind == "open":
            brackets.append((place, token.group() == "!["))
        elif brackets:
            skip = _link(draft, place, end, *brackets.pop())


def _emphasis(
    draft: Draft, token: re.Match[str], open_at: dict[str, list[int]], start: int, end: int
) -> None:
    first, last = token.span()
    before = draft.work[first - 1] if first > start else " "
    after = draft.work[last] if last < end else " "
    run = token.group()
    inside_word = "_" in run and before.isalnum() and after.isalnum()
    if inside_word:
        return
    if not before.isspace() and open_at[run]:
        opened = open_at[run].pop()
        draft.mark(opened, opened + len(run))
        draft.mark(first, last)
        if run == "~~":
            draft.mark(opened, last)
    elif not after.isspace() and not ("_" in run and before.isalnum()):
        open_at[run].append(first)


def character_reference(draft: Draft, token: re.Match[str]) -> None:
    """Let ``&lt;`` and the like be the character that they stand for."""
    text = unescape(token.group())
    if len(text) == 1:
        draft.decode(*token.span(), text if text.isprintable() else " ")


def _link(draft: Draft, close: int, end: int, opened: int, image: bool) -> int:
    """Mark the link that closes here, if it is one; return where to read on."""
    link = LINK.match(draft.work, close, end)
    label = None if link else LABEL.match(draft.work, close, end)
    if not (link or label):
        return close + 1
    draft.mark(opened, opened + (2 if image else 1))
    found = link or label
    assert found is not None
    draft.mark(*found.span())
    if link and not image:
        draft.mark(*link.span("target"), TARGET)
    return found.end()
