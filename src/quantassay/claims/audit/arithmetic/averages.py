"""Whether a printed average is the mean of the scores printed beside it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean

from quantassay.claims.audit.figures.figure import Figure
from quantassay.claims.audit.figures.grid import Spot
from quantassay.claims.audit.figures.headers import is_average
from quantassay.claims.sources.document import Document
from quantassay.records.audit import Finding, Quote

from .words import places, shown


@dataclass(frozen=True, slots=True)
class Average:
    """A printed average with the scores beside it."""

    figure: Figure
    parts: tuple[Figure, ...]
    line: int

    @property
    def mean(self) -> float:
        """The plain mean of the scores as printed."""
        return fmean(one.value for one in self.parts)

    @property
    def follows(self) -> bool:
        """Whether it can be the plain mean, of all scores or of all but one."""
        low, high = self.figure.span
        spans = [one.span for one in self.parts]
        least, most = sum(a for a, _ in spans), sum(b for _, b in spans)
        n = len(spans)
        if _meet(least / n, most / n, low, high):
            return True
        return n > 2 and any(
            _meet((least - a) / (n - 1), (most - b) / (n - 1), low, high) for a, b in spans
        )

    @property
    def inside(self) -> bool:
        """Whether it lies between the least and the largest score."""
        values = [one.value for one in self.parts]
        return min(values) <= self.figure.value <= max(values)


def averages(document: Document, grids: tuple[tuple[Spot, ...], ...]) -> list[Finding]:
    """Return the printed averages that are not the mean of the scores printed beside them."""
    found = []
    for grid in grids:
        for lines in (_rows(grid), _columns(grid)):
            found += _of_table(document, lines)
    return found


def _of_table(document: Document, read: list[Average]) -> list[Finding]:
    wrong = [one for one in read if not one.follows]
    if len(wrong) == len(read):
        return _unknown(document, [one for one in wrong if one.inside])
    return [_other(document, one) for one in wrong[:5]]


def _other(document: Document, one: Average) -> Finding:
    text = (
        f"The printed average {one.figure.text} does not follow from the {len(one.parts)} scores "
        f"beside it: their mean is {shown(one.mean, _decimals(one))}. Other averages of the table "
        f"are means."
    )
    return Finding("average", text, _quotes(document, one))


def _unknown(document: Document, wrong: list[Average]) -> list[Finding]:
    """Return one finding for a table none of whose averages is a plain mean."""
    if not wrong:
        return []
    one = wrong[0]
    text = (
        f"The printed average {one.figure.text} is not the mean of the {len(one.parts)} scores "
        f"beside it, {shown(one.mean, _decimals(one))}: what it averages, and with which weights, "
        f"is not "
        "disclosed."
    )
    return [Finding("average-open", text, _quotes(document, one))]


def _decimals(one: Average) -> int:
    return max(one.figure.decimals, 2)


def _quotes(document: Document, one: Average) -> tuple[Quote, ...]:
    return tuple(document.quote(*place) for place in places(one.figure, *one.parts)[:12])


def _rows(grid: tuple[Spot, ...]) -> list[Average]:
    """Return the averages that stand in a column of their own."""
    rows: dict[int, list[Spot]] = defaultdict(list)
    for spot in grid:
        rows[spot.row].append(spot)
    headers = {spot.column for spot in grid if _averaged(spot.column_label)}
    return [one for row, spots in rows.items() for one in _line(spots, headers, row, "column")]


def _columns(grid: tuple[Spot, ...]) -> list[Average]:
    """Return the averages that stand in a row of their own."""
    columns: dict[int, list[Spot]] = defaultdict(list)
    for spot in grid:
        columns[spot.column].append(spot)
    labels = {spot.row for spot in grid if _averaged(spot.row_label)}
    return [one for column, spots in columns.items() for one in _line(spots, labels, column, "row")]


def _averaged(label: str) -> bool:
    return is_average(label)


def _line(spots: list[Spot], averaged: set[int], line: int, along: str) -> list[Average]:
    """Return the averages of one line; each is of the scores since the one before."""
    parts: list[Figure] = []
    found = []
    for spot in spots:
        if spot.figure.role != "score" or spot.figure.lower_better is True:
            continue
        if getattr(spot, along) in averaged:
            if len(parts) > 1 and _one_scale((*parts, spot.figure)):
                found.append(Average(spot.figure, tuple(parts), line))
            parts = []
        else:
            parts.append(spot.figure)
    return found


def _one_scale(figures: tuple[Figure, ...]) -> bool:
    return len({one.is_fraction for one in figures}) == 1 and all(
        abs(x.value) <= 100 for x in figures
    )


def _meet(low: float, high: float, least: float, most: float) -> bool:
    return low <= most and least <= high
