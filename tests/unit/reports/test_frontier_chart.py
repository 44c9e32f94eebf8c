from __future__ import annotations

from itertools import combinations

import pytest

from quantassay.reports import frontier_chart
from quantassay.reports.blocks import Frontier, Pair, Tone
from quantassay.reports.frontier_chart import HEIGHT, NAMED, NUMBERED, Label, frontier_plot

Ends = tuple[float, float] | None


def pair(name: str, speed: float, loss: float, ends: Ends = None, tone: Tone = "pass") -> Pair:
    across = None if ends is None else (speed * 0.95, speed * 1.05)
    return Pair(name, "int8", "", speed, across, loss, ends, tone)


def chart(*pairs: Pair, margin: float | None = 2.0) -> Frontier:
    return Frontier("t", "d", "x", "y", pairs, "fp32", margin, "margin 2 pp")


def test_more_loss_is_higher_and_more_speed_further_right() -> None:
    made = chart(pair("slow", 0.8, 0.1, (0.0, 0.2)), pair("fast", 1.9, 5.0, tone="fail"))
    plot = frontier_plot(made)
    by_name = {point.pair.name: point for point in plot.points}
    assert by_name["slow"].x < plot.one < by_name["fast"].x
    assert plot.margin is not None
    assert by_name["fast"].y < plot.margin.y < by_name["slow"].y
    assert by_name["fast"].box is None
    assert by_name["slow"].box is not None


def test_a_rectangle_holds_its_point() -> None:
    (point,) = frontier_plot(chart(pair("a", 1.5, 1.0, (0.5, 1.5)))).points
    assert point.box is not None
    left, top, width, height = point.box
    assert left < point.x < left + width
    assert top < point.y < top + height


def test_a_loss_of_many_margins_leaves_room_for_the_others() -> None:
    plot = frontier_plot(chart(pair("poor", 1.9, 40.0, (35.0, 45.0)), pair("fine", 1.5, 0.5)))
    poor, fine = plot.points
    assert poor.cut and plot.cut and not fine.cut
    assert plot.margin is not None
    assert plot.zero - plot.margin.y > HEIGHT / 5
    assert 0 <= poor.y < plot.margin.y


def test_without_a_margin_nothing_is_cut() -> None:
    plot = frontier_plot(chart(pair("a", 1.9, 40.0), pair("b", 1.5, 0.5), margin=None))
    assert plot.margin is None
    assert not plot.cut


def test_nothing_to_draw_is_drawn() -> None:
    plot = frontier_plot(chart())
    assert plot.points == ()
    assert 0 < plot.one < 100


CROWDS = {
    "alike": [(f"variant-{i}", 1.5, 1.0) for i in range(5)],
    "spread": [
        ("bf16", 1.05, 0.0), ("fp16-emulated", 0.62, 0.01), ("int8-static-per-channel", 1.86, 0.3),
        ("int8-static-per-tensor", 1.9, 0.4), ("int8-dynamic", 1.22, 0.1),
        ("int4-awq-group-128", 2.4, 1.1), ("int4-rtn", 2.41, 4.5), ("w4a16-gptq", 2.38, 1.25),
    ],
    "on the margin": [("one", 2.0, 2.0), ("two", 1.0, 2.0)],
}  # fmt: skip


@pytest.mark.parametrize("crowd", CROWDS)
@pytest.mark.parametrize("width", [*NAMED, *NUMBERED, 900.0])
def test_labels_cover_neither_each_other_nor_a_mark(crowd: str, width: float) -> None:
    plot = frontier_plot(chart(*(pair(*each) for each in CROWDS[crowd])))
    named = width >= NAMED[0]
    boxes = [_box(point.name if named else point.digit, point.x, width) for point in plot.points]
    marks = [frontier_chart._mark(point.x, point.y, width) for point in plot.points]
    assert not [1 for one, other in combinations(boxes, 2) if _meet(one, other)]
    assert not [1 for one in boxes for other in marks if _meet(one, other)]
    assert all(
        box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= HEIGHT for box in boxes
    )


def _box(label: Label, x: float, width: float) -> tuple[float, float, float, float]:
    """A letter is 7 pixels wide or less."""
    long = 12.0 if label.text.isdigit() else 7.0 * (len(label.text) + 2)
    start = x * width / 100 + label.dx - (long if label.leftwards else 0.0)
    return start, label.y - 8, start + long, label.y + 8


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_the_margin_is_named_where_no_mark_stands() -> None:
    plot = frontier_plot(chart(pair("right", 2.0, 2.1)))
    assert plot.margin is not None
    assert plot.margin.left
    assert not frontier_plot(chart(pair("low", 2.0, 0.1))).margin.left  # type: ignore[union-attr]


def test_a_label_says_the_precision_where_the_name_does_not() -> None:
    made = Pair("w4a16", "int4", "", 2.0, None, 0.0, None, "pass")
    (point,) = frontier_plot(chart(made)).points
    assert point.name.text == "w4a16, int4"
    (point,) = frontier_plot(chart(pair("int8-static", 2.0, 0.0))).points
    assert point.name.text == "int8-static"
