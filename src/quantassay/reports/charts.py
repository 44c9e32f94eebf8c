"""Where things stand in a chart: data to per cent across and pixels down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10

from .blocks import Forest, ForestRow, Frontier, Pair, Tone
from .figures import trimmed

_STEPS = (1, 2, 2.5, 5, 10)
_REACH = 1.0
PLOT_HEIGHT = 300.0
_LABEL_GAP = 17.0
_NEAR = 24.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis."""

    at: float
    text: str


@dataclass(frozen=True)
class Axis:
    """A linear axis from ``low`` to ``high``, drawn from ``start`` to ``end``."""

    low: float
    high: float
    start: float = 0.0
    end: float = 100.0

    def at(self, value: float) -> float:
        """Return where a value stands, held within the axis."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 3)

    def outside(self, value: float) -> bool:
        """Return whether a value lies beyond the axis."""
        return not self.low <= value <= self.high

    def ticks(self, wanted: int = 5) -> tuple[Tick, ...]:
        """Return round values within the axis."""
        step = _round_step((self.high - self.low) / wanted)
        first = -floor(-self.low / step)
        last = floor(self.high / step)
        decimals = max(0, -floor(log10(step)) + 1)
        return tuple(
            Tick(self.at(index * step), trimmed(index * step, decimals))
            for index in range(first, last + 1)
        )


def _round_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * 0.75)


def axis(values: Iterable[float], start: float = 0.0, end: float = 100.0) -> Axis:
    """Return an axis that holds the values with a little room on both sides."""
    known = [value for value in values if isfinite(value)] or [0.0]
    low, high = min(known), max(known)
    room = 0.06 * (high - low) or max(abs(high), 1.0) * 0.1
    return Axis(low - room, high + room, start, end)


@dataclass(frozen=True, slots=True)
class Strip:
    """One row of a forest plot in per cent across; ``cut`` ends run beyond the axis."""

    row: ForestRow
    loss: float | None
    low: float | None
    high: float | None
    margin: float | None
    cut_low: bool
    cut_high: bool


@dataclass(frozen=True)
class ForestPlot:
    """A forest plot in per cent across."""

    forest: Forest
    strips: tuple[Strip, ...]
    ticks: tuple[Tick, ...]
    zero: float
    cut: bool


def forest_plot(forest: Forest) -> ForestPlot:
    """Place every row on one axis; very wide intervals are cut and marked."""
    scale = _forest_axis(forest.rows)
    strips = tuple(_strip(row, scale) for row in forest.rows)
    cut = any(strip.cut_low or strip.cut_high for strip in strips)
    return ForestPlot(forest, strips, scale.ticks(), scale.at(0.0), cut)


def _forest_axis(rows: Sequence[ForestRow]) -> Axis:
    """Hold zero, every loss and margin; let intervals reach as far again on each side."""
    core = [0.0]
    for row in rows:
        core += [value for value in (row.loss, row.margin) if value is not None]
        if row.whole:
            core += [value for value in (row.low, row.high) if value is not None]
    low, high = min(core), max(core)
    reach = _REACH * (high - low) or 1.0
    wide = [end for row in rows for end in (row.low, row.high) if end is not None]
    held = [min(max(end, low - reach), high + reach) for end in wide]
    return axis([*core, *held])


def _strip(row: ForestRow, scale: Axis) -> Strip:
    def place(value: float | None) -> float | None:
        return None if value is None else scale.at(value)

    return Strip(
        row=row,
        loss=place(row.loss),
        low=place(row.low),
        high=place(row.high),
        margin=place(row.margin),
        cut_low=row.low is not None and scale.outside(row.low),
        cut_high=row.high is not None and scale.outside(row.high),
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A candidate of the frontier: per cent across, pixels down; the label beside it."""

    name: str
    tone: Tone
    x: float
    y: float
    box: tuple[float, float, float, float] | None
    label_y: float
    leftwards: bool


@dataclass(frozen=True)
class FrontierPlot:
    """Throughput across, loss upwards."""

    frontier: Frontier
    points: tuple[Point, ...]
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]
    margin: float | None
    zero: float
    one: float
    height: float = PLOT_HEIGHT


def frontier_plot(frontier: Frontier) -> FrontierPlot:
    """Place candidates by throughput and loss, and keep their labels apart."""
    across = axis([1.0, *_values(frontier.pairs, "speed")])
    level = [] if frontier.margin is None else [frontier.margin]
    down = axis([0.0, *level, *_values(frontier.pairs, "loss")], PLOT_HEIGHT, 0.0)
    points = [_point(pair, across, down) for pair in frontier.pairs]
    return FrontierPlot(
        frontier=frontier,
        points=_labelled(points),
        across=across.ticks(),
        down=down.ticks(),
        margin=None if frontier.margin is None else down.at(frontier.margin),
        zero=down.at(0.0),
        one=across.at(1.0),
    )


def _values(pairs: Sequence[Pair], side: str) -> list[float]:
    found: list[float] = []
    for pair in pairs:
        middle, bounds = (
            (pair.speed, pair.speed_interval)
            if side == "speed"
            else (pair.loss, pair.loss_interval)
        )
        found += [middle, *(bounds or ())]
    return found


def _point(pair: Pair, across: Axis, down: Axis) -> Point:
    x, y = across.at(pair.speed), down.at(pair.loss)
    left, right = (across.at(end) for end in pair.speed_interval or (pair.speed, pair.speed))
    low, high = (down.at(end) for end in pair.loss_interval or (pair.loss, pair.loss))
    known = pair.speed_interval or pair.loss_interval
    box = (left, high, round(right - left, 3), round(low - high, 3)) if known else None
    return Point(pair.name, pair.tone, x, y, box, y, leftwards=x > 70)


def _labelled(points: Sequence[Point]) -> tuple[Point, ...]:
    """Move labels down until none covers another that is near it across."""
    placed: list[Point] = []
    for point in sorted(points, key=lambda each: each.y):
        rivals = [other for other in placed if abs(other.x - point.x) < _NEAR]
        below = max((other.label_y + _LABEL_GAP for other in rivals), default=0.0)
        label_y = max(point.y, below)
        placed.append(
            Point(point.name, point.tone, point.x, point.y, point.box, label_y, point.leftwards)
        )
    return tuple(placed)
