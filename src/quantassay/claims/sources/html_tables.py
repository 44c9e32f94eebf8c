"""Tables of HTML: rows and cells from tags, spans unfolded, tables within tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .document import Table, TableCell
from .draft import Draft
from .tags import Tag

DEEPEST = 12
WIDEST = 256
SPAN = {
    "colspan": re.compile(r"\scolspan\s{0,9}=\s{0,9}[\"']?(\d{1,3})", re.IGNORECASE),
    "rowspan": re.compile(r"\srowspan\s{0,9}=\s{0,9}[\"']?(\d{1,4})", re.IGNORECASE),
}
PARTS = frozenset(["table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"])
BOLD = re.compile(r"(?:<p[^<>]*>)?\s*(?:<(?:b|strong)\b|\*\*)", re.IGNORECASE)
Markup = Callable[[Draft, int, int], None]


@dataclass
class Slot:
    """A cell as it is written: how many columns and rows it reaches over, and if it is a head."""

    start: int
    end: int
    wide: int
    high: int
    head: bool


@dataclass
class OpenTable:
    """A table whose end has not come yet."""

    start: int
    rows: list[list[Slot]] = field(default_factory=list)
    cell: Tag | None = None
    in_head: bool = False
    caption: tuple[int, int] | None = None
    heads: int = 0


def html_tables(draft: Draft, tags: list[Tag], markup: Markup) -> list[tuple[int, int]]:
    """Add the tables that the tags make; return the places of the outermost ones."""
    stack: list[OpenTable] = []
    places: list[tuple[int, int]] = []
    skipped = 0
    for tag in tags:
        if tag.name not in PARTS:
            continue
        if tag.name != "table":
            if stack:
                _part(stack[-1], tag)
        elif not tag.close and len(stack) < DEEPEST:
            stack.append(OpenTable(tag.start))
        elif not tag.close:
            skipped += 1
        elif skipped:
            skipped -= 1
        elif stack:
            _finish(draft, stack, tag.start, tag.end, places, markup)
    while stack:
        last = tags[-1].end
        _finish(draft, stack, last, last, places, markup)
    return places


def _part(table: OpenTable, tag: Tag) -> None:
    if tag.name == "caption":
        if not tag.close:
            table.caption = (tag.end, tag.end)
        elif table.caption:
            table.caption = (table.caption[0], tag.start)
        return
    _close_cell(table, tag.start)
    if tag.name == "thead":
        table.in_head = not tag.close
    elif tag.name in ("tbody", "tfoot"):
        table.in_head = False
    elif tag.name == "tr" and not tag.close:
        table.rows.append([])
    elif tag.name in ("td", "th") and not tag.close:
        table.cell = tag
        if not table.rows:
            table.rows.append([])


def _close_cell(table: OpenTable, place: int) -> None:
    tag = table.cell
    if tag is None:
        return
    if len(table.rows[-1]) <= WIDEST:
        head = tag.name == "th" or table.in_head
        wide, high = (_span(tag, name) for name in SPAN)
        table.rows[-1].append(Slot(tag.end, place, min(wide, WIDEST), high, head))
    table.cell = None


def _span(tag: Tag, name: str) -> int:
    found = SPAN[name].search(tag.rest) if "span" in tag.rest.lower() else None
    return max(1, int(found[1])) if found else 1


def _finish(
    draft: Draft,
    stack: list[OpenTable],
    inner: int,
    outer: int,
    places: list[tuple[int, int]],
    markup: Markup,
) -> None:
    """Close the innermost table."""
    table = stack.pop()
    _close_cell(table, inner)
    if not stack:
        places.append((table.start, outer))
        draft.region("table", table.start, outer)
    rows = [row for row in table.rows if row]
    grid = list(_unfolded(draft, rows, markup))
    if not grid:
        return
    width = max(len(row) for row in grid)
    draft.cells_left -= sum(width - len(row) for row in grid)
    if width > WIDEST or draft.cells_left < 0:
        return
    full = [(*row, *[_empty(row)] * (width - len(row))) for row in grid]
    heads = _heads(draft, rows)
    caption = draft.words(*table.caption) if table.caption else ""
    header = full[heads - 1] if heads else ()
    above = tuple(full[: max(heads - 1, 0)])
    draft.tables.append(Table(header, tuple(full[heads:]), table.start, outer, (), caption, above))


def _empty(row: list[TableCell]) -> TableCell:
    return TableCell("", row[-1].end, row[-1].end)


def _heads(draft: Draft, rows: list[list[Slot]]) -> int:
    """Count the rows at the top that are a header: heads only, or one row that is all bold."""
    heads = 0
    while heads < len(rows) and all(slot.head for slot in rows[heads]):
        heads += 1
    if heads == 0 and len(rows) > 1 and all(_bold(draft, slot) for slot in rows[0]):
        return 1
    return heads if heads < len(rows) else min(heads, 1)


def _bold(draft: Draft, slot: Slot) -> bool:
    empty = not draft.work[slot.start : slot.end].strip()
    return empty or BOLD.match(draft.source, slot.start, slot.end) is not None


def _unfolded(draft: Draft, rows: list[list[Slot]], markup: Markup) -> Iterator[list[TableCell]]:
    """Yield each row with a cell in every column that its cells, and those above, reach over."""
    reaching: dict[int, tuple[TableCell, int]] = {}
    for slots in rows:
        row: list[TableCell] = []
        waiting = slots[::-1]
        last = max(reaching, default=-1)
        if draft.cells_left <= 0 or last > 2 * WIDEST:
            return
        while draft.cells_left > 0 and (waiting or len(row) <= last):
            if len(row) in reaching:
                cell, left = reaching.pop(len(row))
                wide, high = 1, left
            elif waiting:
                slot = waiting.pop()
                markup(draft, slot.start, slot.end)
                cell = draft.cell(slot.start, slot.end)
                wide, high = slot.wide, slot.high
            else:
                cell, wide, high = _empty(row), 1, 1
            if high > 1:
                reaching |= {at: (cell, high - 1) for at in range(len(row), len(row) + wide)}
            row += [cell] * wide
            draft.cells_left -= wide
        if row:
            yield row
