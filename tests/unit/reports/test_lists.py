from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from quantassay.records.cells import Comparison, Listed
from quantassay.reports.lists import lists
from quantassay.reports.strata import strata
from quantassay.reports.subject import Subject


@pytest.fixture
def subject(factory: ModuleType) -> Subject:
    base: Comparison = factory.comparison()
    return Subject(base, factory.METRICS)


def changed(subject: Subject, **changes: object) -> Subject:
    return replace(subject, comparison=replace(subject.comparison, **changes))  # type: ignore[arg-type]


FINE = Listed("int8", "top1", {"digit": "3"}, 500, 0.001, (-0.004, 0.006), 0.01, 0.004)
SUSPECT = Listed("int8", "top1", {"digit": "8"}, 500, 0.033, (0.012, 0.06), None, 0.02)


def test_what_was_not_asked_for_is_not_there(subject: Subject) -> None:
    assert lists(subject) == ()


def test_proven_fine_strata_are_listed_with_their_figures(subject: Subject) -> None:
    (section,) = lists(changed(subject, proven_fine=(FINE,)))
    assert section.blocks[0].text.startswith("1 of ")
    assert section.blocks[0].text.endswith(
        "all of these are within their margins at once, with confidence .975 (Holm)."
    )
    assert section.blocks[1].items == (
        "int8: top1 @ digit=3, n 500, loss 0.10 pp [−0.40, 0.60], margin 1 pp, adjusted p 0.0040",
    )


def test_an_empty_list_is_said(subject: Subject) -> None:
    (section,) = lists(changed(subject, proven_fine=()))
    gates = [c for c in subject.comparison.cells if c.role == "gate" and c.stratum]
    assert section.blocks[0].text == f"None of {len(gates)} gate cells of strata."
    assert len(section.blocks) == 1


def test_suspects_are_exploratory(subject: Subject) -> None:
    (section,) = lists(changed(subject, suspects=(SUSPECT, replace(SUSPECT, loss=None))))
    assert section.title == "Suspects (exploratory, false discovery rate 10 %)"
    assert section.blocks[0].items == (
        "int8: top1 @ digit=8, n 500, loss 3.30 pp [1.20, 6.00], adjusted p 0.0200",
        "int8: top1 @ digit=8, n 500, loss [1.20, 6.00] pp, adjusted p 0.0200",
    )


def test_the_worst_stratum_is_shown_beside_what_it_is_likely_to_be(subject: Subject) -> None:
    cells = tuple(
        replace(cell, shrunk=0.006) if cell.stratum else cell for cell in subject.comparison.cells
    )
    blocks = strata(changed(subject, cells=cells)).blocks
    lines = [line for line in blocks[-1].items if line.startswith("int8-static")]
    assert "the worst stratum of top1 is digit=8: observed" in lines[0]
    assert "drawn towards the others 0.60 pp (empirical Bayes; never used for verdicts)" in lines[0]
