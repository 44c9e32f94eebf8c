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
NUMBER = re.compile(r"\|?[ \t]*\d{0,7}[ \t]*\|?[ \t]*$")
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
    lines = lines_of(draft.work, start)
    first = next((at for at, line in enumerate(lines) if HUNK.match(draft.work, *line[:2])), -1)
    numbered = sum(_numbered(draft, line) for line in lines[first + 1 :])
    if first >= 0 and 4 * numbered > len(lines) - first:
        _page(draft, lines[first:])
    elif first >= 0:
        _hunks(draft, start)
    else:
        for line in lines_of(draft.work, start):
            _marked(draft, line)
    draft.settle()


def _numbered(draft: Draft, line: Line) -> bool:
    text = draft.work[line.start : line.end]
    return any(map(str.isdigit, text)) and NUMBER.match(text) is not None


def _page(draft: Draft, lines: list[Line]) -> None:
    """Read a diff as a page shows it: numbers stand on lines of their own, perhaps marks too.

    A blank line without a number before it only keeps two columns of the page level.
    """
    removing = numbered = False
    for line in lines:
        text = draft.work[line.start : line.end]
        alone = text.strip() in ("-", "+") or (text.strip() and NUMBER.match(text))
        if alone or HUNK.match(text):
            removing = text.strip() == "-"
            _remove(draft, line)
        elif removing or not (numbered or text.strip()):
            _remove(draft, line)
        elif text[:1] in (" ", "+", "-"):
            _marked(draft, line)
        numbered = _numbered(draft, line)


def _remove(draft: Draft, line: Line) -> None:
    draft.removed.add(line.start)
    draft.mark(line.start, line.end)


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
        _remove(draft, line)
    else:
        draft.mark(line.start, min(line.start + 1, line.end))
