"""Parts: names in a text that each have a figure of their own, tasks or strata."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, takewhile

from quantassay.claims.audit.items.grid import Grid, numeric
from quantassay.claims.audit.items.reading import Reading
from quantassay.claims.audit.items.unlisted import CALIBRATES
from quantassay.claims.lexicons.matches import Match
from quantassay.claims.sources.document import TableCell

Wanted = Callable[[Match], bool]

_FIGURE = re.compile(
    r"[^\n|]{0,40}?(?:\|[^\n|\d]{0,24}){0,2}[^\n\d]{0,4}(?<![\w.])\d+(?:\.\d+)?\s?(?:%"
    r"|(?<=\.\d)|(?<=\.\d\d)|(?<=\.\d\d\d)|(?<=\.\d\d\d\d))"
)
_MODEL_HEADER = re.compile(r"model|network|checkpoint|\bnet\b|architecture|backbone", re.I)


def columns(grid: Grid, wanted: Wanted) -> list[Match]:
    """Return the wanted names that head columns with figures, one of each."""
    return _first_of_each(
        name
        for heads in (grid.table.header, *_further_heads(grid))
        for place, cell in enumerate(heads)
        if place in grid.scored
        for name in grid.in_cell(cell)
        if wanted(name)
    )


def _further_heads(grid: Grid) -> Iterable[Sequence[TableCell]]:
    """Return the rows right below the header that hold words only."""
    return takewhile(
        lambda row: sum(bool(cell.text) for cell in row) > 1 and not any(map(numeric, row)),
        grid.table.rows,
    )


def rows(grid: Grid, wanted: Wanted) -> list[Match]:
    """Return the wanted names that label rows with figures of one model, one of each."""
    models, at = models_of(grid), _models_at(grid)
    found: dict[str, list[Match]] = {}
    for place, row in enumerate(grid.table.rows):
        if any(numeric(cell) for cell in row):
            labels = _labels(cell for column, cell in enumerate(row) if column != at)
            names = (name for cell in labels for name in grid.in_cell(cell) if wanted(name))
            found.setdefault(models[place], []).extend(names)
    return max((_first_of_each(names) for names in found.values()), key=len, default=[])


def listed(reading: Reading, wanted: Sequence[Match]) -> list[Match]:
    """Return names outside tables that a figure follows on their line, one of each."""
    ends = {match.start: after.start for match, after in pairwise(wanted)}
    return _first_of_each(
        match
        for match in wanted
        if reading.grid_at(match.start) is None
        and _FIGURE.match(reading.text, match.end, ends.get(match.start, len(reading.text)))
    )


def tasks(reading: Reading) -> list[Match]:
    """Return the data sets that each have a figure for one model: the longest such list."""
    lists = [
        each for grid in reading.grids for each in (columns(grid, _scored), rows(grid, _scored))
    ]
    lists.append(listed(reading, scored_sets(reading)))
    return max(lists, key=len, default=[])


def scored_sets(reading: Reading) -> tuple[Match, ...]:
    """Return the data sets of a text without those that it only calibrates on."""
    return tuple(
        match
        for match in reading.of("dataset")
        if not CALIBRATES.search(reading.text, *_clause(reading, match))
    )


def sets(reading: Reading) -> list[Match]:
    """Return the data sets of one table or list, of whatever models: the longest such list."""
    lists = [
        _first_of_each(name for cell in grid.labels for name in grid.in_cell(cell) if _scored(name))
        for grid in reading.grids
    ]
    return max([*lists, tasks(reading)], key=len)


def _scored(match: Match) -> bool:
    return match.kind == "dataset"


def _clause(reading: Reading, match: Match) -> tuple[int, int]:
    """Return the words before a name, as far as they are of its sentence and near."""
    return max(reading.sentence(match.start)[0], match.start - 60), match.end


def models_of(grid: Grid) -> list[str]:
    """Return for each row the text under the header that names models; "" where none does."""
    at = _models_at(grid)
    if at is None:
        return ["" for _ in grid.table.rows]
    return [row[at].text if at < len(row) else "" for row in grid.table.rows]


def _models_at(grid: Grid) -> int | None:
    """Return the column that is said to hold models."""
    heads = (pair for row in (grid.table.header, *grid.table.above) for pair in enumerate(row))
    named = (place for place, cell in heads if _MODEL_HEADER.search(cell.text))
    return next((place for place in named if place not in grid.scored), None)


def _labels(row: Iterable[TableCell]) -> list[TableCell]:
    return [cell for cell in row if cell.text and not numeric(cell)]


def _first_of_each(names: Iterable[Match]) -> list[Match]:
    found: dict[str, Match] = {}
    for name in names:
        found.setdefault(name.name, name)
    return list(found.values())
