"""Tables that lost their markup: a line of variants over lines of as many numbers."""

from __future__ import annotations

import re
from itertools import islice

from quantassay.claims.sources.document import Document, Table, TableCell

from .numbers import Printed, numbers
from .variants import mentions

MOST_LINES = 5000
_LONGEST = 240
_LINE = re.compile(r"[^\n]+")
_STATED = re.compile(
    r"\b(?:recovery|drop|delta|diff(?:erence)?|gap|degradation|this (?:model|checkpoint)|"
    r"quantized)\b|Δ",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\[[^\[\]]{0,40}\]|\([^()]{0,40}\)|±\s?[\d.]{1,10}")
_Place = tuple[int, int]


def flat_tables(document: Document) -> list[Table]:
    """Return the tables of prose whose rows are lines, read from the variants of their header."""
    found: list[Table] = []
    head: tuple[TableCell, ...] = ()
    rows: list[tuple[TableCell, ...]] = []
    for start, line in islice(_lines(document), MOST_LINES):
        row = _row(line, start, len(head) - 1) if head else ()
        if row:
            rows.append(row)
            continue
        if rows:
            found.append(_table(head, rows))
        head, rows = _header(line, start), []
    return [*found, _table(head, rows)] if rows else found


def _lines(document: Document) -> list[tuple[int, str]]:
    return [
        (line.start(), line[0])
        for region in document.regions
        if region.kind == "prose"
        for line in _LINE.finditer(document.plain, region.start, region.end)
        if line[0].strip() and len(line[0]) <= _LONGEST
    ]


def _header(line: str, start: int) -> tuple[TableCell, ...]:
    """Return the columns that a line names, after one for labels; nothing if they are too few."""
    if len(line) > 120 or line.rstrip().endswith((".", ",", ";")):
        return ()
    spans = [(one.start, one.end) for one in mentions(line)]
    spans += [match.span() for match in _STATED.finditer(line)]
    columns = _apart(sorted(spans))
    if len(columns) < 2:
        return ()
    cells = [TableCell(line[: columns[0][0]].strip(), start, start + columns[0][0])]
    cells += [TableCell(line[a:b], start + a, start + b) for a, b in columns]
    return tuple(cells)


def _apart(spans: list[_Place]) -> list[_Place]:
    """Join spans that overlap or touch: "BF16 baseline" is one column."""
    joined: list[_Place] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= 0:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif not joined or (start, end) != joined[-1]:
            joined.append((start, end))
    return joined


def _row(line: str, start: int, columns: int) -> tuple[TableCell, ...]:
    """Return the label and the numbers of a line that ends in as many as there are columns."""
    bare = _ASIDE.sub(lambda aside: " " * len(aside[0]), line)
    found = list(islice(numbers(bare), 40))[-columns:]
    if len(found) < columns or not _follow(bare, found):
        return ()
    label = line[: found[0].start].strip(" \t:|")
    if not re.search(r"[A-Za-z]", label):
        return ()
    cells = [TableCell(label, start, start + found[0].start)]
    cells += [TableCell(one.text, start + one.start, start + one.end) for one in found]
    return tuple(cells)


def _follow(line: str, found: list[Printed]) -> bool:
    """Return whether only blanks stand between and behind the numbers."""
    ends = [*(one.start for one in found[1:]), len(line)]
    return all(not line[one.end : end].strip(" \t|") for one, end in zip(found, ends, strict=True))


def _table(head: tuple[TableCell, ...], rows: list[tuple[TableCell, ...]]) -> Table:
    return Table(header=head, rows=tuple(rows), start=rows[0][0].start, end=rows[-1][-1].end)
