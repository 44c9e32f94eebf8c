"""The samples needed against the margin, as one self-contained SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import cycle
from math import ceil, floor, log10

from ..records.cells import stratum_label
from ..records.planned import Curve, Planned
from . import figures
from .charts import Axis, Tick
from .names import printable
from .planning_words import probability

LEFT, RIGHT, PANEL, GAP, TOP = 90.0, 560.0, 300.0, 100.0, 70.0
WIDTH, LABEL_GAP = 720, 16.0
STEPS = (1, 2, 5)
# told apart without colour by their dashes
STYLES = (("#0b5fa5", ""), ("#a3410b", "7 3"), ("#5b2a86", "2 3"), ("#2f6b2f", "9 3 2 3"))
FLOOR = ("#777777", "1 3")


@dataclass(frozen=True)
class Line:
    """One scenario's n against the margin."""

    name: str
    points: str
    colour: str
    dashes: str
    label_y: float


@dataclass(frozen=True)
class Panel:
    """One metric, on two logarithmic axes."""

    title: str
    axis: str
    left: float
    right: float
    top: float
    bottom: float
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]
    lines: tuple[Line, ...]
    declared: float | None
    there: float | None
    there_text: str


@dataclass(frozen=True)
class Chart:
    """All panels, below each other."""

    title: str
    description: str
    panels: tuple[Panel, ...]
    width: int
    height: int


def svg(planned: Planned) -> str:
    """Return the chart as text, to be written as UTF-8; all that comes from outside is escaped."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = files(__package__).joinpath("planning.svg.j2").read_text(encoding="utf-8")
    return environment.from_string(text).render(chart=chart(planned))


def chart(planned: Planned) -> Chart:
    """Place every metric's curves."""
    metrics = list(dict.fromkeys(curve.metric for curve in planned.curves))
    panels = tuple(
        _panel(planned, metric, TOP + place * (PANEL + GAP)) for place, metric in enumerate(metrics)
    )
    said = f"power {probability(planned.power)}, alpha {figures.alpha(planned.confidence)} a side"
    return Chart(
        title=f"Samples needed against the margin ({said})",
        description=" ".join(_spoken(planned, panel) for panel in panels)
        or "no margin is declared",
        panels=panels,
        width=WIDTH,
        height=int(TOP + len(panels) * (PANEL + GAP)),
    )


def _spoken(planned: Planned, panel: Panel) -> str:
    names = ", ".join(line.name for line in panel.lines)
    there = "" if planned.n is None else f" The test set has n {planned.n:,}."
    return f"{panel.title}: {names}.{there}"


def _panel(planned: Planned, metric: str, top: float) -> Panel:
    curves = [curve for curve in planned.curves if curve.metric == metric]
    cell = next(cell for cell in planned.cells if cell.metric == metric)
    counts = [n for curve in curves for n in (*curve.needed, *curve.floor) if n]
    there = [] if cell.n is None else [cell.n]
    across = _axis(curves[0].margins, LEFT, RIGHT)
    down = _axis([*counts, *there], top + PANEL, top)
    unit = figures.scale(cell.unit)
    return Panel(
        title=f"{printable(metric)} @ {printable(stratum_label(cell.stratum))}",
        axis=f"margin, {unit.loss_unit}" if unit.loss_unit else "margin",
        left=LEFT,
        right=RIGHT,
        top=top,
        bottom=top + PANEL,
        across=_ticks(across, lambda value: f"{unit.of(value):g}"),
        down=_ticks(down, lambda value: f"{value:,.0f}"),
        lines=_lines(curves, across, down),
        declared=across.at(log10(cell.margin)),
        there=None if cell.n is None else down.at(log10(cell.n)),
        there_text="" if cell.n is None else f"this test set: n {cell.n:,}",
    )


def _axis(values: Iterable[float], start: float, end: float) -> Axis:
    logs = [log10(value) for value in values if value > 0] or [0.0, 1.0]
    return Axis(min(logs) - 0.05, max(logs) + 0.05, start, end)


def _ticks(scale: Axis, text: Callable[[float], str]) -> tuple[Tick, ...]:
    decades = range(floor(scale.low), ceil(scale.high) + 1)
    values = [step * 10.0**decade for decade in decades for step in STEPS]
    return tuple(
        Tick(scale.at(log10(value)), text(value))
        for value in values
        if not scale.outside(log10(value))
    )


def _lines(curves: Sequence[Curve], across: Axis, down: Axis) -> tuple[Line, ...]:
    styled = zip(curves, cycle(STYLES), strict=False)
    drawn = [(_line_name(curve.scenario), curve.needed, style) for curve, style in styled]
    drawn.append(("floor", curves[0].floor, FLOOR))
    found: list[Line] = []
    for name, counts, (colour, dashes) in drawn:
        points = [
            (across.at(log10(value)), down.at(log10(n)))
            for value, n in zip(curves[0].margins, counts, strict=True)
            if n
        ]
        if points:
            text = " ".join(f"{x:g},{y:g}" for x, y in points)
            found.append(Line(printable(name), text, colour, dashes, points[-1][1] + 4))
    return _apart(found)


def _line_name(scenario: str) -> str:
    return f"{scenario} change" if scenario.endswith("%") else scenario


def _apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Move labels down until none covers another."""
    placed: list[Line] = []
    for line in sorted(lines, key=lambda each: each.label_y):
        least = placed[-1].label_y + LABEL_GAP if placed else line.label_y
        at = round(max(line.label_y, least), 2)
        placed.append(Line(line.name, line.points, line.colour, line.dashes, at))
    return tuple(placed)
