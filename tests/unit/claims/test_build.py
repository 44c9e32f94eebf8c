from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from quantassay.claims.build import claim
from quantassay.claims.disclosures import disclosures
from quantassay.claims.schema import claim_schema


@pytest.fixture
def disclosed(result):
    return replace(result, disclosures=disclosures(result))


def test_accuracy_and_throughput_stand_side_by_side(disclosed):
    found = claim(disclosed)["candidates"]["int8"]
    assert [cell["stratum"] for cell in found["accuracy"]] == [{}, {"digit": "0"}]
    assert found["throughput"]["ratio"] == 1.8
    assert found["decision"]["verdict"] == "pass"
    assert found["execution"]["provider"] == "CPUExecutionProvider"
    assert found["calibration"]["samples"] == 256


def test_it_fits_its_published_shape_and_is_plain_json(disclosed):
    text = json.dumps(claim(disclosed), allow_nan=False)
    jsonschema.validate(json.loads(text), claim_schema())


def test_everything_disclosed_is_decision_grade(disclosed):
    found = claim(disclosed)
    assert found["missing"] == []
    assert found["decision_grade"] is True


@pytest.mark.parametrize("changes", [{"noise_floor": None}, {"machine": None}, {"speeds": ()}])
def test_one_missing_disclosure_is_named_and_decides(result, changes):
    silent = replace(result, **changes)
    found = claim(replace(silent, disclosures=disclosures(silent)))
    assert len(found["missing"]) == 1
    assert found["decision_grade"] is False


def test_nothing_judged_is_not_decision_grade(disclosed):
    found = claim(replace(disclosed, comparison=replace(disclosed.comparison, verdict=None)))
    assert found["decision_grade"] is False


def test_disclosures_that_were_never_gathered_are_not_decision_grade(result):
    assert claim(result)["decision_grade"] is False


def test_a_candidate_that_nobody_describes_has_its_name(disclosed):
    found = claim(replace(disclosed, variants=()))
    assert found["reference"] == {"name": "fp32", "execution": None}
    assert found["reference_throughput"]["variant"] == "fp32"
