from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.records.cells import POOLED, CandidateVerdict, pools
from quantassay.verdicts.cells import judge
from quantassay.verdicts.overall import NOTHING_JUDGED, candidate_verdict, overall_verdict, worst

FINE, LOSING, UNSURE, FEW = (0, 0, 400), (60, 0, 400), (10, 4, 400), (0, 0, 10)


def cells(group, counts, margins=None, **more):
    return judge("int8", "fp32", [group(counts, margins or [0.02] * len(counts), **more)], 0.95)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ([FINE, FINE], "pass"),
        ([FINE, UNSURE], "inconclusive"),
        ([FINE, UNSURE, FEW], "insufficient"),
        ([FINE, UNSURE, FEW, LOSING], "fail"),
    ],
)
def test_the_worst_gate_decides(group, counts, verdict):
    found = candidate_verdict(cells(group, counts))
    assert found.verdict == verdict
    assert len(found.deciding) == (2 if verdict == "pass" else 1)


def test_the_reason_counts_and_quotes(group):
    found = candidate_verdict(cells(group, [FINE, LOSING]))
    assert found.reason.startswith("1 of 2 gate cells: loss is beyond the margin")
    assert found.deciding == ("top1 @ part=1",)
    assert candidate_verdict(cells(group, [FINE, FINE])).reason == "all 2 gate cells pass"


def test_reasons_that_differ_in_figures_are_said_once(group):
    failed = candidate_verdict(cells(group, [LOSING, (90, 0, 400), FINE]))
    assert failed.reason == "2 of 3 gate cells: loss is beyond the margin"


def test_reasons_that_differ_are_left_to_the_cells(group):
    blind = [replace(cells(group, [FINE])[0], verdict="insufficient", reason="cannot see")]
    found = candidate_verdict([*cells(group, [FINE, FEW]), *blind])
    assert found.reason == "2 of 3 gate cells insufficient, for different reasons"


def test_strata_in_a_pool_are_covered(group):
    gate, watched, other = cells(group, [FINE, FINE, FINE])
    pool = replace(gate, stratum={"part": POOLED})
    inside = replace(watched, role="watch")
    found = candidate_verdict([other, inside, pool])
    assert found.uncovered == ()
    assert pools([other, inside, pool]) == {"top1 @ part=(small strata)": ("part=1",)}
    assert candidate_verdict([other, inside]).uncovered == ("part=1",)
    elsewhere = replace(inside, metric="f1")
    assert candidate_verdict([other, elsewhere, pool]).uncovered == ("part=1",)


def test_a_pass_names_what_it_does_not_cover(group):
    found = candidate_verdict(cells(group, [FINE, LOSING, FEW], [0.02, None, None]))
    assert found.verdict == "pass"
    assert found.uncovered == ("part=1", "part=2")


def test_watched_cells_never_decide(group):
    watched = cells(group, [LOSING], role="watch")
    found = candidate_verdict([*cells(group, [FINE]), *watched])
    assert found.verdict == "pass"


def test_with_watched_cells_alone_nothing_passes(group):
    found = candidate_verdict(cells(group, [FINE, FINE], role="watch"))
    assert found.verdict == "inconclusive"
    assert "no cell gates" in found.reason
    assert found.uncovered == ("part=0", "part=1")


def test_without_a_margin_nothing_is_judged(group):
    found = candidate_verdict(cells(group, [FINE], [None]))
    assert (found.verdict, found.reason) == (None, NOTHING_JUDGED)


def verdict(word, gate=True):
    return CandidateVerdict(word, "", gate)


@pytest.mark.parametrize(
    ("words", "overall"),
    [
        (["pass"], "pass"),
        (["pass", "pass"], "pass"),
        (["pass", "inconclusive"], "inconclusive"),
        (["pass", "insufficient", "inconclusive"], "insufficient"),
        (["fail", "insufficient"], "fail"),
        ([None, None], None),
        (["pass", None], "inconclusive"),
        ([], None),
    ],
)
def test_overall_is_the_worst_candidate(words, overall):
    assert overall_verdict({str(i): verdict(word) for i, word in enumerate(words)}) == overall


def test_candidates_that_do_not_gate_are_left_out():
    one, other = verdict("pass"), verdict("fail", gate=False)
    assert overall_verdict({"a": one, "b": other}) == "pass"
    assert overall_verdict({"b": other}) is None


def test_worst_is_in_order():
    assert worst(["pass", "inconclusive"]) == "inconclusive"
    assert worst([None, "pass"]) == "pass"


def test_gate_is_kept(group):
    assert replace(candidate_verdict(cells(group, [FINE]), gate=False), gate=True).gate
    assert not candidate_verdict(cells(group, [FINE]), gate=False).gate
