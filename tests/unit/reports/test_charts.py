from __future__ import annotations

from itertools import pairwise

import pytest

from quantassay.reports.blocks import Forest, ForestRow
from quantassay.reports.charts import axis, bent, forest_plot


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


def test_a_bent_axis_keeps_order_and_is_symmetric() -> None:
    found = bent([-100.0, 100.0, 0.01], 2.0)
    values = [-100.0, -5.0, -2.0, -0.5, 0.0, 0.5, 2.0, 5.0, 100.0]
    places = [found.at(value) for value in values]
    assert places == sorted(places) and len(set(places)) == len(places)
    assert found.at(5.0) - 50 == pytest.approx(50 - found.at(-5.0))
    assert all(0 < place < 100 for place in places)


def test_a_bent_axis_is_linear_within_and_logarithmic_beyond() -> None:
    found = bent([0.0, 1000.0], 1.0)
    assert found.at(1.0) - found.at(0.5) == pytest.approx(found.at(0.5) - found.at(0.0), abs=0.01)
    assert found.at(1000) - found.at(100) == pytest.approx(found.at(100) - found.at(10), abs=0.01)


@pytest.mark.parametrize("ends", [(-4.9, 100.7), (0.0, 3.0), (-0.001, 0.0), (-97.0, 1e6)])
def test_ticks_of_a_bent_axis_are_apart_inside_and_hold_zero(ends: tuple[float, float]) -> None:
    ticks = bent(ends, 2.0).ticks()
    places = [tick.at for tick in ticks]
    assert "0" in {tick.text for tick in ticks}
    assert all(5 <= place <= 95 for place in places)
    assert all(after - before >= 13 for before, after in pairwise(places))


def test_rows_of_one_label_are_told_apart_and_groups_open_once() -> None:
    rows = [
        ForestRow(label, "", "", 1.0, 0.0, 2.0, 2.0, "pass", group=group, of=of)
        for group, label, of in [("a", "x", "1"), ("a", "x", "2"), ("a", "y", "1"), ("b", "y", "1")]
    ]
    strips = forest_plot(Forest("", "", tuple(rows), bend=1.0)).strips
    assert [strip.head for strip in strips] == ["a", "", "", "b"]
    assert [strip.first for strip in strips] == [True, False, True, True]
