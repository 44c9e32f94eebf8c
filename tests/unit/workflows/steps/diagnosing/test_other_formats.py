"""Models that are not ONNX: what their stored weights tell, and the noise of their outputs."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.models.tflite import Scales, float_dense, int8_dense

from quantassay.rubrics.load import load
from quantassay.tendencies.weights import weight_concentration, weight_kurtosis
from quantassay.workflows.steps.asking import read_exam
from quantassay.workflows.steps.calibrating import calibration_sets
from quantassay.workflows.steps.diagnosing.look import look
from quantassay.workflows.steps.progress import Silent
from quantassay.workflows.steps.variants import prepare_variants

SAMPLES, CLASSES, WIDTH = 20, 5, 64
WEIGHT = np.random.default_rng(0).standard_t(3, (CLASSES, WIDTH)).astype(np.float32)
BIAS = np.zeros(CLASSES, np.float32)
RUBRIC = """
rubric: other/1
task:
  name: other
  data: {path: test.parquet, id: id, input: x, target: y}
  outputs: {kind: logits}
  composition: made up
  clusters: independent
metrics: [{name: top1, margin: 0.1}]
reference: fp32
variants:
VARIANTS
inference: {batch: 8}
"""
BUILDER = """
import torch

def build():
    return torch.nn.Sequential(torch.nn.Linear(WIDTH, CLASSES))
"""


def inputs():
    return np.random.default_rng(1).normal(size=(SAMPLES, WIDTH)).astype(np.float32)


def rounded(weight):
    """Return codes by row, and their scales."""
    scale = np.abs(weight).max(axis=1) / 127
    return np.rint(weight / scale[:, None]).astype(np.int8), scale


def litert(folder):
    pytest.importorskip("ai_edge_litert")
    codes, scale = rounded(WEIGHT)
    float_dense(folder / "fp32.tflite", WEIGHT, BIAS)
    int8_dense(folder / "int8.tflite", codes, BIAS, Scales(0.04, 0, 0.4, 0, scale))
    return ["  fp32: {model: fp32.tflite}", "  int8: {model: int8.tflite}"]


def openvino(folder):
    library = pytest.importorskip("openvino")
    from openvino import opset13 as op

    codes, scale = rounded(WEIGHT)

    def coded():
        wide = op.convert(op.constant(codes), np.float32)
        return op.multiply(wide, op.constant(scale[:, None].astype(np.float32)))

    for name, weights in (("fp32", lambda: op.constant(WEIGHT)), ("int8", coded)):
        x = op.parameter([-1, WIDTH], np.float32, name="x")
        y = op.matmul(x, weights(), False, True, name="last")
        whole = library.Model([op.result(y)], [x], "m")
        library.save_model(whole, folder / f"{name}.xml", compress_to_fp16=False)
    return ["  fp32: {model: fp32.xml}", "  int8: {model: int8.xml}"]


def state_dict(folder):
    torch = pytest.importorskip("torch")
    save = pytest.importorskip("safetensors.torch").save_file
    codes, scale = rounded(WEIGHT)
    text = BUILDER.replace("WIDTH", str(WIDTH)).replace("CLASSES", str(CLASSES))
    (folder / "dense_net.py").write_text(text)
    lossy = (codes * scale[:, None]).astype(np.float32)
    for name, weights in (("fp32", WEIGHT), ("int8", lossy)):
        made = {"0.weight": torch.from_numpy(weights), "0.bias": torch.from_numpy(BIAS)}
        save(made, folder / f"{name}.safetensors")
    built = 'engine_options: {module: "dense_net:build"}'
    return [f"  {one}: {{model: {one}.safetensors, {built}}}" for one in ("fp32", "int8")]


@pytest.fixture(params=[litert, openvino, state_dict], ids=lambda make: make.__name__)
def ready(request, tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    x, variants = inputs(), request.param(tmp_path)
    ids, y = [f"s{at}" for at in range(SAMPLES)], (x @ WEIGHT.T).argmax(1)
    pq.write_table(pa.table({"id": ids, "x": list(x), "y": y}), tmp_path / "test.parquet")
    (tmp_path / "rubric.yaml").write_text(RUBRIC.replace("VARIANTS", "\n".join(variants)))
    loaded = load(tmp_path / "rubric.yaml")
    exam, work = read_exam(loaded), tmp_path / "work"
    work.mkdir()
    return exam, prepare_variants(loaded, calibration_sets(exam), work, lambda name: None)


def test_noise_of_outputs_is_told_and_what_cannot_be_is_said(ready):
    found = look(*ready, Silent())
    noise = next(one for one in found.of_models() if one.name == "layer-noise")
    # int8 weights, and in LiteRT int8 inputs and outputs too
    assert 15 < noise.value < 60
    assert (noise.of, noise.n) == ("int8", SAMPLES * CLASSES)
    said = " | ".join(found.left_out)
    for text in ("only ONNX models show them", "is no ONNX model", "only ONNX models can be"):
        assert text in said
    assert set(found.models) == {"fp32", "int8"}


def test_stored_weights_are_told_where_the_format_tells_them(ready, request):
    found = look(*ready, Silent())
    whole = {one.name: one.value for one in found.of_models() if one.of == "fp32"}
    if "state_dict" in request.node.name:
        assert "weights of fp32: not told by its format 'state_dict'" in found.left_out
        assert whole == {}
        return
    assert whole["weight-kurtosis"] == pytest.approx(weight_kurtosis(WEIGHT).value)
    assert whole["weight-concentration"] == pytest.approx(weight_concentration(WEIGHT).value)
