"""What schemes write as ONNX, run in OpenVINO: the same file, other kernels."""

from __future__ import annotations

from pathlib import Path

import pytest

import quantassay as qa

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
MODEL = "digits: a convolutional network"
RUBRIC = """
rubric: digits-in-openvino/1
task:
  name: handwritten digits
  data: {{path: {digits}/test.parquet, id: image_id, input: pixels, target: digit}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  clusters: {{column: original, between: unknown}}
metrics: [{{name: top1, margin: 0.05}}]
reference: fp32
variants:
  fp32: {{model: {digits}/fp32.onnx, engine: openvino}}
  low: {{scheme: {scheme}, of: fp32{calibration}, engine: openvino}}
calibrations: {{train: {{data: {{path: {digits}/train.parquet, input: pixels}}, samples: 256}}}}
timing: null
"""
CALIBRATED = ("onnxruntime-static", "nncf-int8")
SCHEMES = ["onnxruntime-static", "onnxruntime-dynamic", "onnxruntime-fp16", "onnxruntime-int4"]


def pair(scheme: str):
    mark = pytest.mark.combination(scheme=scheme, engine="openvino", model=MODEL)
    return pytest.param(scheme, marks=mark, id=scheme)


@pytest.mark.parametrize("scheme", [pair(scheme) for scheme in SCHEMES])
def test_a_scheme_of_another_runtime_runs(scheme: str, tmp_path: Path) -> None:
    pytest.importorskip("openvino", reason="openvino is not installed: make test")
    path = tmp_path / "assay.yaml"
    calibration = ", calibration: train" if scheme in CALIBRATED else ""
    path.write_text(RUBRIC.format(digits=DIGITS, scheme=scheme, calibration=calibration))
    result = qa.run(path, out=tmp_path / "run")
    low = next(one for one in result.variants if one.name == "low")
    assert low.truth is not None
    assert low.truth.lowered
    (cell,) = (cell for cell in result.comparison.cells if cell.metric == "top1")
    assert cell.loss is not None
    assert abs(cell.loss) < 0.02
    use = result.engines["low"]
    assert use.engine == "openvino"
    assert use.asked == "f32"
    assert use.precisions or use.full_precision
