"""Scores that are announced, and not given."""

from __future__ import annotations

import re

from quantassay.claims.audit.figures.grid import column_label
from quantassay.claims.audit.figures.names import named
from quantassay.claims.sources.document import Document, Table, TableCell
from quantassay.records.audit import Finding

MOST_CELLS = 4000
_PLACEHOLDER = re.compile(
    r"^\W{0,4}(?:x{1,3}\.x{1,3}\W{0,3}|tbd|tba|todo|coming soon|pending|(?:not|to be|yet to be) "
    r"(?:yet )?(?:measured|evaluated|determined|added|reported|tested|run)\b.{0,40})\W{0,4}$",
    re.IGNORECASE,
)


def placeholders(document: Document) -> list[Finding]:
    """Return the tables in which a score is a placeholder."""
    found = []
    for table in document.tables[:200]:
        cells = [cell for column, cell in _cells(table) if _scored(table, column)]
        if cells:
            text = f'"{cells[0].text.strip()}" stands for a score: it is announced, and not given.'
            quotes = tuple(document.quote(cell.start, cell.end) for cell in cells[:3])
            found.append(Finding("placeholder", text, quotes))
    return found[:3]


def _cells(table: Table) -> list[tuple[int, TableCell]]:
    """Return the placeholders of a table with their columns."""
    width = max((len(row) for row in table.rows), default=1) or 1
    return [
        (column, cell)
        for row in table.rows[: MOST_CELLS // width + 1]
        for column, cell in enumerate(row)
        if _PLACEHOLDER.match(cell.text[:80])
    ]


def _scored(table: Table, column: int) -> bool:
    """Return whether the column, the caption or the title of a table names a metric or data."""
    words = " ".join((column_label(table, column), table.caption, *table.headings[-1:]))
    names = named(words)
    return bool(names.dataset or names.metric)
