from __future__ import annotations

from typing import Any

import pytest

from quantassay.claims.transfer.axes import axes_of, worst_first
from quantassay.claims.transfer.axes_measured import mix_axis, production_axes
from quantassay.claims.transfer.claimed import read_claim
from quantassay.claims.transfer.likeness import mix_of
from quantassay.claims.transfer.mix import reweighted
from quantassay.claims.transfer.refusals import Mix
from quantassay.records.deployment import Deployment, ModelReference
from quantassay.records.production import Production
from quantassay.records.transfer import Axis

INT8 = "sha256:" + b"int8".hex().ljust(64, "0")
FP32 = "sha256:" + b"fp32".hex().ljust(64, "0")
STACK = {
    "processor": "cpu", "engine": "ORT", "version": "1.20", "provider": "cpu", "threads": "2",
    "graph_level": "all", "batch": "64", "architecture": "x86_64", "system": "Linux",
    "instructions": "avx2",
}  # fmt: skip


def axis(claim, name: str, **said: Any) -> Axis:
    found = axes_of(claim, claim.candidates[0], Deployment("d", **said), 1)
    return next(one for one in found if one.name == name)


@pytest.mark.parametrize(
    ("name", "said", "status", "by"),
    [
        ("task", {"task": "Digits"}, "same", "words"),
        ("task", {"test_set": "CD" * 32}, "same", "digest"),
        ("task", {"test_set": "sha256:" + "ab" * 32, "task": "digits"}, "differs", "digest"),
        ("task", {"task": "letters"}, "differs", "words"),
        ("task", {}, "implicit", ""),
        ("quantized model", {"quantized": ModelReference(digest=INT8)}, "same", "digest"),
        ("quantized model", {"quantized": ModelReference(digest=FP32)}, "differs", "digest"),
        ("quantized model", {"quantized": ModelReference(name="int8")}, "implicit", ""),
        ("quantized model", {"quantized": ModelReference(name="int4")}, "differs", "words"),
        ("quantized model", {"candidate": "int8"}, "implicit", ""),
        ("base model", {"base": ModelReference(digest=FP32)}, "same", "digest"),
        ("scheme", {"scheme": "STATIC"}, "same", "definition"),
        ("scheme", {"scheme": "int8"}, "implicit", ""),
        ("scheme", {"quantized": ModelReference(digest=INT8)}, "same", "digest"),
        ("scheme", {"scheme": "awq", "quantized": ModelReference(digest=INT8)}, "differs",
         "definition"),
        ("metric", {"metric": "top1"}, "same", "definition"),
        ("metric", {"metric": "top5"}, "differs", "definition"),
        ("metric", {}, "implicit", ""),
        ("reference", {"reference": "fp32"}, "same", "words"),
        ("reference", {"reference": "fp32", "precision": "bf16"}, "differs", "words"),
        ("reference", {"base": ModelReference(digest=FP32)}, "same", "digest"),
        ("reference", {"reference": "fp16", "base": ModelReference(digest=FP32)}, "differs",
         "words"),
        ("reference", {"precision": "bf16", "base": ModelReference(digest=FP32)}, "differs",
         "words"),
        ("reference", {"reference": "fp32", "base": ModelReference(digest=FP32)}, "same", "digest"),
        ("calibration", {"calibration": "64 Samples"}, "same", "words"),
        ("calibration", {"calibration": "128 samples"}, "differs", "words"),
        ("calibration", {"quantized": ModelReference(digest=INT8)}, "same", "digest"),
        ("calibration", {"calibration": "unknown"}, "implicit", ""),
        ("calibration", {"calibration": "none"}, "differs", "words"),
        ("composition", {"composition": "in-domain"}, "same", "words"),
        ("throughput", {"executor": STACK, "speedup": 1.5}, "same", "measurement"),
        ("throughput", {"executor": STACK, "speedup": 1.75}, "differs", "measurement"),
        ("throughput", {"executor": STACK, "protocol": "offline"}, "same", "measurement"),
        ("throughput", {"executor": STACK, "protocol": "server"}, "differs", "words"),
        ("throughput", {"executor": {**STACK, "threads": "4"}}, "differs", ""),
        ("throughput", {}, "implicit", ""),
        ("executor: engine", {"executor": STACK}, "same", "definition"),
        ("executor: version", {"executor": {"version": "1.21"}}, "differs", "definition"),
        ("executor: processor", {}, "implicit", ""),
        ("executor: instructions", {"executor": {"instructions": "avx2, amx"}}, "differs",
         "definition"),
    ],
)  # fmt: skip
def test_each_axis(claim, name, said, status, by) -> None:
    found = axis(claim, name, **said)
    assert (found.status, found.by) == (status, by)
    assert found.why


def test_nothing_said_is_never_the_same(claim) -> None:
    found = axes_of(claim, claim.candidates[0], Deployment("d"), 1)
    assert {one.status for one in found} == {"implicit"}


