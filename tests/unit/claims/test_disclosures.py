from __future__ import annotations

from dataclasses import replace

import pytest

from quantassay.claims.disclosures import disclosures
from quantassay.records.cells import CandidateVerdict


def missing(result):
    return [item for item, words in disclosures(result).items() if words is None]


def without(result, name, **changes):
    variants = tuple(replace(v, **changes) if v.name == name else v for v in result.variants)
    return replace(result, variants=variants)


def test_everything_disclosed_is_quoted(result):
    found = disclosures(result)
    assert missing(result) == []
    assert found["calibration"] == (
        "int8: 256 of 900 samples of train.parquet, seed 7, entropy, sha256 cdcdcdcdcdcdcdcd"
    )
    assert found["base model"] == "fp32.onnx, sha256 abababababababab"
    assert found["per-stratum"] == "by digit (2)"
    assert found["sample size"].startswith("n 400; widest overall interval top1 of int8")
    assert found["throughput"] == "int8: 1.8 x"
    assert found["executor"] == "ort on CPU, 2 cores, Linux"
    assert found["noise floor"].startswith("0 of 400 answers changed")


@pytest.mark.parametrize("word", ["", "undeclared", " Unknown ", "undisclosed"])
def test_words_that_say_nothing_disclose_nothing(result, word):
    assert missing(replace(result, test_set=replace(result.test_set, composition=word))) == [
        "test-set composition"
    ]
    assert missing(without(result, "int8", calibration=word)) == ["calibration"]
    assert missing(without(result, "fp32", precision=word)) == ["reference"]


def test_a_calibration_in_words_is_one(result):
    found = disclosures(without(result, "int8", calibration="none needed"))
    assert found["calibration"] == "int8: none needed"


@pytest.mark.parametrize(
    ("changes", "item"),
    [
        ({"metrics": ()}, "metric"),
        ({"speeds": ()}, "throughput"),
        ({"machine": None}, "executor"),
        ({"noise_floor": None}, "noise floor"),
    ],
)
def test_what_was_not_measured_is_missing(result, changes, item):
    assert missing(replace(result, **changes)) == [item]


def test_no_strata_and_no_interval_are_missing(result):
    bare = replace(result.test_set, strata={})
    assert missing(replace(result, test_set=bare)) == ["per-stratum"]
    cells = tuple(replace(cell, interval=None) for cell in result.comparison.cells)
    unsized = replace(result, comparison=replace(result.comparison, cells=cells))
    assert missing(unsized) == ["sample size"]


def test_a_model_without_a_file_is_missing(result):
    assert missing(without(result, "fp32", artifact=None)) == ["base model"]
    assert missing(without(result, "int8", artifact=None)) == ["quantized model"]
    assert missing(without(result, "int8", calibration=None)) == ["calibration"]


def test_one_candidate_that_discloses_nothing_spoils_the_claim(result):
    both = {**result.comparison.candidates, "int4": CandidateVerdict("pass", "fine")}
    silent = replace(result, comparison=replace(result.comparison, candidates=both))
    assert missing(silent) == [
        "quantized model of int4",
        "calibration of int4",
        "throughput of int4",
    ]
    assert disclosures(silent)["throughput"] == disclosures(result)["throughput"]


def test_a_reference_that_nobody_describes_is_missing(result):
    found = replace(result, variants=result.variants[1:])
    assert missing(found) == ["base model", "reference"]
    assert disclosures(found)["executor"].startswith("no engine on CPU")


def test_without_candidates_nothing_of_them_is_disclosed(result):
    nobody = replace(result, comparison=replace(result.comparison, candidates={}))
    assert missing(nobody) == ["quantized model", "calibration", "throughput"]
