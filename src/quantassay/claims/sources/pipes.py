"""Tables whose cells are parted by pipes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from .document import Table, TableCell
from .draft import Draft
from .headers import guessed_header, with_second_header
from .lines import Line

WIDEST = 256
PIPE = re.compile(r"\\.|\|", re.DOTALL)
RULE = frozenset("|:-+ \t")
Row = list[tuple[int, int]]


def is_rule(text: str) -> bool:
    """Say whether a line is the row of dashes under a header."""
    return "-" in text and "|" in text and RULE.issuperset(text)


def pipe_table(
    draft: Draft, lines: Sequence[Line], at: int, markup: Callable[[Draft, int, int], None]
) -> int:
    """Add the table that begins at a line, if one does; return the line after it."""
    after = _extent(draft.work, lines, at)
    if after == at:
        return at
    rows = [(line, _split(draft.work, line)) for line in lines[at:after]]
    width = max(len(row) for _, row in rows)
    if width > WIDEST or width * len(rows) > draft.cells_left:
        draft.region("prose", lines[at].start, lines[after - 1].end)
        return after
    draft.cells_left -= width * len(rows)
    made: list[tuple[TableCell, ...]] = []
    rule = -1
    for line, places in rows:
        text = draft.work[line.start : line.end]
        if rule < 0 and len(made) < 2 and is_rule(text):
            rule = len(made)
            draft.mark(line.start, line.end)
        else:
            made.append(_row(draft, line, places, width, markup))
    heads = rule if rule >= 0 else guessed_header(made)
    body = tuple(made[heads:])
    start, end = lines[at].start, lines[after - 1].end
    draft.region("table", start, end)
    if heads or body:
        header, above = (made[heads - 1], tuple(made[: heads - 1])) if heads else ((), ())
        table = Table(header, body, start, end, above=above)
        draft.tables.append(with_second_header(table))
    return after


def begins_table(text: str, lines: Sequence[Line], at: int) -> bool:
    """Say whether a table begins at a line: by its rule, or by pipes around two rows."""
    first = text[lines[at].start : lines[at].end]
    if "|" not in first or at + 1 == len(lines):
        return False
    second = text[lines[at + 1].start : lines[at + 1].end]
    if is_rule(second) or is_rule(first):
        return "|" in second
    return (_framed(first) and _framed(second)) or _loose(text, lines[at : at + 3])


def _extent(text: str, lines: Sequence[Line], at: int) -> int:
    """Return the line after the table, or ``at`` where there is none."""
    if not begins_table(text, lines, at):
        return at
    after = at + 1
    while after < len(lines) and text.find("|", lines[after].start, lines[after].end) >= 0:
        if lines[after].code != lines[at].code:
            break
        after += 1
    return after if after > at + 1 else at


def _framed(text: str) -> bool:
    text = text.strip()
    return text.startswith("|") and text.endswith("|") and text.count("|") > 2


def _loose(text: str, lines: Sequence[Line]) -> bool:
    """Say whether three lines are rows without a frame; those of COCO's own report are none."""
    rows = [text[line.start : line.end] for line in lines if not line.code]
    cells = [[cell for cell in row.split("|") if cell.strip()] for row in rows]
    return len(rows) == 3 and all(
        row.count("|") > 1 and " | " in row and "@[" not in row and len(words) > 1
        for row, words in zip(rows, cells, strict=True)
    )


def _split(text: str, line: Line) -> Row:
    """Return the places of the cells of a row, without pipes."""
    pipes = [at.start() for at in PIPE.finditer(text, line.start, line.end) if at.group() == "|"]
    edges = [line.start - 1, *pipes, line.end]
    cells = [(left + 1, right) for left, right in pairwise(edges)]
    if cells and not text[slice(*cells[0])].strip():
        cells.pop(0)
    if cells and not text[slice(*cells[-1])].strip():
        cells.pop()
    return cells


def _row(
    draft: Draft,
    line: Line,
    places: Row,
    width: int,
    markup: Callable[[Draft, int, int], None],
) -> tuple[TableCell, ...]:
    cells, at = [], line.start
    for start, end in places:
        draft.mark(at, start)
        markup(draft, start, end)
        cells.append(draft.cell(start, end))
        at = end
    draft.mark(at, line.end)
    empty = TableCell("", line.end, line.end)
    return (*cells, *[empty] * (width - len(cells)))