def test_what_gates(claim) -> None:
    assert axis(claim, "executor: processor").gates
    assert not axis(claim, "executor: system").gates
    assert axis(claim, "executor: system", executor={"system": "BSD"}).gates
    assert not axis(claim, "throughput").gates
    assert axis(claim, "throughput", executor=STACK, speedup=1.75).gates
    assert not axis(claim, "metric", metric="top1").gates


def test_the_nearest_metric_is_named(claim) -> None:
    assert "did you mean 'top1'?" in axis(claim, "metric", metric="top11").why


def test_the_worst_stands_first(claim) -> None:
    said = {
        "task": "letters", "metric": "top1", "composition": "forms",
        "executor": {"threads": "9", "batch": "1"},
    }  # fmt: skip
    found = worst_first(axes_of(claim, claim.candidates[0], Deployment("d", **said), 1))
    names = [one.name for one in found if one.gates]
    assert names[:4] == ["task", "composition", "calibration", "quantized model"]
    # answers rest on these least, and on threads less than on the batch
    assert names[-2:] == ["executor: batch", "executor: threads"]
    gates = [one.gates for one in found]
    assert gates == sorted(gates, reverse=True)


def test_the_mix(claim) -> None:
    def of(**shares: float) -> Axis:
        mix = Mix("place", shares)
        found = reweighted(claim, claim.candidates[0], claim.metric("top1"), mix, 0.02)
        return mix_axis(claim, Deployment("d", mix={"place": shares}), [found], None)

    assert (of(day=0.9, night=0.1).status, of(day=0.9, night=0.1).gates) == ("differs", False)
    assert of(day=0.4, night=0.6).gates
    assert of(day=2 / 3, night=1 / 3).status == "same"
    assert "not measured" in of(dawn=1.0).why
    assert mix_axis(claim, Deployment("d"), [], None).status == "implicit"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("256 samples of train.parquet, entropy", "same"),
        ("train.parquet", "same"),
        ("256 samples, entropy", "implicit"),
        (",", "differs"),
        ("256 samples of other.parquet", "differs"),
    ],
)
def test_calibration_is_the_same_only_where_its_data_are_named(raw, write, words, status) -> None:
    facts = {
        "name": "", "source": "train.parquet", "method": "entropy", "samples": 256,
        "available": 900, "seed": 1, "digest": "sha256:" + "ef" * 32,
    }  # fmt: skip
    raw["candidates"]["int8"]["calibration"] = facts
    assert axis(read_claim(write(raw)), "calibration", calibration=words).status == status


@pytest.mark.parametrize("words", ["none", "None", "not needed", "no calibration"])
@pytest.mark.parametrize(
    ("claimed", "status"),
    [
        ("none needed by this scheme", "same"),
        ("64 samples", "differs"),
        ("none", "implicit"),  # in a claim the word may stand for nothing said
        (None, "implicit"),
        ("undisclosed", "implicit"),
    ],
)
def test_no_calibration_is_an_answer(raw, write, words, claimed, status) -> None:
    raw["candidates"]["int8"]["calibration"] = claimed
    found = axis(read_claim(write(raw)), "calibration", calibration=words)
    assert (found.status, found.gates) == (status, status != "same")
    assert "the deployment does not say" not in found.why


def test_a_speed_that_was_missed_is_said_in_words(claim) -> None:
    why = axis(claim, "throughput", executor=STACK, speedup=2).why
    assert why == "you count on 2 x; measured 1.8 x (at least 1.7 x)"


def test_a_mix_that_no_metric_decides_is_never_the_same(claim) -> None:
    found = mix_axis(claim, Deployment("d", mix={"place": {"day": 1.0}}), [], None)
    assert (found.status, found.gates) == ("implicit", True)


def test_unknown_on_both_sides_is_not_the_same(raw, write) -> None:
    raw["executor"]["processor"] = "Unknown"
    found = axis(read_claim(write(raw)), "executor: processor", executor={"processor": "unknown"})
    assert (found.status, found.gates) == ("implicit", True)


def test_traffic_that_leaves_a_stratum_out_is_as_far_as_it_is(claim) -> None:
    found = reweighted(
        claim, claim.candidates[0], claim.metric("top1"), Mix("place", {"day": 1.0}), 0.02
    )
    axis = mix_axis(claim, Deployment("d", mix={"place": {"day": 1.0}}), [found], None)
    assert axis.why.startswith("33.3 % of the traffic")


@pytest.mark.parametrize(
    ("counts", "nameless", "differs"),
    [((95, 5), 0, False), ((70, 30), 0, True), ((95, 5), 30, True), ((950, 50), 1, False)],
)
def test_a_declared_mix_beside_a_sample(counts, nameless, differs) -> None:
    found = mix_of(
        "place", {"day": counts[0], "night": counts[1]}, {"day": 600, "night": 300}, nameless,
        0.95, 0,
    )  # fmt: skip
    production = Production("p.csv", sum(counts), (found,), (), ())
    (one,) = production_axes(production, {"place": {"day": 0.95, "night": 0.05}}, 0.95)
    assert (one.status == "differs", one.gates) == (differs, differs)
    (one,) = production_axes(production, {}, 0.95)
    assert not one.gates
