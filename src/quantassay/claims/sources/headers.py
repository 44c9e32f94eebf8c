"""Which of the first rows of a table are its header, where no markup says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from .document import Table, TableCell

FIGURE = re.compile(r"[~<>≈≤≥±+−-]?\s?\$?\d[\d.,]*\s?(?:%|[A-Za-z/]{1,5})?(?:\s?[(±+/*].*)?$")
MOST = 3
Row = tuple[TableCell, ...]


def guessed_header(rows: Sequence[Row]) -> int:
    """Count the first rows without any figure, if figures follow; 0 where they do not."""
    heads = 0
    while heads < min(len(rows), MOST) and not _figures(rows[heads]):
        heads += 1
    return heads if 0 < heads < len(rows) and _figures(rows[heads]) else 0


def with_second_header(table: Table) -> Table:
    """Take the first row for the header, where the one marked so names groups of its columns.

    So stands a table whose heads reached over columns before it was written with pipes: the marked
    row has gaps, the row below has no figure, and all rows below that have. The gaps are filled.
    """
    gaps = sum(not cell.text for cell in table.header[1:])
    if gaps < 2 or table.above or len(table.rows) < 2:
        return table
    first, rest = table.rows[0], table.rows[1:]
    named = sum(bool(cell.text) for cell in first) > len(first) // 2
    if not named or _figures(first) or not all(_figures(row) for row in rest):
        return table
    return replace(table, header=first, rows=rest, above=(_filled(table.header),))


def _figures(row: Row) -> bool:
    return any(FIGURE.match(cell.text) for cell in row[1:])


def _filled(row: Row) -> Row:
    filled = [row[0]]
    for cell in row[1:]:
        filled.append(cell if cell.text else filled[-1])
    return tuple(filled)
