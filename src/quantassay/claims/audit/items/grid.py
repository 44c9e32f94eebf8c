"""A table with the roles of its cells: what its columns and rows are named after."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from quantassay.claims.lexicons.matches import Match
from quantassay.claims.sources.document import Table, TableCell

_NUMBER = re.compile(r"[-+−±~≈<>*]*\s*\(?[-+−]?\d[\d,]*(?:\.\d+)?\s*(?:%|pp|x)?\)?")
# A level of noise names a condition; a score in decibels has a decimal.
_NOISE = re.compile(r"[-+]?\d{1,2} dB(?: SNR)?")
_SCORE = re.compile(r"(?<![A-Za-z\d.])[-+]?\d{1,6}(?:,\d{3})*(?:\.\d+)?\s?%?")


@dataclass(frozen=True)
class Grid:
    """A table, and a way to ask for the names in a stretch of it."""

    table: Table
    names: Callable[[int, int], tuple[Match, ...]]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.table.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.table.end

    @cached_property
    def heads(self) -> tuple[TableCell, ...]:
        """The cells that name columns, of every header row."""
        above = tuple(cell for row in self.table.above for cell in row)
        return tuple(cell for cell in (*above, *self.table.header) if cell.text)

    @cached_property
    def labels(self) -> tuple[TableCell, ...]:
        """The cells that name rows: those without a number of their own, left of the first one."""
        return tuple(
            cell for row in self.table.rows for cell in row if cell.text and not numeric(cell)
        )

    @cached_property
    def _cells(self) -> list[TableCell]:
        rows = (*self.table.above, self.table.header, *self.table.rows)
        return sorted((cell for row in rows for cell in row), key=lambda cell: cell.start)

    @cached_property
    def _starts(self) -> list[int]:
        return [cell.start for cell in self._cells]

    def cell_at(self, place: int) -> TableCell | None:
        """Return the cell that a place lies in."""
        at = bisect_right(self._starts, place) - 1
        return self._cells[at] if at >= 0 and place < self._cells[at].end else None

    def column(self, place: int) -> tuple[TableCell, ...]:
        """Return the cells of one column, below the header."""
        return tuple(row[place] for row in self.table.rows if place < len(row))

    @cached_property
    def figures(self) -> bool:
        """Whether it holds any figure beside its labels."""
        return any(_SCORE.search(cell.text) for row in self.table.rows for cell in row[1:])

    def numbers(self, place: int) -> int:
        """Return how many cells of a column are numbers."""
        return sum(1 for cell in self.column(place) if numeric(cell))

    def in_cell(self, cell: TableCell) -> tuple[Match, ...]:
        """Return the names in a cell."""
        return self.names(cell.start, cell.end)

    def columns_named(self, words: re.Pattern[str]) -> tuple[int, ...]:
        """Return the columns whose header says one of some words."""
        return tuple(at for at, cell in enumerate(self.table.header) if words.search(cell.text))

    @cached_property
    def scored(self) -> tuple[int, ...]:
        """The columns with a number in at least half of their filled cells."""
        width = max((len(row) for row in self.table.rows), default=0)
        filled = (sum(1 for cell in self.column(at) if cell.text) for at in range(width))
        return tuple(
            at for at, count in enumerate(filled) if count and 2 * self.numbers(at) >= count
        )


def numeric(cell: TableCell) -> bool:
    """Whether a cell begins with a number and says little beside it."""
    return _numeric(cell.text)


@lru_cache(maxsize=4096)
def _numeric(text: str) -> bool:
    match = None if _NOISE.fullmatch(text) else _NUMBER.match(text)
    return (
        match is not None
        and len(text) - match.end() <= 24
        and not text[match.end() : match.end() + 1].isalpha()
    )
