"""Where things stand in a chart: data to per cent across and pixels down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, floor, isfinite, log, log10

from .blocks import Forest, ForestRow
from .figures import trimmed

_STEPS = (1, 2, 2.5, 5, 10)
_REACH = 1.0
_APART, _EDGE = 13.0, 5.0


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


@dataclass(frozen=True)
class BentAxis(Axis):
    """An axis that is linear up to ``bend`` on both sides of zero, and logarithmic beyond."""

    bend: float = 1.0

    def at(self, value: float) -> float:
        """Return where a value stands, held within the axis."""
        whole = Axis(self._bent(self.low), self._bent(self.high), self.start, self.end)
        return whole.at(self._bent(value))

    def _bent(self, value: float) -> float:
        size = abs(value) / self.bend
        return (size if size <= 1 else 1 + log(size)) * (1 if value >= 0 else -1)

    def ticks(self, wanted: int = 5) -> tuple[Tick, ...]:
        """Return zero, the bends, and round values beyond, so far apart that texts fit."""
        found: list[Tick] = []
        for value in self._round():
            one = Tick(self.at(value), trimmed(value, max(0, 2 - floor(log10(abs(value) or 1.0)))))
            inside = not self.outside(value) and _EDGE <= one.at <= 100 - _EDGE
            if inside and all(abs(one.at - other.at) >= _APART for other in found):
                found.append(one)
        return tuple(sorted(found, key=lambda tick: tick.at))

    def _round(self) -> list[float]:
        """Return round values, the most telling first."""
        most = max(abs(self.low), abs(self.high))
        decades = range(floor(log10(self.bend)), floor(log10(most)) + 1)
        beyond = [step * 10.0**power for step in (1, 5, 2) for power in decades]
        both = [value for value in beyond if value > self.bend]
        return [sign * value for value in (0.0, self.bend, *both) for sign in (1, -1)]


def bent(values: Iterable[float], bend: float) -> BentAxis:
    """Return an axis bent on both sides of zero that holds the values with a little room."""
    ends = [0.0, *values]
    return BentAxis(_farther(min(ends), -bend), _farther(max(ends), bend), bend=bend)


def _farther(value: float, bend: float) -> float:
    """Go a little farther than a value on its side, by as much on paper whatever its size."""
    return value * exp(0.3) if abs(value) > abs(bend) else value + 0.3 * bend


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
    """One row of a forest plot in per cent across; ``cut`` ends run beyond the axis.

    ``first`` of the lines that share a label; ``head`` is the group that it opens, '' if none.
    """

    row: ForestRow
    loss: float | None
    low: float | None
    high: float | None
    margin: float | None
    cut_low: bool
    cut_high: bool
    outer: tuple[float, float] | None = None
    first: bool = True
    head: str = ""


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
    scale = _forest_axis(forest.rows) if forest.bend is None else _bent_axis(forest)
    above = (None, *forest.rows[:-1])
    strips = tuple(_strip(row, one, scale) for row, one in zip(forest.rows, above, strict=False))
    cut = any(strip.cut_low or strip.cut_high for strip in strips)
    return ForestPlot(forest, strips, scale.ticks(), scale.at(0.0), cut)


def _bent_axis(forest: Forest) -> BentAxis:
    """Hold everything: far values take little room."""
    known = [
        value
        for row in forest.rows
        for value in (row.loss, row.low, row.high, row.margin, *(row.outer or ()))
        if value is not None and isfinite(value)
    ]
    return bent(known, forest.bend or 1.0)


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


def _strip(row: ForestRow, above: ForestRow | None, scale: Axis) -> Strip:
    opens = above is None or above.group != row.group

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
        outer=None if row.outer is None else (scale.at(row.outer[0]), scale.at(row.outer[1])),
        first=opens or not row.of or above is None or above.label != row.label,
        head=row.group if opens else "",
    )
