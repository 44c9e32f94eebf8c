from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from quantassay.records.cells import Cell, Comparison
from quantassay.reports.blocks import Bullets, Forest, Paragraph
from quantassay.reports.document import comparison_document
from quantassay.reports.strata import ROWS_DRAWN, hidden, stands_out, strata
from quantassay.reports.subject import Subject


@pytest.fixture
def whole(factory: ModuleType) -> Cell:
    cell: Cell = factory.binary("int8", {}, 898, 20, 10, 0.02)
    return replace(cell, loss=0.01, interval=(0.002, 0.018), verdict="pass")


def _part(whole: Cell, **changes: object) -> Cell:
    return replace(whole, stratum={"digit": "8"}, **changes)  # type: ignore[arg-type]


def test_an_interval_beyond_that_of_the_whole_stands_out(whole: Cell) -> None:
    assert stands_out(_part(whole, loss=0.1, interval=(0.019, 0.2), margin=None), whole)
    assert not stands_out(_part(whole, loss=0.1, interval=(0.017, 0.2), margin=None), whole)


def test_an_interval_beyond_the_margin_of_the_whole_stands_out(whole: Cell) -> None:
    wide = replace(whole, interval=(-0.02, 0.04), verdict="inconclusive")
    assert stands_out(_part(whole, loss=0.1, interval=(0.021, 0.2)), wide)
    lost = replace(wide, loss=0.03)
    assert not stands_out(_part(whole, loss=0.1, interval=(0.021, 0.2)), lost)


def test_a_failure_under_a_whole_that_does_not_fail_stands_out(whole: Cell) -> None:
    part = _part(whole, loss=0.1, interval=None, verdict="fail")
    assert stands_out(part, whole)
    assert not stands_out(part, replace(whole, verdict="fail"))


def test_a_smaller_loss_never_stands_out(whole: Cell) -> None:
    assert not stands_out(_part(whole, loss=0.005, interval=(0.0, 0.01), verdict="fail"), whole)
    assert not stands_out(_part(whole, loss=None, interval=None), whole)
    assert not stands_out(_part(whole, loss=float("nan")), whole)


def test_the_sentence_gives_both_figures(factory: ModuleType) -> None:
    section = hidden(Subject(factory.comparison(), factory.METRICS))
    bullets = section.blocks[0]
    assert isinstance(bullets, Bullets)
    assert bullets.items[0] == (
        "int8-static: the overall top1 loss of 2.12 pp [0.81, 3.42] (n 898) hides digit=8: "
        "23.33 pp [12.14, 34.52] (n 90), FAIL at its margin of 10 pp; rare=rare: "
        "11.93 pp [6.21, 17.65] (n 176), FAIL at its margin of 5 pp."
    )
    assert not any(item.startswith("fp16") for item in bullets.items)


def test_nothing_hidden_is_not_said_to_be_evidence(factory: ModuleType) -> None:
    comparison: Comparison = factory.comparison()
    only = tuple(cell for cell in comparison.cells if cell.candidate == "fp16")
    section = hidden(Subject(replace(comparison, cells=only)))
    assert isinstance(section.blocks[0], Paragraph)
    assert "no evidence that strata are alike" in section.blocks[0].text


def test_nothing_is_said_of_strata_where_there_are_none(factory: ModuleType) -> None:
    made = comparison_document(factory.passing().comparison)
    assert "hidden" not in [section.key for section in made.sections]


def test_strata_without_intervals_are_said_to_hide_what_is_unknown(factory: ModuleType) -> None:
    comparison: Comparison = factory.comparison()
    cells = tuple(
        replace(c, loss=None, interval=None) for c in comparison.cells if c.candidate == "fp16"
    )
    (paragraph,) = hidden(Subject(replace(comparison, cells=cells))).blocks
    assert isinstance(paragraph, Paragraph)
    assert paragraph.text.startswith("No interval of a stratum is known")


def test_the_forest_starts_with_the_whole_then_critical_then_worst(factory: ModuleType) -> None:
    chart = strata(Subject(factory.comparison(), factory.METRICS)).blocks[0]
    assert isinstance(chart, Forest)
    assert chart.title.startswith("int8-static")
    labels = [row.label for row in chart.rows]
    assert labels[:3] == ["whole test set", "rare=rare", "digit=8"]
    assert chart.rows[1].critical
    losses = [row.loss for row in chart.rows[2:] if row.loss is not None]
    assert losses == sorted(losses, reverse=True)


def test_many_strata_are_drawn_in_part_and_it_is_said(factory: ModuleType) -> None:
    chart = strata(Subject(factory.wide(200).comparison, factory.METRICS)).blocks[0]
    assert isinstance(chart, Forest)
    assert len(chart.rows) == ROWS_DRAWN + 1
    assert chart.note.startswith("The 30 most telling of 200 strata are drawn")


def test_failed_strata_are_drawn_before_larger_losses(factory: ModuleType) -> None:
    comparison: Comparison = factory.wide(200).comparison
    cells = list(comparison.cells)
    cells[-1] = replace(cells[-1], loss=-0.5, verdict="fail", stratum={"class": "odd"})
    changed = replace(comparison, cells=tuple(cells))
    chart = strata(Subject(changed)).blocks[0]
    assert isinstance(chart, Forest)
    assert "class=odd" in [row.label for row in chart.rows]
