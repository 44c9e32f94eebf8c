"""Tables that reStructuredText writes as lists or as comma-separated values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from .document import Table, TableCell
from .draft import Draft
from .lines import Line
from .rest_inline import rest_inline

WIDEST = 256
ROW = re.compile(r"(?P<row>[ \t]*\*[ \t]+)?(?P<cell>[ \t]*-(?:[ \t]+|$))")
OPTION = re.compile(r"[ \t]*:(?P<name>[a-z-]{1,30}):[ \t]*(?P<value>[^\n]*)")
FIELD = re.compile(
    r"[ \t]*+(?:\"(?P<quoted>[^\"\n]*+(?:\"\"[^\"\n]*+)*+)\"[ \t]*+|(?P<bare>[^,\n]*+))(?:,|$)"
)
Place = tuple[int, int]


def list_table(draft: Draft, lines: Sequence[Line], options: int, title: Place) -> None:
    """Add a ``list-table``: a list of rows, each a list of cells."""
    given = _options(draft, lines[1:options])
    rows: list[list[Place]] = []
    inner = -1
    for line in lines[options:]:
        found = ROW.match(draft.work, line.start, line.end)
        depth = found.start("cell") - line.start if found else -1
        if found and (found["row"] and inner in (-1, depth)):
            inner = depth
            rows.append([(found.end(), line.end)])
            draft.mark(line.start, found.end())
        elif found and rows and _indent(found["cell"]) == inner:
            rows[-1].append((found.end(), line.end))
            draft.mark(line.start, found.end())
        elif rows and draft.work[line.start : line.end].strip():
            rows[-1][-1] = (rows[-1][-1][0], line.end)
    heads = _count(given.get("header-rows", ""))
    _add(draft, [_cells(draft, row) for row in rows], heads, (lines[0].start, lines[-1].end), title)


def csv_table(draft: Draft, lines: Sequence[Line], options: int, title: Place) -> None:
    """Add a ``csv-table``, its header from the option or from its first rows."""
    given = _options(draft, lines[1:options])
    rows = []
    for line in lines[1:options]:
        option = OPTION.match(draft.work, line.start, line.end)
        if option and option["name"] == "header":
            rows.append(_fields(draft, option.start("value"), line.end))
    heads = len(rows) + _count(given.get("header-rows", ""))
    for line in lines[options:]:
        if draft.work[line.start : line.end].strip():
            rows.append(_fields(draft, line.start, line.end))
    cells = [_cells(draft, row) for row in rows]
    _add(draft, cells, heads, (lines[0].start, lines[-1].end), title)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _options(draft: Draft, lines: Sequence[Line]) -> dict[str, str]:
    """Return the options of a directive; only a header stays readable."""
    given = {}
    for line in lines:
        if option := OPTION.match(draft.work, line.start, line.end):
            given[option["name"]] = option["value"]
            draft.mark(line.start, option.start("value"))
            if option["name"] != "header":
                draft.mark(line.start, line.end)
    return given


def _count(value: str) -> int:
    return int(value) if value.strip().isdecimal() and len(value) < 4 else 0


def _fields(draft: Draft, start: int, end: int) -> list[Place]:
    return list(islice(_field_places(draft.work, start, end), WIDEST + 1))


def _field_places(text: str, start: int, end: int) -> Iterator[Place]:
    at = start
    while at < end:
        field = FIELD.match(text, at, end)
        if field is None:
            comma = text.find(",", at, end)
            stop = end if comma < 0 else comma
            yield at, stop
            at = stop + 1
            continue
        yield field.span("bare" if field["quoted"] is None else "quoted")
        at = max(field.end(), at + 1)


def _cells(draft: Draft, row: list[Place]) -> list[TableCell]:
    for start, end in row:
        rest_inline(draft, start, end)
    return [draft.cell(start, end) for start, end in row]


def _add(draft: Draft, rows: list[list[TableCell]], heads: int, place: Place, title: Place) -> None:
    draft.region("table", *place)
    width = max((len(row) for row in rows), default=0)
    if not rows or width > WIDEST or width * len(rows) > draft.cells_left:
        return
    draft.cells_left -= width * len(rows)
    full = [
        (*row, *[TableCell("", row[-1].end, row[-1].end)] * (width - len(row)))
        for row in rows
        if row
    ]
    heads = min(heads, len(full))
    rest_inline(draft, *title)
    header = full[heads - 1] if heads else ()
    above = tuple(full[: max(heads - 1, 0)])
    draft.tables.append(Table(header, tuple(full[heads:]), *place, (), draft.words(*title), above))
