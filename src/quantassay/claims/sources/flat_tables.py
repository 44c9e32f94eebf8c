"""Tables of pipes whose line ends were lost: the whole table stands within one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .document import Table, TableCell
from .draft import Draft
from .inline import inline
from .lines import Line

WIDEST = 256
RULE = re.compile(r"\|(?:[ ]{0,3}:?-++:?[ ]{0,3}\|){2,}+")
Place = tuple[int, int]


def flat_tables(draft: Draft, lines: Sequence[Line]) -> list[Place]:
    """Add the tables that stand within a line of other text; return their places."""
    return [
        place
        for line in lines
        if not line.code and "-|" in draft.work[line.start : line.end].replace(" ", "")
        for place in _in_line(draft, line)
    ]


def _in_line(draft: Draft, line: Line) -> Iterator[Place]:
    at = line.start
    for rule in RULE.finditer(draft.work, line.start, line.end):
        width = rule.group().count("|") - 1
        if rule.start() < at or width > WIDEST:
            continue
        header = _before(draft.work, at, rule.start(), width)
        rows, end = _after(draft.work, rule.end(), line.end, width)
        at = rule.end()
        if not header or not rows or (len(rows) + 1) * width > draft.cells_left:
            continue
        at = end
        draft.cells_left -= (len(rows) + 1) * width
        draft.mark(*rule.span())
        made = [_cells(draft, row) for row in (header, *rows)]
        place = (header[0][0] - 1, end)
        draft.tables.append(Table(made[0], tuple(made[1:]), *place))
        draft.region("table", *place)
        yield place


def _before(text: str, start: int, end: int, width: int) -> list[Place]:
    """Return the cells that end right before a place; none where there are too few."""
    pipes: list[int] = []
    at = end
    while len(pipes) <= width:
        at = text.rfind("|", start, at)
        if at < 0:
            return []
        pipes.append(at)
    if text[pipes[0] + 1 : end].strip():
        return []
    pipes.reverse()
    return [(pipe + 1, after) for pipe, after in pairwise(pipes)]


def _after(text: str, start: int, end: int, width: int) -> tuple[list[list[Place]], int]:
    """Return the rows that follow, each as wide as the rule, and where they end."""
    rows: list[list[Place]] = []
    while True:
        first = text.find("|", start, end)
        if first < 0 or text[start:first].strip():
            return rows, start
        row: list[Place] = []
        at = first
        while len(row) < width:
            after = text.find("|", at + 1, end)
            if after < 0:
                return rows, start
            row.append((at + 1, after))
            at = after
        rows.append(row)
        start = at + 1


def _cells(draft: Draft, row: list[Place]) -> tuple[TableCell, ...]:
    for start, end in row:
        inline(draft, start, end)
        draft.mark(start - 1, start)
        draft.mark(end, end + 1)
    return tuple(draft.cell(start, end) for start, end in row)
