"""Where throughput and loss stand in a chart: per cent across, pixels down, labels kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from .blocks import Frontier, Pair
from .charts import Axis, Tick, axis

HEIGHT = 340.0
#: how wide the plot is at its narrowest and widest where names are shown, and where numbers are
NAMED, NUMBERED = (740.0, 1070.0), (215.0, 760.0)
LONGEST = 26
_LETTER, _NUMBER_WIDTH, _LINE = 7.6, 16.0, 17.0
_REACH = 3.0
_MARK, _BESIDE = 8.0, 12.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """Where a text stands: pixels from its point across, pixels down the plot."""

    dx: float
    y: float
    leftwards: bool
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """A variant: per cent across, pixels down; ``cut``: its loss lies beyond the axis.

    ``box`` is the rectangle's left and width in per cent, top and height in pixels.
    """

    number: int
    pair: Pair
    x: float
    y: float
    cut: bool
    box: tuple[float, float, float, float] | None
    name: Label
    digit: Label


@dataclass(frozen=True, slots=True)
class MarginLine:
    """The margin: pixels down; ``below`` and ``left`` say at which end of it its text stands."""

    y: float
    below: bool
    left: bool

    @property
    def text_y(self) -> float:
        """Pixels down of the text's base line."""
        return self.y + (13.0 if self.below else -5.0)


@dataclass(frozen=True)
class FrontierPlot:
    """Throughput across, loss upwards."""

    frontier: Frontier
    points: tuple[Point, ...]
    across: tuple[Tick, ...]
    down: tuple[Tick, ...]
    margin: MarginLine | None
    zero: float
    one: float
    reference: Label
    height: float = HEIGHT

    @property
    def cut(self) -> bool:
        """Whether a loss or a rectangle runs beyond the axis."""
        return any(point.cut for point in self.points)


def frontier_plot(frontier: Frontier) -> FrontierPlot:
    """Place variants by throughput and loss, and keep their labels apart at any width."""
    across, down = _across(frontier.pairs), _down(frontier)
    one, zero = across.at(1.0), down.at(0.0)
    own = [(across.at(pair.speed), down.at(pair.loss)) for pair in frontier.pairs]
    spots = [*own, (one, zero)]
    margin = _margin(frontier, down, spots)
    held = _Held(tuple(spots), margin, frontier.margin_text)
    texts = [*(_words(pair) for pair in frontier.pairs), frontier.reference[:LONGEST]]
    *names, reference = _labels(spots, held, texts, NAMED)
    numbers = _labels(own, held, [str(i + 1) for i in range(len(own))], NUMBERED)
    return FrontierPlot(
        frontier=frontier,
        points=tuple(
            Point(i + 1, pair, *own[i], down.outside(pair.loss), _box(pair, across, down),
                  names[i], numbers[i])
            for i, pair in enumerate(frontier.pairs)
        ),
        across=across.ticks(),
        down=down.ticks(),
        margin=margin,
        zero=zero,
        one=one,
        reference=reference,
    )  # fmt: skip


def _margin(
    frontier: Frontier, down: Axis, spots: Sequence[tuple[float, float]]
) -> MarginLine | None:
    """Put the margin's text where it covers no mark, at its narrowest too; else at the right."""
    if frontier.margin is None:
        return None
    y, width = down.at(frontier.margin), NUMBERED[0]
    marks = [_mark(*spot, width) for spot in spots]
    places = [MarginLine(y, below, left) for below in (False, True) for left in (False, True)]
    free = (
        line
        for line in places
        if _free(_margin_box(line, frontier.margin_text, width), marks, width)
    )
    return next(free, places[0])


def _margin_box(line: MarginLine, text: str, width: float) -> Box:
    long, top = _LETTER * len(text), line.y if line.below else line.y - _LINE
    start = 0.0 if line.left else width - long
    return start, top, start + long, top + _LINE


