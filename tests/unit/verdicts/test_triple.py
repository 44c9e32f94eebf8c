from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.records.cells import POOLED, Comparison
from quantassay.verdicts.cells import judge
from quantassay.verdicts.overall import candidate_verdict, withheld
from quantassay.verdicts.speed import untimed, with_speed
from quantassay.verdicts.triple import NOTHING_DECLARED, ONLY_WATCHED, triple, triples

FINE, NEAR, WORSE = (0, 0, 400), (2, 1, 400), (150, 0, 400)
LOSING, UNSURE, FEW = (60, 0, 400), (18, 4, 400), (0, 0, 10)


def judged(group, counts, margins=None, **more):
    return judge("int8", "fp32", [group(counts, margins or [0.04] * len(counts), **more)], 0.95)


def said(cells, **more):
    return triple("int8", "fp32", candidate_verdict(cells, **more), cells)


@pytest.mark.parametrize(
    ("counts", "outcome", "deciding"),
    [
        ([FINE, NEAR, FINE], "robust", 1),
        ([FINE, LOSING, WORSE, FEW], "fragile", 2),
        ([FINE, UNSURE, NEAR], "undetermined", 1),
        ([FINE, UNSURE, FEW], "undetermined", 2),
    ],
)
def test_the_outcome_and_the_cell_that_decides(group, counts, outcome, deciding):
    found = said(judged(group, counts))
    assert (found.outcome, found.deciding) == (outcome, f"top1 @ part={deciding}")
    assert found.surface == tuple(f"top1 @ part={at}" for at in range(len(counts)))


def test_reasons_count_the_cells(group):
    assert said(judged(group, [FINE, FINE])).reason == "all of 2 cells within the margin"
    assert said(judged(group, [FINE])).reason == "all of 1 cell within the margin"
    assert said(judged(group, [FINE, LOSING])).reason == "1 of 2 cells beyond the margin"
    assert said(judged(group, [FINE, UNSURE])).reason.startswith("1 of 2 cells not settled: ")


def test_what_has_no_margin_is_no_part_of_the_surface(group):
    found = said(judged(group, [FINE, WORSE], [0.04, None]))
    assert (found.outcome, found.uncovered) == ("robust", ("top1 @ part=1",))


def test_nothing_declared_is_undetermined(group):
    found = said(judged(group, [FINE], [None]))
    assert (found.outcome, found.reason, found.deciding) == ("undetermined", NOTHING_DECLARED, "")


def test_a_watched_cell_keeps_a_triple_from_being_robust_and_never_makes_it_fragile(group):
    gate = judged(group, [FINE])
    watched = judged(group, [FINE, LOSING], role="watch")[1:]
    found = said([*gate, *watched])
    assert (found.outcome, found.deciding) == ("undetermined", "top1 @ part=1")
    assert "only watched" in found.reason


def test_watched_cells_alone_make_no_surface(group):
    found = said(judged(group, [FINE], role="watch"))
    assert (found.outcome, found.reason) == ("undetermined", ONLY_WATCHED)


def test_strata_in_a_pool_are_in_its_cell(group):
    pool, *small = judged(group, [FINE, FEW])
    pool = replace(pool, stratum={"part": POOLED})
    small = [replace(one, role="watch", stratum={"part": "rare"}) for one in small]
    found = said([pool, *small])
    assert (found.outcome, found.surface) == ("robust", (f"top1 @ part={POOLED}",))


def test_a_withheld_verdict_is_undetermined_whatever_the_cells_say(group):
    for counts in ([FINE], [LOSING]):
        cells = judged(group, counts)
        why = "int8 is no int8"
        found = triple("int8", "fp32", withheld(candidate_verdict(cells), why), cells)
        assert (found.outcome, found.reason, found.deciding) == ("undetermined", why, "")


def test_a_speed_up_that_was_not_shown_takes_nothing_from_robustness(group):
    cells = judged(group, [FINE])
    verdict = with_speed(candidate_verdict(cells), untimed(1.2, "no block"))
    assert verdict.verdict == "insufficient"
    assert triple("int8", "fp32", verdict, cells).outcome == "robust"


def test_exploratory_cells_say_nothing(group):
    first, second = judged(group, [FINE, LOSING])
    found = said([first, replace(second, exploratory=True)])
    assert (found.outcome, len(found.surface)) == ("robust", 1)


def test_every_candidate_of_a_comparison_has_its_own(group):
    cells = judged(group, [FINE])
    other = [replace(cell, candidate="int4") for cell in judged(group, [LOSING])]
    verdicts = {"int8": candidate_verdict(cells), "int4": candidate_verdict(other)}
    found = triples(Comparison("fp32", 0.95, "fail", verdicts, (*cells, *other)))
    assert [(one.candidate, one.outcome) for one in found] == [
        ("int8", "robust"),
        ("int4", "fragile"),
    ]
