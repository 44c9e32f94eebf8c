from __future__ import annotations

from quantassay.records.cross import At, CrossCell, OutcomeCount
from quantassay.records.triple import Triple
from quantassay.verdicts.axes import fragile_at_once, outcome_counts


def cell(at, outcome):
    triple = outcome and Triple("int8", "fp32", outcome, "", "", (), ())
    return CrossCell(at, "", "int8", triple, None, "", None)


def test_counts_by_hand():
    cells = [
        cell(At("digits", "plain", "int8"), "robust"),
        cell(At("digits", "outliers", "int8"), "fragile"),
        cell(At("texts", "plain", "int8"), "fragile"),
        cell(At("texts", "outliers", "int8"), None),
    ]
    assert outcome_counts(cells) == (
        OutcomeCount("task", "digits", 1, 1, 0, 0),
        OutcomeCount("task", "texts", 0, 1, 0, 1),
        OutcomeCount("model", "plain", 1, 1, 0, 0),
        OutcomeCount("model", "outliers", 0, 1, 0, 1),
        OutcomeCount("scheme", "int8", 1, 2, 0, 1),
    )


def test_fragile_at_once_is_holm_over_triples():
    a, b, c, d = (At("digits", name, "int8") for name in "abcd")
    # 0.006 x 4 and 0.008 x 3 are at most .025, 0.02 x 2 is not
    least = {a: 0.008, b: 0.02, c: 0.006, d: None}
    assert fragile_at_once(least, 0.025) == (a, c)


def test_what_has_no_p_counts_and_is_never_fragile():
    a, b = (At("digits", name, "int8") for name in "ab")
    assert fragile_at_once({a: 0.02, b: None}, 0.025) == ()
    assert fragile_at_once({a: 0.02}, 0.025) == (a,)
    assert fragile_at_once({}, 0.025) == ()
