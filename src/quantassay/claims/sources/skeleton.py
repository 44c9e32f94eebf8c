"""Which lines of Markdown are code, which are comments, and where a quoted line begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .draft import CODE, Draft
from .lines import Line

QUOTE = re.compile(r"(?: {0,3}> ?)++")
FENCE = re.compile(r"\s*(?:(?:[-*+]|\d{1,3}[.)])\s+)?(?P<fence>`{3,}|~{3,})(?P<info>[^`\n]*)")
DIFFS = frozenset({"diff", "patch"})


class Skeleton:
    """Walks over the lines once; what it keeps is whether it is in a fence or in a comment."""

    def __init__(self, draft: Draft, end: int) -> None:
        self.draft = draft
        self.end = end
        self.fence = ""
        self.info = ""
        self.hidden_to = 0
        self.closed_at = 0

    def lines(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines that hold text or code, without quote marks; mark the rest."""
        return [self._line(line) for line in lines]

    def _line(self, line: Line) -> Line:
        text, end = self.draft.work, line.end
        start = max(line.start, min(self.hidden_to, end))
        quote = QUOTE.match(text, start, end)
        if quote:
            self.draft.mark(start, quote.end())
            start = quote.end()
        fence = FENCE.match(text, start, end)
        if self.fence:
            return self._code(start, end, fence)
        if fence:
            self.fence, self.info = fence["fence"], fence["info"].strip().lower()
            self.draft.mark(start, end)
            return Line(end, end)
        self._comments(start, end)
        return Line(start, end)

    def _code(self, start: int, end: int, fence: re.Match[str] | None) -> Line:
        closes = fence and fence["fence"].startswith(self.fence) and not fence["info"].strip()
        removed = self.info in DIFFS and self.draft.work.startswith("-", start, end)
        if closes:
            self.fence = ""
        if closes or removed:
            self.draft.mark(start, end)
            return Line(end, end)
        self.draft.mark(start, end, CODE)
        return Line(start, end, code=True)

    def _comments(self, start: int, end: int) -> None:
        """Hide the comments that begin in a line of text; one may reach over many lines.

        What is opened in code is no comment; one without an end hides all that follows if it
        begins its line, and is text elsewhere.
        """
        text, ticks, counted = self.draft.work, 0, start
        at = text.find("<!--", start, end)
        while at >= 0:
            ticks, counted = ticks + text.count("`", counted, at), at
            close = self._close(at + 4)
            if close < 0:
                if text[start:at].strip():
                    return
                close = self.end
            if ticks % 2 == 0:
                self.hidden_to = min(close + 3, self.end)
                self.draft.comment(at, self.hidden_to, (min(at + 4, close), close))
            counted = max(at + 4, self.hidden_to)
            at = text.find("<!--", counted, end) if counted < end else -1

    def _close(self, start: int) -> int:
        """Return where the next comment ends, from a place on; -1 where none does."""
        if self.closed_at < start and self.closed_at >= 0:
            self.closed_at = self.draft.work.find("-->", min(start, self.end), self.end)
        return self.closed_at
