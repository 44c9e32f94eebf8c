"""A study in words; a real one is in ``tests/unit/workflows``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.records.artifacts import CalibrationFacts, Coverage, VariantFacts
from quantassay.records.cells import Comparison, MetricFacts
from quantassay.records.result import Result, TestSet
from quantassay.records.study import (
    CalibrationStudy,
    Shifted,
    ShiftedCell,
    StudyCell,
    StudySize,
)
from quantassay.reports.blocks import Bullets, Table
from quantassay.reports.calibration_study import calibration_study
from quantassay.reports.coverage import coverage
from quantassay.reports.subject import Subject

TOP1 = MetricFacts("top1", "share right", "", True, "paired binary", "fraction")
FULL = StudyCell(
    "top1", {}, 128, 500, (0.01, 0.02, 0.03), 0.02, 0.01, 0.01, (-0.05, 0.09), (0.0, 1e-5, 0.0),
    0.01, (0.004, 0.05), 0.9, (0.6, 1.0), 0.02, True,
)  # fmt: skip
EMPTY = StudyCell(
    "top1", {"digit": "8"}, 128, 0, (), None, None, None, None, None,
    None, None, None, None, 0.1, True, "no sample",
)  # fmt: skip


def subject(*cells, shifted=None, shared=0.0):
    sizes = (StudySize(128, shared),)
    study = CalibrationStudy("int8", "train", 3, 900, 0, 0.95, False, sizes, cells, shifted)
    comparison = Comparison("fp32", 0.95, "pass", {}, (), metrics=(TOP1,))
    test_set = TestSet("digits", "test.csv", "", 500, "", "independent", {})
    result = Result(
        "r/1", "", "", "", test_set, (TOP1,), comparison, (), calibration_study=study
    )  # fmt: skip
    return Subject(comparison, (TOP1,), result)


def items(section):
    return [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]


def tables(section):
    return [block for block in section.blocks if isinstance(block, Table)]


def test_a_line_has_every_figure_with_its_interval():
    short, _ = calibration_study(subject(FULL))
    (line,) = items(short)
    assert "top1 with 128 calibration samples: mean loss 2.00 pp over 3 draws (n 500)" in line
    assert "loss of a fresh calibration [−5.00, 9.00] pp" in line
    assert "standard deviation between draws 1.00 pp [0.40, 5.00]" in line
    assert "90 % [60, 100] of the loss's variance is the choice of calibration" in line


def test_what_is_undefined_says_why():
    _, cells = calibration_study(subject(FULL, EMPTY))
    row = [value.text for value in tables(cells)[0].rows[1]]
    assert row[0] == "top1 @ digit=8"
    assert row[3:5] == ["undefined", "undefined"]
    assert row[-1] == "no sample"


def test_a_line_says_what_there_is_and_why_no_more():
    bare = replace(FULL, fresh=None, spread=None, share=None, reason="draws share too much")
    (line,) = items(calibration_study(subject(bare))[0])
    assert line == (
        "top1 with 128 calibration samples: mean loss 2.00 pp over 3 draws (n 500); "
        "more is undefined: draws share too much"
    )


def test_a_spread_without_interval_says_so():
    still = replace(FULL, spread=0.0, spread_interval=None, share=0.0, share_interval=None)
    (line,) = items(calibration_study(subject(still))[0])
    assert "standard deviation between draws 0.00 pp, no interval; 0 %, no interval, of" in line


def test_a_fresh_interval_beyond_the_margin_is_marked():
    _, cells = calibration_study(subject(FULL))
    assert tables(cells)[0].rows[0][4].tone == "warning"


@pytest.mark.parametrize(
    ("shared", "said"),
    [(0.0, "no two draws of one size have a sample in common"), (0.3, "of 128: 30 %")],
)
def test_whether_draws_share_samples_is_told(shared, said):
    short, _ = calibration_study(subject(FULL, shared=shared))
    assert said in short.blocks[0].text


def test_the_matrix_is_told_in_a_sentence_and_a_table():
    losses = {("a", "a"): 0.0, ("a", "b"): 0.04, ("b", "a"): 0.02, ("b", "b"): 0.01}
    cells = tuple(
        ShiftedCell("top1", row, column, 100, loss, (loss - 0.01, loss + 0.01))
        for (row, column), loss in losses.items()
    )
    shifted = Shifted("part", 64, cells, ("c",))
    short, details = calibration_study(subject(FULL, shifted=shifted))
    assert items(short)[1] == (
        "top1, calibrated on one part alone (64 samples): on that one it loses 0.50 pp on average, "
        "on others 3.00 pp; most on part=b after a: 4.00 pp [3.00, 5.00] (n 100), the largest of 2"
    )
    matrix = tables(details)[1]
    assert [column.name for column in matrix.columns] == ["Calibrated on", "a (n 100)", "b (n 100)"]
    assert matrix.rows[0][2].text == "4.00 [3.00, 5.00]"
    assert "Too few calibration samples of part=c" in matrix.note


def test_without_a_study_nothing_is_said():
    whole = subject(FULL)
    comparison = whole.comparison
    assert calibration_study(Subject(comparison, (TOP1,))) == ()


def test_coverage_beside_the_test_set():
    facts = CalibrationFacts(
        "train", "t.csv", "minmax", 5, 9, 0, "",
        coverage={
            "digit": Coverage({"1": 5, "8": 0}, {"1": 90, "8": 10}),
            "domain": Coverage({}, {"a": 100}, "the calibration data has no column 'domain'"),
        },
    )  # fmt: skip
    variant = VariantFacts("int8", "", "s", "int8", True, calibration=facts)
    comparison = Comparison("fp32", 0.95, None, {}, ())
    test_set = TestSet("digits", "test.csv", "", 100, "", "independent", {})
    (table,) = coverage(Result("r/1", "", "", "", test_set, (), comparison, (variant,)))
    rows = [[value.text for value in row] for row in table.rows]
    assert rows[0][2:] == ["1: 5 (test set 90.0 %), 8: 0 (test set 10.0 %)", "8"]
    assert rows[1][2] == "cannot be told: the calibration data has no column 'domain'"
