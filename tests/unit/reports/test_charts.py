from __future__ import annotations

import pytest

from quantassay.reports.blocks import Forest, ForestRow
from quantassay.reports.charts import axis, forest_plot


def _row(loss: float | None, low: float | None, high: float | None, **more: object) -> ForestRow:
    margin = more.pop("margin", None)
    return ForestRow("x", "", "", loss, low, high, margin, "plain", **more)  # type: ignore[arg-type]


def test_an_axis_holds_its_values_and_ticks_are_round() -> None:
    made = axis([0.0, 10.0])
    assert made.low < 0 < 10 < made.high
    assert [tick.text for tick in made.ticks()] == ["0", "2", "4", "6", "8", "10"]
    assert 0 < made.at(0.0) < made.at(10.0) < 100


@pytest.mark.parametrize("values", [[], [0.0], [3.0, 3.0], [-1e-9, 1e-9], [1e6, -1e6]])
def test_any_values_make_an_axis(values: list[float]) -> None:
    made = axis(values)
    ticks = made.ticks()
    assert made.low < made.high
    assert 1 <= len(ticks) <= 12
    assert len({tick.text for tick in ticks}) == len(ticks)


def test_a_huge_interval_is_cut_and_marked() -> None:
    rows = (_row(1.0, 0.5, 1.5, margin=2.0, whole=True), _row(1.0, -60.0, 80.0, margin=2.0))
    plot = forest_plot(Forest("t", "a", rows))
    assert plot.cut
    assert plot.strips[1].cut_low and plot.strips[1].cut_high
    assert not plot.strips[0].cut_low
    assert plot.strips[0].margin == plot.strips[1].margin


def test_losses_and_margins_are_never_cut() -> None:
    rows = (_row(0.1, 0.0, 0.2, whole=True), _row(90.0, 80.0, 95.0, margin=10.0))
    plot = forest_plot(Forest("t", "a", rows))
    places = [place for strip in plot.strips for place in (strip.loss, strip.margin) if place]
    assert all(0 < place < 100 for place in places)
    assert plot.strips[0].loss is not None and plot.strips[1].loss is not None
    assert plot.strips[0].loss < plot.strips[1].loss


def test_an_undefined_row_draws_nothing() -> None:
    plot = forest_plot(Forest("t", "a", (_row(None, None, None),)))
    strip = plot.strips[0]
    assert strip.loss is strip.low is strip.high is strip.margin is None
