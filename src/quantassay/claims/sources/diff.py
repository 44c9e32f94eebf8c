"""Unified diffs: what they remove is no evidence, and the column of marks is no text."""

from __future__ import annotations

import re

from .draft import Draft
from .lines import Line, lines_of

HUNK = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@")
FILE = re.compile(
    r"diff |index [0-9a-f]|--- |\+\+\+ |new file |deleted file |old mode |new mode |rename "
    r"|copy |similarity |dissimilarity |Binary files "
)
TIGHT = re.compile(r"[+-](?:$|[^\s\d+-])| (?:#{1,6} |\|)")


def is_diff(text: str) -> bool:
    """Say whether a text is a diff: it has hunks, or every line is marked as one of a diff.

    A list whose items begin with dashes is none: somewhere a mark must touch the text that it
    adds, stand alone, or a line that is kept must be a heading or a row.
    """
    if re.search(rf"^{HUNK.pattern}", text, re.MULTILINE):
        return True
    lines = [line for line in text.split("\n") if line.strip()]
    marked = all(line[0] in " +-" for line in lines)
    if not marked or not any(line[0] == "+" for line in lines):
        return False
    return any(TIGHT.match(line) for line in lines) and any(line[0] != "+" for line in lines)


def read_diff(draft: Draft, start: int) -> None:
    """Blank what a diff removes, its own lines and its marks, from a place on."""
    if re.search(rf"^{HUNK.pattern}", draft.work[start:], re.MULTILINE):
        _hunks(draft, start)
    else:
        for line in lines_of(draft.work, start):
            _marked(draft, line)
    draft.settle()


def _hunks(draft: Draft, start: int) -> None:
    """Follow the counts of each hunk, so that a removed rule is not taken for a file's name."""
    old = new = 0
    for line in lines_of(draft.work, start):
        hunk = HUNK.match(draft.work, line.start, line.end)
        if old <= 0 and new <= 0:
            if hunk:
                old, new = (int(count) if count else 1 for count in hunk.groups())
            if hunk or FILE.match(draft.work, line.start, line.end):
                draft.mark(line.start, line.end)
            continue
        mark = draft.work[line.start : line.start + 1] if line.end > line.start else " "
        old -= mark in " -"
        new -= mark in " +"
        _marked(draft, line)


def _marked(draft: Draft, line: Line) -> None:
    removed = draft.work[line.start : line.start + 1] in ("-", "\\")
    if removed:
        draft.removed.add(line.start)
    draft.mark(line.start, line.end if removed else min(line.start + 1, line.end))