def _mark(x: float, y: float, width: float) -> Box:
    middle = x * width / 100
    return middle - _MARK, y - _MARK, middle + _MARK, y + _MARK


def _across(pairs: Sequence[Pair]) -> Axis:
    return axis([1.0, *(end for p in pairs for end in (p.speed, *(p.speed_interval or ())))])


def _down(frontier: Frontier) -> Axis:
    """Hold zero and the margin; a loss of many margins may not press the others together."""
    ends = [end for p in frontier.pairs for end in (p.loss, *(p.loss_interval or ()))]
    margin = frontier.margin
    if margin is None or max(ends, default=0.0) <= 2 * _REACH * margin:
        return axis([0.0, *([] if margin is None else [margin]), *ends], HEIGHT, 0.0)
    near = [end for end in ends if end <= _REACH * margin]
    return axis([0.0, *near, _REACH * margin], HEIGHT, 0.0)


def _box(pair: Pair, across: Axis, down: Axis) -> tuple[float, float, float, float] | None:
    if pair.speed_interval is None and pair.loss_interval is None:
        return None
    left, right = (across.at(end) for end in pair.speed_interval or (pair.speed, pair.speed))
    low, high = (down.at(end) for end in pair.loss_interval or (pair.loss, pair.loss))
    return left, high, round(right - left, 3), round(low - high, 3)


def _words(pair: Pair) -> str:
    """Name a variant, with the precision where its name does not tell."""
    name = pair.name if len(pair.name) <= LONGEST else f"{pair.name[: LONGEST - 1]}…"
    own, precision = _plain(pair.name), _plain(pair.precision)
    return name if precision in own or own in precision else f"{name}, {pair.precision}"


def _plain(text: str) -> str:
    """Return letters and digits alone."""
    return "".join(filter(str.isalnum, text.lower()))


@dataclass(frozen=True, slots=True)
class _Held:
    """What no label may cover: marks, and the margin's own text."""

    marks: tuple[tuple[float, float], ...]
    margin: MarginLine | None
    text: str

    def boxes(self, width: float) -> list[Box]:
        found = [_mark(*mark, width) for mark in self.marks]
        return (
            found if self.margin is None else [*found, _margin_box(self.margin, self.text, width)]
        )


def _labels(
    spots: Sequence[tuple[float, float]],
    held: _Held,
    texts: Sequence[str],
    widths: tuple[float, float],
) -> list[Label]:
    """Put each text where it covers no other text and no mark, at either width of the plot."""
    taken = {width: held.boxes(width) for width in widths}
    found = []
    for (x, y), text in zip(spots, texts, strict=True):
        long = _NUMBER_WIDTH if text.isdigit() else _LETTER * (len(text) + 2)
        free = (
            one
            for one in _places(y, text)
            if all(_free(_reserved(one, x, long, w), boxes, w) for w, boxes in taken.items())
        )
        label = next(free, Label(_BESIDE, y, False, text))
        for width, boxes in taken.items():
            boxes.append(_reserved(label, x, long, width))
        found.append(label)
    return found


def _places(y: float, text: str) -> Iterator[Label]:
    """Yield places for a label, the nearest to its point first."""
    for step in range(2 * ceil(HEIGHT / _LINE)):
        shift = _BESIDE + _LINE * (step // 2)
        for leftwards in (False, True):
            across = -_BESIDE if leftwards else _BESIDE
            yield Label(across, y + shift * (1 if step % 2 else -1), leftwards, text)


def _reserved(label: Label, x: float, long: float, width: float) -> Box:
    start = x * width / 100 + label.dx - (long if label.leftwards else 0.0)
    return start, label.y - _LINE / 2, start + long, label.y + _LINE / 2


def _free(box: Box, taken: Sequence[Box], width: float) -> bool:
    left, top, right, bottom = box
    inside = left >= 0 and right <= width and top >= 0 and bottom <= HEIGHT
    return inside and all(
        right <= other[0] or left >= other[2] or bottom <= other[1] or top >= other[3]
        for other in taken
    )
