"""Who takes part in a selection."""

from __future__ import annotations

import pytest

from quantassay.errors import RubricError
from quantassay.rubrics.load import load
from quantassay.workflows.steps.selection.participants import narrowed, rule_of, turns

RUBRIC = """
rubric: pick/1
task:
  name: digits
  data: {path: test.csv, id: id, input: x, target: y}
  clusters: independent
metrics:
  - {name: top1, margin: 0.05}
reference: [fp32, fp16]
variants:
  fp32: {model: fp32.onnx}
  fp16: {model: fp16.onnx}
  folded: {scheme: onnxruntime-fp16, of: fp32, gate: false}
  int8: {scheme: onnxruntime-dynamic, of: folded}
  poor: {model: poor.onnx, gate: false}
  theirs: {predictions: theirs.csv, precision: int8, calibration: undisclosed}
"""


@pytest.fixture
def loaded(tmp_path):
    path = tmp_path / "assay.yaml"
    path.write_text(RUBRIC)
    return load(path)


def test_all_that_gate_share_alpha_another_reference_too(loaded):
    rule = rule_of(loaded)
    assert (rule.procedure, rule.alpha, rule.candidates) == ("fastest-first", 0.025, 3)


def test_what_others_are_made_from_is_made_and_no_other_variant_without_a_gate(loaded):
    part = narrowed(loaded).rubric
    assert list(part.variants) == ["fp32", "fp16", "folded", "int8", "theirs"]
    assert part.references == ("fp32",)
    assert part.timing.saturation is False
    assert loaded.rubric.timing.saturation is True


def test_what_has_no_throughput_is_left_out_by_name(loaded):
    order, left = turns(loaded, rule_of(loaded), [])
    assert order == []
    assert set(left) == {"fp16", "int8", "theirs"}
    assert "not timed" in left["int8"]
    assert "recorded" in left["theirs"]


def test_a_declared_rate_tells_no_candidates_apart(tmp_path):
    path = tmp_path / "assay.yaml"
    path.write_text(RUBRIC + "timing: {protocol: server, latency: 10ms, rate: 100}\n")
    with pytest.raises(RubricError, match=r"timing\.rate: a declared rate is that of all"):
        rule_of(load(path))
    path.write_text(RUBRIC + "timing: {protocol: server, latency: 10ms}\n")
    assert rule_of(load(path)).procedure == "fastest-first"
