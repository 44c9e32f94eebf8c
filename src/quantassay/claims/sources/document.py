"""A text with its parts, each at its place in the source."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from quantassay.records.audit import Quote

RegionKind = Literal["heading", "prose", "code", "comment", "table", "metadata"]


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the source of one kind; ``level`` is that of a heading, 1 the highest.

    Regions do not overlap, stand in order, and leave out what is no evidence: lines that a diff
    removes, the header that says where a text is from, markup between blocks.
    """

    kind: RegionKind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a table: its words without markup, and its place in the source."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it is shown, from whatever markup.

    Every row is as long as the longest: absent cells are empty, at the end of their row.
    ``header`` is empty where the table has none; of several header rows it is the last, and those
    above are in ``above``. ``headings`` are the titles of the sections that it stands in, outermost
    first; ``caption`` its own title, if it has one.
    """

    header: tuple[TableCell, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    start: int
    end: int
    headings: tuple[str, ...] = ()
    caption: str = ""
    above: tuple[tuple[TableCell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One scalar of metadata (front matter, a JSON or YAML file) under its dotted path.

    Such as ``model-index.0.results.0.metrics.0.value``; ``start`` to ``end`` is the value.
    """

    path: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """A file that went into a document, and the stretch of ``source`` that it is."""

    file: str
    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A source with its parts.

    ``plain`` has the same length as ``source``: characters of markup, of removed lines and of what
    is no evidence are blanks in it, so that a place in one is the same place in the other. Comments
    that a page does not show are blank in ``plain`` too; ``hidden`` is their text at their places,
    blank elsewhere. Targets of links stay in ``plain``.
    """

    name: str
    kind: str
    source: str
    plain: str
    hidden: str
    regions: tuple[Region, ...]
    tables: tuple[Table, ...]
    entries: tuple[Entry, ...]
    parts: tuple[Part, ...]

    def quote(self, start: int, end: int) -> Quote:
        """Return the words of the source from ``start`` to ``end``, without blanks around them."""
        text = self.source[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        part = next((one for one in self.parts if one.start <= start < one.end), self.parts[0])
        line = bisect_right(self.line_starts, start) - bisect_right(self.line_starts, part.start)
        place = start - part.start
        return Quote(text, place, place + len(text), line + 1, part.file)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Where each line of the source begins."""
        return (0, *(found.end() for found in re.finditer("\n", self.source)))

    @property
    def texts(self) -> dict[str, str]:
        """The text of each file that went into the document; of a single one under ``""``."""
        return {one.file: self.source[one.start : one.end] for one in self.parts}

    @cached_property
    def headings(self) -> tuple[Region, ...]:
        """The headings, in order."""
        return tuple(region for region in self.regions if region.kind == "heading")
