"""The blocks of reStructuredText: titles, directives, comments, tables, paragraphs."""

from __future__ import annotations

import re

from .draft import CODE, TARGET, Draft
from .drawn_tables import drawn_table
from .lines import Line
from .pages import read_embedded
from .rest_inline import rest_inline
from .rest_tables import csv_table, list_table

ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1*+[ \t]*$")
DIRECTIVE = re.compile(
    r"\.\. (?:\|[^|\n]{1,80}\| )?(?P<name>[a-zA-Z][\w:+.-]{0,40}?)::(?:[ \t]+|$)"
)
TARGETED = re.compile(r"\.\. _(?:[^:`\n]{1,120}|`[^`\n]{1,120}`):[ \t]*(?P<target>\S*)")
NOTE = re.compile(r"\.\. \[[^\]\n]{1,40}\][ \t]*")
OPTION = re.compile(r"[ \t]*:[A-Za-z][\w-]{0,40}:(?:[ \t]|$)")
ITEM = re.compile(r"(?:[-*+•]|(?:\d{1,3}|#)[.)]|\|)(?:[ \t]+|$)")
CODES = frozenset({
    "code", "code-block", "sourcecode", "literalinclude", "parsed-literal", "highlight",
    "math",
})  # fmt: skip
UNSHOWN = frozenset({
    "image", "contents", "toctree", "index", "include", "automodule", "autoclass", "meta",
})  # fmt: skip


def read_rest(draft: Draft, start: int, end: int) -> None:
    """Find the parts of reStructuredText between two places, and mark its markup."""
    Rest(draft, draft.lines(start, end)).read()


class Rest:
    """Walks over the lines once; ``styles`` are the adornments of titles, the highest first."""

    def __init__(self, draft: Draft, lines: list[Line]) -> None:
        self.draft = draft
        self.lines = lines
        self.styles: list[tuple[str, bool]] = []

    def read(self) -> None:
        """Read block after block."""
        at = 0
        while at < len(self.lines):
            at = self._block(at)

    def text(self, at: int) -> str:
        """Return a line; nothing beyond the last."""
        if at >= len(self.lines):
            return ""
        return self.draft.work[self.lines[at].start : self.lines[at].end]

    def indent(self, at: int) -> int:
        """Return how far a line is indented."""
        text = self.text(at)
        return len(text) - len(text.lstrip())

    def body(self, at: int) -> int:
        """Return the line after those that are indented deeper than a line, blank ones included."""
        edge, after, last = self.indent(at), at + 1, at + 1
        while after < len(self.lines):
            if self.text(after).strip():
                if self.indent(after) <= edge:
                    break
                last = after + 1
            after += 1
        return last

    def _block(self, at: int) -> int:
        text = self.text(at).strip()
        if not text:
            return at + 1
        if text.startswith("..") and (text == ".." or text[2] == " "):
            return self._explicit(at, text)
        if (after := drawn_table(self.draft, self.lines, at, rest_inline)) > at:
            return after
        if (after := self._title(at)) > at:
            return after
        if len(text) > 3 and ADORNMENT.match(text):
            self.draft.mark(self.lines[at].start, self.lines[at].end)
            return at + 1
        return self._paragraph(at)

    def _title(self, at: int) -> int:
        """Add a title with a line under it, and perhaps one above."""
        above = ADORNMENT.match(self.text(at)) is not None and len(self.text(at).strip()) > 2
        line = at + 1 if above else at
        title, under = self.text(line).strip(), self.text(line + 1).strip()
        found = ADORNMENT.match(under)
        if not title or found is None or len(under) < min(len(title), 4):
            return at
        if above and (under != self.text(at).strip() or ADORNMENT.match(title)):
            return at
        style = (found[1], above)
        if style not in self.styles:
            self.styles.append(style)
        for marked in (at, line + 1) if above else (line + 1,):
            self.draft.mark(self.lines[marked].start, self.lines[marked].end)
        self._words("heading", line, line + 1, self.styles.index(style) + 1)
        return line + 2

    def _explicit(self, at: int, text: str) -> int:
        """Read what begins with two dots: a directive, a target, a footnote, or a comment."""
        line = self.lines[at]
        start = line.start + self.indent(at)
        if directive := DIRECTIVE.match(self.draft.work, start, line.end):
            return self._directive(at, directive)
        if target := TARGETED.match(self.draft.work, start, line.end):
            self.draft.mark(start, line.end)
            self.draft.mark(*target.span("target"), TARGET)
            return at + 1
        if note := NOTE.match(self.draft.work, start, line.end):
            self.draft.mark(start, note.end())
            self.lines[at] = Line(note.end(), line.end)
            return at if note.end() < line.end else at + 1
        after = self.body(at)
        end = self.lines[after - 1].end
        self.draft.comment(start, end, (min(start + 3, end), end))
        return after

    def _directive(self, at: int, directive: re.Match[str]) -> int:
        """Read a directive: tables and code whole, of any other its words and its body."""
        name, after = directive["name"].lower(), self.body(at)
        line = self.lines[at]
        self.draft.mark(line.start, directive.end())
        title = (directive.end(), line.end)
        options = at + 1
        while options < after and OPTION.match(self.text(options)):
            options += 1
        if name in ("list-table", "csv-table"):
            table = list_table if name == "list-table" else csv_table
            table(self.draft, self.lines[at:after], options - at, title)
            return after
        for one in self.lines[at + 1 : options]:
            self.draft.mark(one.start, one.end)
        if name in CODES or name in UNSHOWN:
            self.draft.mark(*title)
            self._code(options, after) if name in CODES else self._blank(options, after)
            return after
        if name == "raw":
            self.draft.mark(*title)
            read_embedded(self.draft, line.end, self.lines[after - 1].end)
            return after
        if not self.draft.work[slice(*title)].strip():
            return options
        self.lines[options - 1] = Line(*title)
        return self._paragraph(options - 1)

    def _code(self, at: int, after: int) -> None:
        if at < after:
            start, end = self.lines[at].start, self.lines[after - 1].end
            self.draft.mark(start, end, CODE)
            self.draft.region("code", start, end)

    def _blank(self, at: int, after: int) -> None:
        for line in self.lines[at:after]:
            self.draft.mark(line.start, line.end)

    def _paragraph(self, at: int) -> int:
        """Add a paragraph or an item; after two colons comes code."""
        line = self.lines[at]
        item = ITEM.match(self.draft.work, line.start + self.indent(at), line.end)
        if item:
            self.draft.mark(line.start, item.end())
            self.lines[at] = Line(item.end(), line.end)
        after = at + 1
        while after < len(self.lines) and self.text(after).strip():
            if ITEM.match(self.text(after).lstrip()) and (item or self.indent(after) > 0):
                break
            after += 1
        self._words("prose", at, after)
        if not self.text(after - 1).rstrip().endswith("::"):
            return after
        self.lines[at] = line
        return self._literal(at, after)

    def _literal(self, at: int, after: int) -> int:
        """Add the code that stands indented after a paragraph."""
        begin = after
        while begin < len(self.lines) and not self.text(begin).strip():
            begin += 1
        end, edge = begin, self.indent(at)
        while end < len(self.lines) and (not self.text(end).strip() or self.indent(end) > edge):
            end += 1
        self._code(begin, end)
        return max(end, after)

    def _words(self, kind: str, at: int, after: int, level: int = 0) -> None:
        start, end = self.lines[at].start, self.lines[after - 1].end
        rest_inline(self.draft, start, end)
        self.draft.region("heading" if kind == "heading" else "prose", start, end, level)
