from __future__ import annotations

from types import SimpleNamespace

import pytest

from quantassay.records.artifacts import CalibrationFacts
from quantassay.records.cells import CandidateVerdict, Comparison, MetricFacts
from quantassay.records.study import CalibrationStudy, StudyCell, StudySize
from quantassay.workflows.steps.resting import rests_on_one

FACTS = CalibrationFacts("train", "train.parquet", "minmax", 100, 900, 0, "sha256:0")
VARIANTS = {"int8": SimpleNamespace(calibration=FACTS)}
TOP1 = MetricFacts("top1", "", "", True, "paired binary", "fraction")


def cell(size, high, margin=0.02, gate=True, **stratum):
    return StudyCell(
        "top1", stratum, size, 500, (0.01,) * 8, 0.01, 0.0, 0.0, (0.0, high), None,
        None, None, None, None, margin, gate,
    )  # fmt: skip


def study(*cells):
    sizes = tuple(StudySize(size, 0.0) for size in (32, 128, 512))
    return CalibrationStudy("int8", "train", 8, 900, 0, 0.95, False, sizes, cells)


def findings(*cells, verdict="pass"):
    decided = {"int8": CandidateVerdict(verdict, "")}
    comparison = Comparison("fp32", 0.95, verdict, decided, (), metrics=(TOP1,))
    return list(rests_on_one(study(*cells), comparison, VARIANTS))


def test_a_pass_that_a_fresh_calibration_may_lose_is_told():
    (found,) = findings(cell(128, 0.031), cell(128, 0.015, digit="8"))
    assert "int8: its PASS rests on one calibration of 100 samples" in found
    assert "fresh one of 128" in found
    assert "top1 0 to 3.1 pp (mean 1 pp, margin 2 pp)" in found
    assert "digit=8" not in found


@pytest.mark.parametrize(
    "one",
    [
        cell(128, 0.015),
        cell(32, 0.5),
        cell(512, 0.5),
        cell(128, 0.5, gate=False),
        cell(128, 0.5, margin=None),
    ],
)
def test_nothing_is_told_of_what_does_not_cross(one):
    assert findings(one) == []


@pytest.mark.parametrize("verdict", ["fail", "inconclusive", "insufficient", None])
def test_nothing_is_told_where_nothing_passed(verdict):
    assert findings(cell(128, 0.5), verdict=verdict) == []


def test_the_worst_come_first():
    strata = [cell(128, 0.02 * (i + 1), digit=str(i)) for i in range(6)]
    (found,) = findings(*strata)
    assert "top1 @ digit=5" in found and "3 more cells" in found
    assert "digit=1" not in found


def test_without_a_study_nothing_is_known():
    comparison = Comparison("fp32", 0.95, "pass", {}, ())
    assert list(rests_on_one(None, comparison, VARIANTS)) == []
