"""NNCF's schemes in the engines that run what they make."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

pytest.importorskip("nncf", reason="nncf is not installed: make test")
pytest.importorskip("openvino", reason="openvino is not installed: make test")

from tests.models import digit_transformer
from tests.models.digit_transformer import DIGITS, NARROW, TRAINED
from tests.models.outliers import cosine, inputs, save_block

from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.engines.openvino.engine import OpenVino
from quantassay.formats.openvino import OpenVinoIr
from quantassay.formats.recognized import format_of
from quantassay.schemes.nncf.gptq import NncfGptq
from quantassay.schemes.nncf.int8 import NncfInt8
from quantassay.schemes.nncf.smoothquant import NncfSmoothQuant
from quantassay.schemes.rounding import rounded as just_rounded

FOLDER = Path(__file__).parents[2] / "examples" / "digits"
CLASSIFIER = "digit classifier, 5 layers"
BLOCK = "a transformer block with outlier channels (made by hand, 61 k weights)"
GIVEN = inputs(2, 200)
CALIBRATION = [{"": inputs(1, 32)}, {"": inputs(3, 32)}]
TRANSFORMER = {"model_type": "transformer"}


def answer(engine, path, batch):
    session = engine.open(path, {})
    (found,) = session.run({"": batch}).values()
    return found, session.use()


def native(use):
    """Return the operations that ran in integer kernels."""
    return {
        item.op
        for item in use.precisions
        if item.precision == "int8" and item.execution != "emulated"
    }


def pixels(name):
    table = pq.read_table(FOLDER / name)
    images = np.array(table["pixels"].to_pylist(), np.float32).reshape(-1, 1, 8, 8) / 16
    return images, np.array(table["digit"].to_pylist())


@pytest.fixture(scope="module")
def int8_digits(tmp_path_factory):
    """The digit classifier in INT8."""
    out = tmp_path_factory.mktemp("digits") / "int8.onnx"
    images, _ = pixels("train.parquet")
    NncfInt8.quantize(FOLDER / "fp32.onnx", [{"": images[:32]}, {"": images[32:64]}], {}, out)
    return out


def digits_are_read(engine, path):
    images, digits = pixels("test.parquet")
    before, _ = answer(OnnxRuntime, FOLDER / "fp32.onnx", images)
    after, use = answer(engine, path, images)
    right = np.mean(before.argmax(1) == digits), np.mean(after.argmax(1) == digits)
    assert right[0] > 0.9
    assert right[1] > right[0] - 0.01
    assert native(use)


@pytest.mark.combination(scheme="nncf-int8", engine="onnxruntime", model=CLASSIFIER)
def test_int8_of_digits_in_onnxruntime(int8_digits):
    digits_are_read(OnnxRuntime, int8_digits)


@pytest.mark.combination(scheme="nncf-int8", engine="openvino", model=CLASSIFIER)
def test_int8_of_digits_in_openvino(int8_digits):
    digits_are_read(OpenVino, int8_digits)


@pytest.fixture(scope="module")
def block(tmp_path_factory):
    """The block in FP32, in INT8, and in INT8 after SmoothQuant, as ONNX."""
    folder = tmp_path_factory.mktemp("block")
    save_block(folder / "fp32.onnx")
    NncfInt8.quantize(folder / "fp32.onnx", CALIBRATION, TRANSFORMER, folder / "plain.onnx")
    NncfSmoothQuant.quantize(folder / "fp32.onnx", CALIBRATION, {}, folder / "smooth.onnx")
    return folder


def smoothing_helps(engine, folder, suffix):
    whole, _ = answer(engine, folder / f"fp32{suffix}", GIVEN)
    plain, _ = answer(engine, folder / f"plain{suffix}", GIVEN)
    smooth, use = answer(engine, folder / f"smooth{suffix}", GIVEN)
    assert cosine(whole, plain) < 0.985
    assert cosine(whole, smooth) > 0.995
    assert native(use)
    held = format_of(folder / f"smooth{suffix}").contents(folder / f"smooth{suffix}")
    assert (held.layers, held.stored) == ((7, 7), "int8")


@pytest.mark.combination(scheme="nncf-smoothquant", engine="onnxruntime", model=BLOCK)
def test_smoothquant_in_onnxruntime(block):
    smoothing_helps(OnnxRuntime, block, ".onnx")


@pytest.mark.combination(scheme="nncf-smoothquant", engine="openvino", model=BLOCK)
def test_smoothquant_in_openvino(block):
    smoothing_helps(OpenVino, block, ".onnx")


@pytest.mark.combination(scheme="nncf-smoothquant", engine="openvino", model=f"{BLOCK}, as IR")
def test_smoothquant_of_openvino_ir(block, tmp_path):
    import openvino

    model = openvino.Core().read_model(block / "fp32.onnx")
    openvino.save_model(model, tmp_path / "fp32.xml", compress_to_fp16=False)
    NncfInt8.quantize(tmp_path / "fp32.xml", CALIBRATION, TRANSFORMER, tmp_path / "plain.xml")
    NncfSmoothQuant.quantize(tmp_path / "fp32.xml", CALIBRATION, {}, tmp_path / "smooth.xml")
    smoothing_helps(OpenVino, tmp_path, ".xml")


@pytest.fixture(scope="module")
def transformer(tmp_path_factory):
    """A transformer trained in PyTorch, as OpenVINO IR."""
    pytest.importorskip("torch", reason="torch is not installed: make test-torch")
    return digit_transformer.converted(tmp_path_factory.mktemp("torch") / "fp32.xml")


def measured(path: Path):
    """Return the share of unseen digits that are right, and the scores."""
    pixels, target = digit_transformer.images()
    scores, use = answer(OpenVino, path, pixels[TRAINED:])
    return np.mean(scores.argmax(1) == target[TRAINED:]), scores, use


def off(one, other):
    return np.linalg.norm(one - other) / np.linalg.norm(other)


@pytest.mark.long
@pytest.mark.combination(scheme="nncf-gptq", engine="openvino", model=DIGITS)
def test_gptq_of_a_transformer_from_torch(transformer, tmp_path):
    pixels, _ = digit_transformer.images()
    batches = [{"": pixels[start : start + 32]} for start in range(0, 128, 32)]
    options = {"group_size": 32, "all_layers": True, "ignored": [NARROW]}
    NncfGptq.quantize(transformer, batches, options, tmp_path / "gptq.xml")
    right, scores, _ = measured(transformer)
    after, rounded, use = measured(tmp_path / "gptq.xml")
    assert right > 0.9
    assert after > right - 0.02
    # rounding to nearest is off by three times as much
    assert off(rounded, scores) < 0.025
    (packed,) = (item for item in use.precisions if item.precision == "int4")
    assert (packed.op, packed.count, packed.execution) == ("FullyConnected", 9, "emulated")
    kept = OpenVinoIr.stored_weights(transformer)
    found = just_rounded(kept, OpenVinoIr.stored_weights(tmp_path / "gptq.xml"))
    assert found.compared == found.total == 70656
    assert 0.5 < found.nearest / found.compared < 0.98


@pytest.mark.long
@pytest.mark.combination(scheme="nncf-int8", engine="openvino", model=DIGITS)
def test_int8_of_a_transformer_from_torch(transformer, tmp_path):
    pixels, _ = digit_transformer.images()
    NncfInt8.quantize(transformer, [{"": pixels[:64]}], TRANSFORMER, tmp_path / "int8.xml")
    right, _, _ = measured(transformer)
    after, _, use = measured(tmp_path / "int8.xml")
    assert after > right - 0.03
    assert "FullyConnected" in native(use)
