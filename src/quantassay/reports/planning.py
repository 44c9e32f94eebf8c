"""A plan on the console."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..records.cells import stratum_label
from ..records.planned import Curve, Outlook, Planned, PlannedCell
from . import figures
from .names import printable
from .planning_words import conclusions, margin, probability

if TYPE_CHECKING:
    from rich.console import Console

UNKNOWN = "–"


def render(planned: Planned, console: Console) -> None:
    """Print what every margin needs and what the test set can tell."""
    for line in _head(planned):
        console.print(line)
    if not planned.cells:
        console.print("nothing to plan: no margin is declared")
        return
    console.print(_cells(planned))
    for line in conclusions(planned):
        console.print(line)
    for metric in dict.fromkeys(curve.metric for curve in planned.curves):
        title, table = _against_margin(planned, metric)
        console.print(title)
        console.print(table)


def _head(planned: Planned) -> Iterator[str]:
    level = figures.alpha(planned.confidence)
    there = "no test set yet" if planned.n is None else f"n {planned.n:,}"
    name = f"{printable(planned.rubric)}: " if planned.rubric else ""
    yield (
        f"{name}{there}, confidence {figures.confidence(planned.confidence)} two-sided "
        f"(alpha {level} a side)"
    )
    loss = "without any true loss"
    if planned.loss:
        loss = f"whose true loss is {100 * planned.loss:g} % of each margin"
    yield f"needed: n for a PASS with power {probability(planned.power)} of a candidate {loss}"
    if any(name.endswith("%") for name in planned.scenarios):
        half = "" if planned.loss else ", half of them for the worse"
        yield f"per cent columns: that share of answers changes{half}"


def _cells(planned: Planned) -> object:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("metric", no_wrap=True)
    table.add_column("stratum", overflow="fold", min_width=12)
    table.add_column("margin", overflow="fold", justify="right", max_width=10)
    for name in ("n", "floor", *_headings(planned)):
        table.add_column(name, justify="right", no_wrap=True)
    for cell in planned.cells:
        table.add_row(*_row(cell, planned))
    return table


def _headings(planned: Planned) -> list[str]:
    if len(planned.scenarios) > 1:
        return [f"{name}{what}" for name in planned.scenarios for what in ("\nneeded", "\npower")]
    there = ["power", "detects", "half-\nwidth"] if planned.n is not None else []
    return ["needed", "for\nall", "at\nfloor", *there]


def _row(cell: PlannedCell, planned: Planned) -> list[str]:
    watched = "" if cell.role == "gate" else " (watch)"
    row = [
        printable(cell.metric),
        printable(stratum_label(cell.stratum)),
        margin(cell, cell.margin) + watched,
        _count(cell.n),
        "none" if cell.floor_n is None else _count(cell.floor_n),
    ]
    if len(planned.scenarios) == 1:
        return row + _in_full(cell, cell.outlooks[0], planned.n is not None)
    for outlook in cell.outlooks:
        row += [_count(outlook.needed), probability(outlook.power)]
    return row


def _in_full(cell: PlannedCell, outlook: Outlook, there: bool) -> list[str]:
    found = [
        _count(outlook.needed),
        _count(outlook.needed_each),
        probability(outlook.power_at_floor),
    ]
    if not there:
        return found
    return [
        *found,
        probability(outlook.power),
        *(_plain(cell, value) for value in (outlook.detectable, outlook.half_width)),
    ]


def _plain(cell: PlannedCell, value: float | None) -> str:
    """Write a loss in the margin's unit, without it."""
    return UNKNOWN if value is None else f"{figures.scale(cell.unit).of(value):.3g}"


def _count(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"


def _against_margin(planned: Planned, metric: str) -> tuple[str, object]:
    from rich import box
    from rich.table import Table

    curves = [curve for curve in planned.curves if curve.metric == metric]
    cell = next(cell for cell in planned.cells if cell.metric == metric)
    there = "" if planned.n is None else "; * where this test set has as many"
    title = (
        f"\nn needed against the margin: {printable(metric)} @ {stratum_label(cell.stratum)}, "
        f"power {probability(planned.power)}, alpha {figures.alpha(planned.confidence)}{there}"
    )
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("margin", "floor", *(curve.scenario for curve in curves)):
        table.add_column(name, justify="right")
    for place, value in enumerate(curves[0].margins):
        declared = " <- declared" if abs(value / cell.margin - 1) < 1e-9 else ""
        table.add_row(
            margin(cell, value, 3) + declared,
            _count(curves[0].floor[place]),
            *(_reached(curve, place, cell.n) for curve in curves),
        )
    return title, table


def _reached(curve: Curve, place: int, n: int | None) -> str:
    needed = curve.needed[place]
    inside = needed is not None and n is not None and needed <= n
    return _count(needed) + ("*" if inside else "")
