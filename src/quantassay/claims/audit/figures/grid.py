"""A table as figures with the words that belong to each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from quantassay.claims.sources.document import Table, TableCell

from .cells import is_numeric, label_columns, values
from .figure import Figure, Role, figure
from .headers import is_average, lower_better, role
from .names import named
from .numbers import Printed, numbers
from .variants import Variant, variant, without_bits

MOST_CELLS = 4000
_LONGEST_ROW = 300
_WEAK = ("other", "n")
_STATED = ("loss", "delta", "recovery")
_COSTS = ("latency", "throughput", "size")


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


@dataclass(frozen=True, slots=True)
class Halves:
    """Two numbers of one cell with the variant of each."""

    printed: tuple[Printed, Printed]
    variants: tuple[Variant, Variant]


def spots(table: Table, lead: str = "", most: int = MOST_CELLS) -> tuple[Spot, ...]:
    """Return the figures of a table, row by row, at most ``most``.

    ``lead`` is the line before the table, which may say that it is of times or sizes.
    """
    labels = label_columns(table)
    corners = (table.header[column].text for column in labels if column < len(table.header))
    title = " ".join((table.caption, *table.headings[-1:], *corners))
    cost = next((one for one in map(role, (lead, title)) if one in _COSTS), None)
    found: list[Spot] = []
    carried: dict[int, str] = {}
    width = len(table.rows[0]) if table.rows else 0
    headers = [column_label(table, column) for column in range(width)]
    for index, row in enumerate(table.rows):
        names = _names(row, labels, carried)
        for column, cell in enumerate(row):
            if column in labels or not is_numeric(cell):
                continue
            spot = _spot(table, (title, headers[column]), names, (index, column))
            if spot is not None:
                spot = _costly(spot, cost)
                found.append(spot)
            if len(found) >= most:
                return tuple(found)
    return tuple(found)


def _costly(spot: Spot, cost: Role | None) -> Spot:
    """Return a figure in the role of its table, where it has no unit or name of a score."""
    one = spot.figure
    scored = one.metric or one.dataset or one.unit == "percent" or one.lower_better is not None
    if cost is None or one.role != "score" or scored:
        return spot
    return replace(spot, figure=replace(one, role=cost))


def _names(
    row: tuple[TableCell, ...], labels: tuple[int, ...], carried: dict[int, str]
) -> tuple[str, ...]:
    """Return the words that name a row; an empty cell takes those of the row above it."""
    for column in labels:
        text = row[column].text.strip()
        if text:
            carried[column] = text
    return tuple(carried[column] for column in labels if carried.get(column))


def _spot(
    table: Table, titles: tuple[str, str], names: tuple[str, ...], place: tuple[int, int]
) -> Spot | None:
    """Return the figure of a cell; ``titles`` are the table's and the column's."""
    (title, header), (index, column) = titles, place
    cell = table.rows[index][column]
    halves = _halves(cell, header)
    main, aside = halves.printed if halves else values(cell)
    if main is None:
        return None
    row_label = " ".join(names)
    chosen = _role(main, header, row_label)
    if aside is not None and chosen in _STATED:
        chosen = "score"
    words = cell.text if named(cell.text).metric else ""
    stretch = _stretch(table.rows[index], cell)
    one = figure(
        main,
        chosen,
        stretch,
        start=cell.start,
        end=cell.end,
        table=table.start + 1,
        variant=variant(header) or variant(row_label),
        average=is_average(header) or is_average(row_label),
        **_names_of(f"{words} {header}".strip(), row_label, title),
    )
    if halves and aside is not None:
        first, other = halves.variants
        half = replace(one, variant=other, **_number_of(aside))
        return Spot(replace(one, variant=first), half, index, column, row_label, header, names)
    second = None if aside is None else _aside(aside, one, header + " " + row_label)
    return Spot(one, second, index, column, row_label, header, names)


def _number_of(one: Printed) -> dict[str, Any]:
    return {
        "value": one.value, "decimals": one.decimals, "unit": one.unit, "text": one.text,
        "sign": one.sign, "bound": one.bound,
    }  # fmt: skip


def _halves(cell: TableCell, header: str) -> Halves | None:
    """Return the numbers of a cell such as "21.5 / 15.6" under "original / quantized"."""
    if "/" not in cell.text or "/" not in header:
        return None
    found = [one for part in cell.text[:60].split("/") for one in islice(numbers(part), 2)]
    both = [one for part in header.split("/") if (one := variant(part)) is not None]
    if len(found) != 2 or len(both) != 2 or both[0].side == both[1].side:
        return None
    return Halves((found[0], found[1]), (both[0], both[1]))


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
    if found in ("n", "count") and not _whole(main):
        return "other" if main.unit == "none" else "delta" if main.sign else "score"
    return found or "score"


def _whole(main: Printed) -> bool:
    return main.decimals == 0 and main.unit == "none" and main.value >= 0


def _scored(label: str) -> bool:
    names = named(label)
    return bool(names.dataset or names.metric)


def _row_role(row_label: str) -> Role | None:
    """Return the role that a row gives to its numbers, where it names no variant."""
    found = role(without_bits(row_label)) if variant(row_label) is None else None
    return None if found in _WEAK and _scored(row_label) else found


@lru_cache(maxsize=8192)
def _names_of(header: str, row_label: str, title: str) -> dict[str, Any]:
    """Return the metric, the dataset and the better end that a cell's labels name."""
    one, other, third = named(header), named(row_label), named(title)
    lower = lower_better(header)
    lower = lower_better(f"{header} {row_label}") if lower is None else lower
    return {
        "metric": one.metric or other.metric or third.metric,
        "dataset": one.dataset or other.dataset or third.dataset,
        "lower_better": lower if lower is not None else lower_better(title),
    }


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
