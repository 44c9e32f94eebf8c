from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

from quantassay.claims.build import claim
from quantassay.claims.disclosures import disclosures
from quantassay.claims.schema import claim_schema
from quantassay.errors import InputError


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
    assert found["reference"].keys() == {"name", "executed", "execution"}
    assert found["reference"]["executed"] is None
    assert found["reference_throughput"]["variant"] == "fp32"


def test_a_throughput_without_its_accuracy_is_refused(disclosed):
    alone = replace(disclosed, comparison=replace(disclosed.comparison, cells=()))
    with pytest.raises(InputError, match="int8: a throughput without its accuracy"):
        claim(alone)
    unknown = tuple(
        replace(cell, loss=None, candidate_value=None) for cell in disclosed.comparison.cells
    )
    with pytest.raises(InputError, match="half of the trade-off"):
        claim(replace(disclosed, comparison=replace(disclosed.comparison, cells=unknown)))


def test_accuracy_alone_is_marked_as_half(result):
    silent = replace(result, speeds=())
    found = claim(replace(silent, disclosures=disclosures(silent)))
    assert found["trade_off"].startswith("half of the trade-off: accuracy without the throughput")
    assert found["missing"] == ["throughput"]
    assert found["decision_grade"] is False


def test_both_halves_are_whole(disclosed):
    assert claim(disclosed)["trade_off"] == "whole"


def test_the_rubric_stands_there_as_it_was_locked(disclosed):
    found = claim(disclosed)["rubric"]
    assert found["locked"] == "2025-12-31T00:00:00+00:00"
    assert found["declared"] == {"confidence": 0.95}


def test_a_calibration_study_is_null_with_the_reason(disclosed):
    found = claim(disclosed)["calibration_study"]
    assert found["spread"] is None and "no calibration study" in found["reason"]


def test_the_widest_interval_stands_beside_margin_and_loss(disclosed):
    found = claim(disclosed)["candidates"]["int8"]["sample_size"]
    assert (found["n"], found["stratum"], found["margin"]) == (400, {"digit": "0"}, 0.05)
    assert found["interval"] == [-0.02, 0.04]
    assert found["share"] == pytest.approx(0.06 / 0.05)


def test_without_margins_the_widest_is_an_overall_one(disclosed):
    cells = tuple(replace(cell, margin=None) for cell in disclosed.comparison.cells)
    found = claim(replace(disclosed, comparison=replace(disclosed.comparison, cells=cells)))
    size = found["candidates"]["int8"]["sample_size"]
    assert (size["stratum"], size["share"]) == ({}, None)
    none = tuple(replace(cell, interval=None) for cell in cells)
    found = claim(replace(disclosed, comparison=replace(disclosed.comparison, cells=none)))
    assert found["candidates"]["int8"]["sample_size"] is None


def test_a_claim_names_no_folder_of_a_machine(disclosed, tmp_path):
    """Within the run folder paths are relative to it; elsewhere as declared, or the name alone."""
    places = {
        "int8": (tmp_path / "run" / "artifacts" / "int8.onnx", "scheme of fp32"),
        "fp32": (tmp_path / "models" / "fp32.onnx", "models/fp32.onnx"),
    }
    variants = tuple(
        replace(
            one,
            artifact=replace(one.artifact, path=places[one.name][0]),
            origin=places[one.name][1],
        )
        for one in disclosed.variants
    )
    calibration = replace(variants[1].calibration, source=str(tmp_path / "train.parquet"))
    variants = (variants[0], replace(variants[1], calibration=calibration))
    test_set = replace(disclosed.test_set, path=str(tmp_path / "test.parquet"))
    moved = replace(disclosed, variants=variants, test_set=test_set, folder=str(tmp_path / "run"))
    found = claim(replace(moved, disclosures=disclosures(moved)))
    assert found["candidates"]["int8"]["artifact"]["path"] == "artifacts/int8.onnx"
    assert found["reference"]["artifact"]["path"] == "models/fp32.onnx"
    assert found["task"]["path"] == "test.parquet"
    assert str(tmp_path) not in json.dumps(found)
    absolute = replace(variants[0], origin=str(places["fp32"][0]))
    found = claim(replace(moved, variants=(absolute, variants[1])))
    assert found["reference"]["origin"] == "fp32.onnx"
    assert found["reference"]["artifact"]["path"] == "fp32.onnx"
