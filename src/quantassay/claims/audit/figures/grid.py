"""A table as figures with the words that belong to each."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quantassay.claims.sources.document import Table, TableCell

from .cells import is_numeric, label_columns, values
from .figure import Figure, Role, figure
from .headers import is_average, lower_better, role
from .names import named
from .numbers import Printed
from .variants import variant, without_bits

MOST_CELLS = 4000
_LONGEST_ROW = 300
_WEAK = ("other", "n")
_STATED = ("loss", "delta", "recovery")


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure of a table with its place in it, its labels, and a second number of its cell."""

    figure: Figure
    aside: Figure | None
    row: int
    column: int
    row_label: str
    column_label: str
    row_names: tuple[str, ...]


def spots(table: Table, most: int = MOST_CELLS) -> tuple[Spot, ...]:
    """Return the figures of a table, row by row, at most ``most``."""
    labels = label_columns(table)
    title = " ".join((table.caption, *table.headings[-1:]))
    found: list[Spot] = []
    carried: dict[int, str] = {}
    for index, row in enumerate(table.rows):
        names = _names(row, labels, carried)
        for column, cell in enumerate(row):
            if column in labels or not is_numeric(cell):
                continue
            spot = _spot(table, title, names, index, column)
            if spot is not None:
                found.append(spot)
            if len(found) >= most:
                return tuple(found)
    return tuple(found)


def _names(
    row: tuple[TableCell, ...], labels: tuple[int, ...], carried: dict[int, str]
) -> tuple[str, ...]:
    """Return the words that name a row; an empty cell takes those of the row above it."""
    for column in labels:
        text = row[column].text.strip()
        if text:
            carried[column] = text
    return tuple(carried[column] for column in labels if carried.get(column))


def _spot(table: Table, title: str, names: tuple[str, ...], index: int, column: int) -> Spot | None:
    cell = table.rows[index][column]
    main, aside = values(cell)
    if main is None:
        return None
    header = column_label(table, column)
    row_label = " ".join(names)
    chosen = _role(main, header, row_label)
    if aside is not None and chosen in _STATED:
        chosen = "score"
    words = cell.text if named(cell.text).metric else ""
    place = _described(main, chosen, f"{words} {header}".strip(), row_label, title)
    row = _stretch(table.rows[index], cell)
    place = replace(place, start=cell.start, end=cell.end, row=row, table=table.start + 1)
    second = None if aside is None else _aside(aside, place, header + " " + row_label)
    return Spot(place, second, index, column, row_label, header, names)


def column_label(table: Table, column: int) -> str:
    """Return the header of a column under those above it."""
    above = [row[column].text for row in table.above if column < len(row)]
    own = table.header[column].text if column < len(table.header) else ""
    return " ".join(dict.fromkeys(text.strip() for text in (*above, own) if text.strip()))


def _role(main: Printed, header: str, row_label: str) -> Role:
    """Return what a number is: by its unit, its header, its row, and else a score."""
    by_unit: dict[str, Role] = {
        "times": "speedup", "time": "latency", "rate": "throughput", "size": "size",
    }  # fmt: skip
    found = role(without_bits(header))
    if found in _WEAK and _scored(header):
        found = None
    if found is None or (found == "delta" and variant(header)):
        found = _row_role(row_label) or found
    if found in (None, "other") and main.unit in by_unit:
        return by_unit[main.unit]
    return found or "score"


def _scored(label: str) -> bool:
    names = named(label)
    return bool(names.dataset or names.metric)


def _row_role(row_label: str) -> Role | None:
    """Return the role that a row gives to its numbers, where it names no variant."""
    found = role(without_bits(row_label)) if variant(row_label) is None else None
    return None if found in _WEAK and _scored(row_label) else found


def _described(main: Printed, chosen: Role, header: str, row_label: str, title: str) -> Figure:
    one, other, third = named(header), named(row_label), named(title)
    words = f"{header} {row_label}"
    lower = lower_better(header)
    lower = lower_better(words) if lower is None else lower
    return replace(
        figure(main, chosen, (0, 0)),
        metric=one.metric or other.metric or third.metric,
        dataset=one.dataset or other.dataset or third.dataset,
        variant=variant(header) or variant(row_label),
        lower_better=lower if lower is not None else lower_better(title),
        average=is_average(header) or is_average(row_label),
    )


def _aside(aside: Printed, place: Figure, words: str) -> Figure:
    """Return the number in parentheses: a loss or a recovery where header or sign says so."""
    found = role(words)
    if found not in _STATED:
        found = "delta" if aside.sign else "other"
        if not aside.sign and aside.unit == "percent" and 80 <= aside.value <= 110:
            found = "recovery"
    second = figure(aside, found, place.row)
    return replace(second, start=place.start, end=place.end, table=place.table)


def _stretch(row: tuple[TableCell, ...], cell: TableCell) -> tuple[int, int]:
    """Return the row to quote, or the cell where the row is long."""
    filled = [one for one in row if one.text.strip()]
    start, end = min(one.start for one in filled), max(one.end for one in filled)
    return (start, end) if 0 < end - start <= _LONGEST_ROW else (cell.start, cell.end)
