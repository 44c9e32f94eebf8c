from __future__ import annotations

from quantassay.records.cells import Comparison
from quantassay.records.result import Result, TestSet


def test_a_result_reads_like_its_deciding_comparison():
    comparison = Comparison("fp32", 0.95, "pass", {}, ())
    test_set = TestSet("t", "t.csv", "", 1, "clean", "independent", {})
    found = Result("r/1", "", "", "", test_set, (), comparison, ())
    assert found.verdict == "pass"
    assert found.cells is comparison.cells
