from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from quantassay.records.triple import Triple
from quantassay.reports.document import document
from quantassay.reports.triple import in_words, outcome, surface

SURFACE = ("top1 @ overall", "top1 @ digit=8", "nll @ digit=8")


def triple(outcome: str = "robust", deciding: str = "top1 @ digit=8") -> Triple:
    return Triple("int8", "fp32", outcome, deciding, "the reason", SURFACE, ("ece @ overall",))  # type: ignore[arg-type]


def test_robust_is_never_said_without_its_surface_and_what_it_leaves_out() -> None:
    assert in_words(triple(), "loss up to 1.20 of 3 pp") == (
        "robust on its declared surface (3 cells: 2 metrics; the whole test set and 1 stratum), "
        "nearest to its margin: top1 @ digit=8 (loss up to 1.20 of 3 pp); nothing is said of "
        "1 cell without a margin"
    )


def test_undetermined_says_why() -> None:
    assert in_words(triple("undetermined")).endswith("top1 @ digit=8; the reason")
    assert in_words(triple("undetermined", "")) == "undetermined: the reason"


def test_a_surface_of_one_stratum_alone_does_not_name_the_whole() -> None:
    assert surface(["top1 @ digit=8"]) == "1 cell: 1 metric; 1 stratum"


def test_not_run_is_no_outcome() -> None:
    assert outcome(None).text == "NOT RUN"
    assert outcome(triple("fragile")).tone == "fail"


def test_each_candidate_has_one_line_near_its_verdict(factory: ModuleType) -> None:
    rulings = {each.name: each for each in document(factory.result()).banner.rulings}
    said = [fact for fact in rulings["int8-static"].facts if fact.startswith("fragile")]
    assert said == [
        "fragile, surest beyond its margin: top1 @ rare=rare (loss from 6.21, margin 5 pp)"
    ]
    words = ("robust", "fragile", "undetermined")
    for ruling in rulings.values():
        assert sum(fact.startswith(words) for fact in ruling.facts) == 1


def test_a_robust_triple_that_its_cells_contradict_is_refused(factory: ModuleType) -> None:
    result = factory.result()
    wrong = replace(
        next(one for one in result.triples if one.candidate == "int8-static"), outcome="robust"
    )
    with pytest.raises(ValueError, match="called robust"):
        document(replace(result, triples=(wrong,)))
    with pytest.raises(ValueError, match="called robust"):
        document(replace(result, triples=(replace(wrong, candidate="fp16", surface=()),)))
