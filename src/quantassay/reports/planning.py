"""A plan on the console."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..records.cells import stratum_label
from ..records.planned import Curve, Outlook, Planned, PlannedCell
from . import figures
from .console import print_wrapped
from .names import printable
from .planning_table import aligned, beneath, blocks, width
from .planning_words import conclusions, margin, probability

if TYPE_CHECKING:
    from rich.console import Console

UNKNOWN = "–"
EDGE = 2
Line = tuple[str, str]
NOTHING = (
    "nothing to plan: no margin is declared",
    "declare the largest loss that you accept beneath a metric of the rubric, such as "
    "'margin: 0.02', and for its strata 'by: {<stratum>: 0.05}'; 0.01 is one percentage point",
)


def render(planned: Planned, console: Console) -> None:
    """Print what every margin needs and what the test set can tell; nothing is cropped."""
    from rich.text import Text

    for line, style in _lines(planned, max(console.width - EDGE, 20)):
        print_wrapped(console, Text(line, style), 0)


def _lines(planned: Planned, room: int) -> Iterator[Line]:
    """Yield every line with its style."""
    if not planned.cells:
        yield from ((line, "") for line in NOTHING)
        return
    yield from ((line, "") for line in _head(planned))
    yield "", ""
    yield from _cells(planned, room)
    yield "", ""
    yield from ((line, "") for line in conclusions(planned))
    for metric in dict.fromkeys(curve.metric for curve in planned.curves):
        yield "", ""
        yield from _against_margin(planned, metric, room)


def _head(planned: Planned) -> Iterator[str]:
    level = figures.alpha(planned.confidence)
    there = "no test set yet" if planned.n is None else f"n {planned.n:,}"
    name = f"{printable(planned.rubric)}: " if planned.rubric else ""
    yield (
        f"{name}{there}, confidence {figures.confidence(planned.confidence)} two-sided "
        f"(alpha {level} a side)"
    )
    for text in planned.warnings:
        yield f"warning: {text}"
    if not planned.scenarios:
        return
    loss = "without any true loss"
    if planned.loss:
        loss = f"whose true loss is {100 * planned.loss:g} % of each margin"
    yield f"needed: n for a PASS with power {probability(planned.power)} of a candidate {loss}"
    if any(name.endswith("%") for name in planned.scenarios):
        half = "" if planned.loss else ", half of them for the worse"
        yield f"changes: the share of answers that is expected to change{half}"


def _cells(planned: Planned, room: int) -> Iterator[Line]:
    """Yield a line for each cell and scenario; where it is too long, scenarios beneath cells."""
    facts = ["metric", "stratum", "margin", *(["n"] if planned.n is not None else []), "floor"]
    heads = ["changes", *_headings(planned)] if planned.scenarios else []
    rows = [[*facts, *heads]]
    for cell in planned.cells:
        own, outlooks = _facts(cell, planned), _outlooks(cell, planned)
        rows += [[*(own if i == 0 else [""] * len(own)), *row] for i, row in enumerate(outlooks)]
    if width(rows) <= room:
        first, *rest = aligned(rows, left=2)
        yield first, "bold"
        yield from ((line, "") for line in rest)
        return
    yield from _beneath(planned, heads, room)


def _beneath(planned: Planned, heads: Sequence[str], room: int) -> Iterator[Line]:
    named = [(_title(cell, planned), _outlooks(cell, planned)) for cell in planned.cells]
    if not heads:
        yield from ((title, "") for title, _ in named)
        return
    for line, bold in beneath(named, heads, room):
        yield line, "bold" if bold else ""


def _title(cell: PlannedCell, planned: Planned) -> str:
    name = f"{printable(cell.metric)} @ {printable(stratum_label(cell.stratum))}"
    there = "" if cell.n is None else f", n {cell.n:,}"
    return f"{name}: margin {_margin(cell)}{there}, floor {_floor(cell, planned)}"


def _facts(cell: PlannedCell, planned: Planned) -> list[str]:
    names = [printable(cell.metric), printable(stratum_label(cell.stratum))]
    return [
        *names,
        _margin(cell),
        *([_count(cell.n)] if planned.n is not None else []),
        _floor(cell, planned),
    ]


def _margin(cell: PlannedCell) -> str:
    return margin(cell, cell.margin) + ("" if cell.role == "gate" else " (watch)")


def _floor(cell: PlannedCell, planned: Planned) -> str:
    if cell.floor_n is not None:
        return _count(cell.floor_n)
    return "none" if planned.rubric else UNKNOWN


def _headings(planned: Planned) -> list[str]:
    all_of_them = ["for all"] if planned.several else []
    there = ["power", "detects", "half-width"] if planned.n is not None else []
    return ["needed", *all_of_them, "at floor", *there]


def _outlooks(cell: PlannedCell, planned: Planned) -> list[list[str]]:
    """Return a row of each scenario; an empty one where there is none."""
    pairs = zip(planned.scenarios, cell.outlooks, strict=True)
    return [[printable(name), *_in_full(cell, one, planned)] for name, one in pairs] or [[]]


def _in_full(cell: PlannedCell, outlook: Outlook, planned: Planned) -> list[str]:
    each = [_count(outlook.needed_each)] if planned.several else []
    found = [_count(outlook.needed), *each, probability(outlook.power_at_floor)]
    if planned.n is None:
        return found
    losses = outlook.detectable, outlook.half_width
    return [*found, probability(outlook.power), *(_loss(cell, value) for value in losses)]


def _loss(cell: PlannedCell, value: float | None) -> str:
    return UNKNOWN if value is None else margin(cell, value, 3)


def _count(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"


def _against_margin(planned: Planned, metric: str, room: int) -> Iterator[Line]:
    curves = [curve for curve in planned.curves if curve.metric == metric]
    cell = next(cell for cell in planned.cells if cell.metric == metric)
    there = "" if planned.n is None else "; * where this test set has as many"
    yield (
        f"n needed against the margin: {printable(metric)} @ "
        f"{printable(stratum_label(cell.stratum))}, power {probability(planned.power)}, "
        f"alpha {figures.alpha(planned.confidence)}{there}",
        "",
    )
    rows = [["margin", "floor", *(curve.scenario for curve in curves)]]
    for place, value in enumerate(curves[0].margins):
        declared = " <- declared" if abs(value / cell.margin - 1) < 1e-9 else ""
        floor = _count(curves[0].floor[place])
        reached = (_reached(curve, place, cell.n) for curve in curves)
        rows.append([margin(cell, value, 3) + declared, floor, *reached])
    for block in blocks(rows, 2, room):
        first, *rest = aligned(block, left=0)
        yield first, "bold"
        yield from ((line, "") for line in rest)


def _reached(curve: Curve, place: int, n: int | None) -> str:
    needed = curve.needed[place]
    inside = needed is not None and n is not None and needed <= n
    return _count(needed) + ("*" if inside else "")
