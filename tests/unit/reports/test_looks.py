from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.records.cells import CandidateVerdict
from quantassay.records.looks import Look, Stop, Stopping
from quantassay.reports.document import document
from quantassay.reports.looks import declared, level, looks, stopped
from quantassay.reports.markdown import render
from quantassay.reports.subject import Subject
from quantassay.reports.wording import headline

STOPS = {
    "int8": Stop(1, 500, "where every gate cell had passed"),
    "int4": Stop(3, 2000, "the last one"),
}
STOPPING = Stopping("pocock", (500, 1000, 2000), 2100, 2000, STOPS)


@pytest.fixture
def result(factory):
    found = factory.passing()
    cells = tuple(
        replace(cell, look=Look(1, 3, 2000, 0.0103, True)) for cell in found.comparison.cells
    )
    comparison = replace(found.comparison, cells=cells, stopping=STOPPING)
    return replace(found, comparison=comparison)


def test_where_a_candidate_stopped(result):
    assert stopped(result.comparison, "int8") == (
        "look 1 of 3: 500 of 2,000 samples run, 1,500 not run, where every gate cell had passed",
    )
    assert stopped(result.comparison, "int4") == (
        "look 3 of 3: 2,000 of 2,000 samples run, the last one",
    )
    assert stopped(result.comparison, "other") == ()


def test_a_report_says_look_level_and_samples_not_run(result):
    text = render(document(result))
    assert "look 1 of 3, alpha .01 per side" in text
    assert "at most 2,000 samples run" in text
    assert "at its look" in text
    assert "1,500" in text
    assert "over which Pocock spends alpha .025 per side" in text
    assert "100 samples lie beyond the last look" in text
    assert "nominal 95 % two-sided interval" not in text


@pytest.mark.parametrize(
    ("verdict", "names", "said"),
    [
        ("pass", ["int8"], "gates; decided at look 1 of 3."),
        ("pass", ["int8", "int4"], "int8, int4; decided at looks 1 to 3 of 3."),
        ("fail", ["int4"], "Beyond a declared margin: int4; decided at look 3 of 3."),
        ("inconclusive", ["int4"], "int4; not decided at look 3 of 3."),
        ("pass", ["other"], "other is within every margin that gates."),
    ],
)
def test_the_headline_says_which_look_decided(result, verdict, names, said):
    candidates = {name: CandidateVerdict(verdict, "") for name in names}
    found = replace(result.comparison, verdict=verdict, candidates=candidates)
    assert headline(found).endswith(said)


def test_the_reference_is_run_as_far_as_needed(result):
    [section] = looks(Subject(result.comparison, result.metrics, result))
    table = section.blocks[0]
    assert [value.text for value in table.rows[0]] == [
        "fp32 (reference)", "2,000 of 2,000", "0", "as far as any candidate needed it",
    ]  # fmt: skip


def test_nothing_is_said_where_no_look_was_declared(factory):
    found = factory.passing()
    subject = Subject(found.comparison, found.metrics, found)
    assert looks(subject) == ()
    assert stopped(found.comparison, "int8") == ()
    assert declared(found.comparison) == ""
    assert level(found.comparison) == "95 %"


def test_tiny_levels_keep_their_digits(result):
    cells = tuple(replace(cell, look=Look(1, 3, 2000, 5.41e-7, False)) for cell in result.cells)
    text = render(document(replace(result, comparison=replace(result.comparison, cells=cells))))
    assert "alpha 5.4e-07 per side" in text
