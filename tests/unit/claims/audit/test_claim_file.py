"""A claim of our own is audited by its data and by its words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from quantassay.claims.audit.audit import audit_document
from quantassay.claims.build import claim
from quantassay.claims.disclosures import disclosures
from quantassay.claims.sources.read import read_text
from quantassay.errors import InputError
from quantassay.records.audit import ITEMS, ClaimAudit
from quantassay.records.result import Result

WORDS = {
    "task": "task",
    "base model": "model_base",
    "quantized model": "model_quantized",
    "metric": "metric",
    "reference": "reference",
    "calibration": "calibration",
    "per-stratum": "strata",
    "test-set composition": "composition",
    "sample size": "sample_size",
}


@pytest.fixture
def whole(result: Result) -> dict[str, Any]:
    digit = result.comparison.cells[1]
    cells = (*result.comparison.cells, replace(digit, stratum={"digit": "1"}))
    comparison = replace(result.comparison, cells=cells)
    test_set = replace(result.test_set, digest=f"sha256:{'12' * 32}")
    result = replace(result, comparison=comparison, test_set=test_set)
    made: dict[str, Any] = claim(replace(result, disclosures=disclosures(result)))
    return made


def audited(value: dict[str, Any]) -> ClaimAudit:
    text = json.dumps(value, indent=1)
    (found,) = audit_document(read_text(text, "claim.json"), {}).claims
    quotes = [quote for item in found.items.values() for quote in item.quotes]
    assert all(text[quote.start : quote.end] == quote.text for quote in quotes)
    return found


def test_a_whole_claim_is_of_decision_grade(whole: dict[str, Any]) -> None:
    found = audited(whole)
    assert {name: item.answer for name, item in found.items.items()} == dict.fromkeys(ITEMS, "yes")
    assert found.decision_grade
    assert found.contradictions == ()
    assert found.questions == ()
    assert found.grade == "measured with counts"
    assert found.headline == "PASS: int8 against fp32"


@pytest.mark.parametrize("words", WORDS)
def test_one_disclosure_removed_is_told(whole: dict[str, Any], words: str) -> None:
    del whole["disclosures"][words]
    found = audited(whole)
    gaps = {name for name, item in found.items.items() if item.answer != "yes"}
    assert gaps == {WORDS[words]}
    assert f"{words!r} is missing" in found.items[WORDS[words]].why
    assert any(question.startswith(f"{words}: ") for question in found.questions)


@pytest.mark.parametrize(
    "words", ["executor", "throughput", "noise floor", "rubric", "software", "reproduction"]
)
def test_a_disclosure_beyond_the_items_is_asked_for(whole: dict[str, Any], words: str) -> None:
    whole["disclosures"][words] = None
    found = audited(whole)
    assert all(item.answer == "yes" for item in found.items.values())
    assert [question for question in found.questions if question.startswith(f"{words}: ")]


@pytest.mark.parametrize(
    ("path", "item", "said"),
    [
        (("task", "digest"), "task", "task.digest"),
        (("task", "composition"), "composition", "task.composition"),
        (("task", "n"), "sample_size", "task.n"),
        (("reference", "artifact"), "model_base", "reference.artifact.digest"),
        (("reference", "precision"), "reference", "reference.precision"),
        (("candidates", "int8", "artifact"), "model_quantized", "candidates.int8.artifact.digest"),
        (("candidates", "int8", "calibration"), "calibration", "candidates.int8.calibration"),
        (("candidates", "int8", "accuracy"), "strata", "no stratum with an interval"),
        (("metrics",), "metric", "metrics is missing"),
    ],
)
def test_data_that_is_gone_is_told_by_its_key(
    whole: dict[str, Any], path: tuple[str, ...], item: str, said: str
) -> None:
    within = whole
    for key in path[:-1]:
        within = within[key]
    del within[path[-1]]
    found = audited(whole)
    assert found.items[item].answer == "partial"
    assert said in found.items[item].why
    assert not found.decision_grade or item in ("composition", "sample_size")


def test_words_and_data_gone_are_no_disclosure(whole: dict[str, Any]) -> None:
    del whole["disclosures"]["calibration"]
    del whole["candidates"]["int8"]["calibration"]
    found = audited(whole).items["calibration"]
    assert found.answer == "no"
    assert found.quotes == ()
    assert found.why.startswith("not disclosed: ")


def test_a_claim_that_does_not_agree_with_itself(whole: dict[str, Any]) -> None:
    whole["candidates"]["int8"]["accuracy"][0]["loss"] = 0.001
    found = audited(whole)
    assert any(one.rule == "claim-consistency" for one in found.contradictions)


def test_a_claim_of_another_shape_says_where(whole: dict[str, Any]) -> None:
    whole["confidence"] = "high"
    found = audited(whole)
    assert any("confidence" in one.finding for one in found.contradictions)


def test_what_is_no_claim_is_refused() -> None:
    document = read_text('{"schema": "quantassay/claim/1", "candidates": []}', "claim.json")
    found = audit_document(document, {}).claims[0]
    assert {item.answer for item in found.items.values()} == {"no"}
    broken = replace(document, source="[1]")
    with pytest.raises(InputError, match="not a claim"):
        audit_document(broken, {})
