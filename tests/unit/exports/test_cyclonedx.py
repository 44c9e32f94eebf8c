from __future__ import annotations

from copy import deepcopy

from quantassay.exports.cyclonedx import CycloneDx


def component(bom, name):
    return next(one for one in bom["components"] if one["name"] == name)


def test_each_model_is_a_component(rich, valid):
    bom = valid("cyclonedx", CycloneDx().text(*rich))
    assert [one["name"] for one in bom["components"]] == ["fp32", *rich[0]["candidates"]]
    assert {one["type"] for one in bom["components"]} == {"machine-learning-model"}
    assert component(bom, "fp16")["pedigree"]["ancestors"][0]["name"] == "fp32"


def test_an_interval_is_that_of_a_loss_and_never_of_a_value(rich, valid):
    card = component(valid("cyclonedx", CycloneDx().text(*rich)), "int8-static")["modelCard"]
    figures = card["quantitativeAnalysis"]["performanceMetrics"]
    sliced = [one for one in figures if one.get("slice") == "digit=8"]
    assert [one["type"] for one in sliced] == ["top1", "loss of top1 against fp32"]
    assert "confidenceInterval" not in sliced[0]
    ends = sliced[1]["confidenceInterval"]
    assert float(ends["lowerBound"]) < float(sliced[1]["value"]) < float(ends["upperBound"])


def test_throughput_and_accuracy_are_one_trade_off(rich, valid):
    card = component(valid("cyclonedx", CycloneDx().text(*rich)), "int8-static")["modelCard"]
    [said] = card["considerations"]["performanceTradeoffs"]
    assert "top1 @ overall: 0.954842 (int8-static)" in said
    assert "1.86 x that of fp32 [1.8042, 1.9344] at 0.95" in said
    kinds = {one["type"] for one in card["quantitativeAnalysis"]["performanceMetrics"]}
    assert {
        "throughput, samples per second, offline, 64 samples per query",
        "throughput over that of fp32",
    } <= kinds


def test_limits_say_what_failed_and_what_is_missing(rich, valid):
    card = component(valid("cyclonedx", CycloneDx().text(*rich)), "int8-static")["modelCard"]
    limits = card["considerations"]["technicalLimitations"]
    assert any(one.startswith("top1 @ digit=8: fail:") for one in limits)
    assert "not disclosed: pruning" in limits
    assert "The calibration set of int8-poor holds one digit only." in limits


def test_a_digest_is_a_hash_only_where_it_is_one(rich, valid):
    claim = deepcopy(rich[0])
    claim["candidates"]["fp16"]["artifact"]["digest"] = "sha256:" + "ab" * 32
    bom = valid("cyclonedx", CycloneDx().text(claim, rich[1]))
    assert component(bom, "fp16")["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert "hashes" not in component(bom, "int8-static")


def test_the_same_claim_has_the_same_number(rich):
    first, second = CycloneDx().text(*rich), CycloneDx().text(deepcopy(rich[0]), rich[1])
    assert first == second
    other = {**rich[0], "confidence": 0.9}
    serial = first.partition('"serialNumber": ')[2][:50]
    assert serial not in CycloneDx().text(other, rich[1])
