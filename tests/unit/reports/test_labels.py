from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from quantassay.records.cells import Cell, Comparison
from quantassay.reports import figures, markdown
from quantassay.reports.document import comparison_document
from quantassay.reports.labels import labels
from quantassay.reports.subject import Subject


@pytest.fixture
def comparison(factory: ModuleType) -> Comparison:
    whole: Cell = factory.binary("int8", {}, 5000, 40, 7, 0.01)
    part: Cell = factory.binary("int8", {"digit": "8"}, 500, 20, 7, 0.01)
    cells = tuple(
        replace(
            cell,
            loss=None,
            interval=(-0.0125, 0.0125),
            verdict="inconclusive",
            changed=n,
            labels_needed=n,
        )
        for cell, n in ((whole, 47), (part, 27))
    )
    base: Comparison = factory.comparison()
    return replace(base, cells=cells, labels_needed=tuple(f"s{i}" for i in range(47)))


def test_labels_are_counted_by_cell(comparison: Comparison, factory: ModuleType) -> None:
    (section,) = labels(Subject(comparison, factory.METRICS))
    assert section.brief
    (line,) = section.blocks[0].items
    assert line == (
        "int8, top1: label at most 47 of 5,000 samples, at most 27 of 500 samples of digit=8"
    )
    assert section.blocks[-1].text.startswith("At most 47 samples in all. Write their ids")


def paragraphs(comparison: Comparison) -> list[str]:
    (section,) = labels(Subject(comparison))
    return [block.text for block in section.blocks[1:-1]]


def ruled(comparison: Comparison, verdict: str, **more: object) -> Comparison:
    ruling = replace(comparison.candidates["int8-static"], verdict=verdict, gate=True, **more)
    return replace(comparison, candidates={"int8": ruling})


def test_labels_that_may_make_a_pass_say_no_more(comparison: Comparison) -> None:
    assert paragraphs(ruled(comparison, "inconclusive")) == []
    assert paragraphs(replace(comparison, candidates={})) == []


def test_labels_in_vain_name_what_blocks_the_pass(comparison: Comparison) -> None:
    whole, part = comparison.cells
    small = replace(part, stratum={"digit": "9"}, verdict="insufficient", labels_needed=0)
    (text,) = paragraphs(ruled(replace(comparison, cells=(whole, part, small)), "insufficient"))
    assert text == (
        "These labels decide 2 cells; they cannot make the overall verdict a pass: "
        "int8, top1 @ digit=9 is insufficient."
    )


def test_a_withheld_verdict_is_named_by_its_reason(comparison: Comparison) -> None:
    (text,) = paragraphs(ruled(comparison, "insufficient", reason="nothing changed"))
    assert text.endswith("cannot make the overall verdict a pass: int8, nothing changed.")


def test_labels_of_cells_that_do_not_gate_decide_no_verdict(comparison: Comparison) -> None:
    cells = tuple(replace(cell, role="watch") for cell in comparison.cells)
    (text,) = paragraphs(ruled(replace(comparison, cells=cells), "pass"))
    assert text == "These labels decide 2 cells, and not the verdict: no verdict rests on them."


def test_nothing_is_said_where_no_label_would_decide(comparison: Comparison) -> None:
    assert labels(Subject(replace(comparison, labels_needed=()))) == ()


def test_an_open_loss_shows_its_interval(comparison: Comparison) -> None:
    cell, unit = comparison.cells[0], figures.scale("fraction")
    assert figures.estimate(cell, unit) == "open without targets, [−1.25, 1.25] pp"
    assert figures.loss(cell, unit) == "open without targets"
    assert "47 changed" in figures.in_full(cell, unit)


def test_the_whole_report_of_open_losses(comparison: Comparison, factory: ModuleType) -> None:
    candidates = {"int8": replace(comparison.candidates["int8-static"], verdict="inconclusive")}
    made = replace(comparison, candidates=candidates, verdict="inconclusive")
    text = markdown.render(comparison_document(made, factory.METRICS))
    assert "No loss of a stratum is known without targets." in text
    assert "Labels that would decide" in text
