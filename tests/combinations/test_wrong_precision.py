"""A reference that did not run in the precision that it is said to be is no reference."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import quantassay as qa
from quantassay.engines.executor import machine

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
RUBRIC = """
rubric: digits-openvino/1
task:
  name: handwritten digits
  data: {{path: {digits}/test.parquet, id: image_id, input: pixels, target: digit}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  clusters: {{column: original, between: unknown}}
metrics: [{{name: top1, margin: 0.05}}]
reference: fp32
variants:
  fp32: {{model: {digits}/fp32.onnx, engine: openvino, engine_options: {{precision: {asked}}}}}
  int8:
    {{scheme: onnxruntime-static, of: fp32, calibration: train, engine_options: {{precision: f32}}}}
calibrations: {{train: {{data: {{path: {digits}/train.parquet, input: pixels}}, samples: 256}}}}
timing: null
"""


@pytest.fixture
def ran(tmp_path, monkeypatch):
    pytest.importorskip("openvino", reason="openvino is not installed: make test")
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))

    def run(asked: str) -> tuple[qa.Result, dict, str]:
        path = tmp_path / "assay.yaml"
        path.write_text(RUBRIC.format(digits=DIGITS, asked=asked))
        result = qa.run(path, out=tmp_path / asked)
        claim = json.loads((tmp_path / asked / "claim.json").read_text())
        return result, claim, (tmp_path / asked / "report.md").read_text()

    return run


@pytest.mark.combination(
    scheme="onnxruntime-static", engine="openvino", model="digits: a convolutional network"
)
def test_a_reference_in_float32_decides(ran) -> None:
    result, claim, _ = ran("f32")
    assert result.comparison.verdict == "pass"
    assert "executed as fp32" in claim["disclosures"]["reference"]
    assert claim["candidates"]["int8"]["executed"].startswith("int8 native")


def test_a_reference_that_ran_in_bf16_is_named_and_refused(ran) -> None:
    if not {"avx512_bf16", "amx_bf16"} & set(machine().instructions):
        pytest.skip("this processor has no bfloat16, so that nothing runs in it unasked")
    result, claim, report = ran("default")
    assert result.comparison.verdict == "insufficient"
    ruling = result.comparison.candidates["int8"]
    assert ruling.reason.startswith("fp32 is no fp32: openvino ran 3 Convolution in bf16")
    assert any("fp32 is no fp32" in text for text in claim["findings"])
    assert "bf16" in claim["disclosures"]["reference"]
    assert "fp32 is no fp32" in report
