"""A document while it is read: what each character of the source turns out to be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .document import Document, Entry, Part, Region, RegionKind, Table, TableCell
from .lines import Line, lines_of
from .outline import with_captions, with_headings, without_overlaps

TEXT, MARKUP, TARGET, GAP, CODE, DECODED = range(6)
UNSHOWN = re.compile(rb"[\x01\x03]+|\x05")
SHOWN = re.compile(rb"[\x00\x04]+|\x03+|\x05")


class Draft:
    """The source, a mark per character, and the parts found so far.

    Marks: TEXT is shown as it is; MARKUP is blank in ``plain`` and absent from the words of a cell;
    TARGET (of a link) stays in ``plain`` but is absent from a cell; GAP is blank in both; CODE is
    text in which no markup is looked for; DECODED stands for one other character.
    ``work`` is the source with what is known to be no text blanked, for scanners to read.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.work = source
        self.marks = bytearray(len(source))
        self.decoded: dict[int, str] = {}
        self.comments: list[tuple[int, int]] = []
        self.said: list[str] = []
        self.removed: set[int] = set()
        self.regions: list[Region] = []
        self.tables: list[Table] = []
        self.entries: list[Entry] = []
        self.cells_left = 50_000

    def mark(self, start: int, end: int, kind: int = MARKUP) -> None:
        """Say what the characters from ``start`` to ``end`` are."""
        if end > start:
            self.marks[start:end] = bytes([kind]) * (end - start)

    def decode(self, start: int, end: int, text: str) -> None:
        """Let one character stand for those from ``start`` to ``end``."""
        self.mark(start, end)
        self.marks[start] = DECODED
        self.decoded[start] = text

    def comment(self, start: int, end: int, words: tuple[int, int]) -> None:
        """Hide a comment; ``words`` is the place of what it says."""
        self.mark(start, end)
        self.comments.append(words)
        self.said.append(self.work[slice(*words)])

    def region(self, kind: RegionKind, start: int, end: int, level: int = 0) -> None:
        """Add a region, without the blanks around it; none where there are only blanks."""
        text = self.work[start:end]
        words = text.strip()
        if words:
            start += len(text) - len(text.lstrip())
            self.regions.append(Region(kind, start, start + len(words), level))

    def lines(self, start: int, end: int) -> list[Line]:
        """Return the lines between two places, without those that a diff removes."""
        return [line for line in lines_of(self.work, start, end) if line.start not in self.removed]

    def settle(self) -> None:
        """Blank in ``work`` what is marked by now."""
        self.work = self.plain()

    def plain(self) -> str:
        """Return the source with blanks for what is not shown, line by line as long as before."""
        pieces, at = [], 0
        for run in UNSHOWN.finditer(self.marks):
            start, end = run.span()
            pieces.append(self.source[at:start])
            decoded = self.marks[start] == DECODED
            pieces.append(self.decoded[start] if decoded else blank(self.source[start:end]))
            at = end
        return "".join(pieces) + self.source[at:]

    def words(self, start: int, end: int) -> str:
        """Return what is shown between two places, without markup and targets, on one line."""
        marks = self.marks[start:end]
        if not any(marks):
            return " ".join(self.source[start:end].split())
        pieces = []
        for run in SHOWN.finditer(marks):
            first, last = run.start() + start, run.end() + start
            if self.marks[first] == GAP:
                pieces.append(" ")
            elif self.marks[first] == DECODED:
                pieces.append(self.decoded[first])
            else:
                pieces.append(self.source[first:last])
        return " ".join("".join(pieces).split())

    def cell(self, start: int, end: int) -> TableCell:
        """Return a cell with its words; its place is without the blanks around it."""
        text = self.work[start:end]
        words = text.strip()
        start += len(text) - len(text.lstrip()) if words else 0
        return TableCell(self.words(start, start + len(words)), start, start + len(words))

    def document(self, name: str, kind: str, parts: Iterable[Part] = ()) -> Document:
        """Return the document, its regions in order, each table with its headings and caption."""
        plain = self.plain()
        regions = without_overlaps(self.regions, self.comments)
        tables = with_headings(sorted(self.tables, key=lambda one: one.start), regions, self.words)
        captioned = with_captions(tables, regions, self.source, self.words)
        return Document(
            name=name,
            kind=kind,
            source=self.source,
            plain=plain,
            hidden=self._hidden(),
            regions=regions,
            tables=captioned,
            entries=tuple(self.entries),
            parts=tuple(parts) or (Part(name, 0, len(self.source)),),
        )

    def _hidden(self) -> str:
        pieces: list[str] = []
        at = 0
        for (start, end), said in zip(self.comments, self.said, strict=True):
            pieces += blank(self.source[at:start]), said
            at = end
        return "".join(pieces) + blank(self.source[at:])


def blank(text: str) -> str:
    """Return blanks in place of every character but ends of lines."""
    if "\n" not in text:
        return " " * len(text)
    return "\n".join(" " * len(line) for line in text.split("\n"))
