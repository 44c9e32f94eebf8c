"""Markup within a line of reStructuredText."""

from __future__ import annotations

import re

from .draft import CODE, TARGET, Draft

TOKEN = re.compile(
    r"(?P<literal>``[^`\n]{1,300}+``)"
    r"|(?P<role>:[A-Za-z][\w:+.-]{0,40}+:)(?=`)"
    r"|`(?P<words>[^`<\n]{0,300}+)(?:<(?P<target>[^<>`\n]{1,500}+)>)?`(?P<under>_{0,2})"
    r"|(?P<strong>\*\*[^\s*][^*]{0,500}\*\*)"
    r"|(?P<emphasis>\*[^\s*][^*]{0,500}\*)"
    r"|(?P<substitution>\|[^\s|][^|\n]{0,80}\|)"
    r"|(?P<note>\[[\w#*]{1,20}\]_)"
    r"|(?P<escape>\\[^\w\s])"
    r"|(?<=\w)(?P<reference>__?)(?=[\s.,;:)]|$)"
)


def rest_inline(draft: Draft, start: int, end: int) -> None:
    """Mark the markup of a paragraph, a title or a cell."""
    for token in TOKEN.finditer(draft.work, start, end):
        kind, (first, last) = token.lastgroup, token.span()
        if draft.marks[first] == CODE:
            continue
        if kind == "literal":
            draft.mark(first, last)
            draft.mark(first + 2, last - 2, CODE)
        elif kind in ("role", "note", "reference"):
            draft.mark(first, last)
        elif kind in ("strong", "emphasis"):
            width = 2 if kind == "strong" else 1
            draft.mark(first, first + width)
            draft.mark(last - width, last)
        elif kind == "escape":
            draft.mark(first, first + 1)
        elif kind == "under":
            _phrase(draft, token)


def _phrase(draft: Draft, token: re.Match[str]) -> None:
    """Mark a phrase in ticks: its words are shown, the target of a link stays readable."""
    draft.mark(*token.span())
    words, target = token.span("words"), token.span("target")
    draft.mark(*words, 0)
    if target[0] >= 0:
        shown = token["words"].strip() != ""
        draft.mark(*target, TARGET if shown else 0)
