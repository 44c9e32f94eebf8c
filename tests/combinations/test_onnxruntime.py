"""ONNX Runtime's schemes in its own engine, on the digit classifier and on magika's model."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from quantassay import plugins
from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.formats.onnx import Onnx
from quantassay.schemes.truth import compare
from quantassay.testing import check_engine, check_scheme

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
SMALL = "digit classifier, 5 layers"
MAGIKA = "magika standard_v3_3, file types"
INT4 = "onnxruntime-int4"


class Model:
    """A model, samples to calibrate on and to answer, and what it answers."""

    def __init__(self, path, calibration, samples, target=None):
        self.path, self.samples, self.target = path, samples, target
        self.batches = [{"": calibration[at : at + 32]} for at in range(0, len(calibration), 32)]
        self.answers = answers(path, samples)[0]


def answers(path, samples):
    session = OnnxRuntime.open(path, {})
    found = session.run({"": samples})
    use = session.use()
    session.close()
    return next(iter(found.values())), use


def pixels(name):
    table = pq.read_table(DIGITS / name)
    images = np.array(table["pixels"].to_pylist(), np.float32).reshape(-1, 1, 8, 8) / 16
    return images, np.array(table["digit"].to_pylist())


@pytest.fixture(scope="module")
def digits():
    return Model(DIGITS / "fp32.onnx", pixels("train.parquet")[0][:256], *pixels("test.parquet"))


@pytest.fixture(scope="module")
def magika():
    """Token 256 pads; the sources of installed modules are what it tells apart."""
    folder = Path(find_spec("magika").origin).parent
    files = sorted(Path(np.__file__).parent.rglob("*.py"))[:32]
    tokens = np.full((len(files), 2048), 256, np.int32)
    for row, file in zip(tokens, files, strict=True):
        text = np.frombuffer(file.read_bytes().strip(), np.uint8)
        row[: len(text[:1024])] = text[:1024]
        row[2048 - len(text[-1024:]) :] = text[-1024:]
    path = next(folder.glob("models/*/model.onnx"))
    return Model(path, tokens[:16], tokens)


def variant(scheme, model, options, out):
    """Make a variant; return its truth, its answers and how it ran."""
    loaded = plugins.load("schemes", scheme)
    loaded.quantize(model.path, model.batches, options, out)
    truth = compare(Onnx.contents(model.path), Onnx.contents(out))
    return truth, *answers(out, model.samples)


def ran(use):
    return {(item.op, item.precision): (item.count, item.execution) for item in use.precisions}


def accuracy(model, found):
    return np.mean(found.argmax(1) == model.target)


KINDS = {
    "U8S8": {"activation": "QUInt8", "weight": "QInt8"},
    "S8S8": {"activation": "QInt8", "weight": "QInt8"},
    "U8U8": {"activation": "QUInt8", "weight": "QUInt8", "per_channel": False},
}


@pytest.mark.combination(scheme="onnxruntime-static", engine="onnxruntime", model=SMALL)
@pytest.mark.parametrize("method", ["minmax", "entropy", "percentile"])
@pytest.mark.parametrize("format", ["QDQ", "QOperator"])
@pytest.mark.parametrize("kind", KINDS)
def test_static_int8_runs_in_integer_kernels(digits, method, format, kind, tmp_path):
    options = {"method": method, "format": format, **KINDS[kind]}
    truth, found, use = variant("onnxruntime-static", digits, options, tmp_path / "v.onnx")
    assert truth.lowered
    assert (truth.weights_changed, truth.weights_total) == (5, 5)
    assert truth.low_precision_share > 0.99
    assert truth.bits_per_weight < 9
    assert ran(use) == {("QLinearConv", "int8"): (3, "native"), ("QGemm", "int8"): (2, "native")}
    assert use.full_precision == {}
    assert abs(accuracy(digits, found) - accuracy(digits, digits.answers)) < 0.01
    assert 0.001 < np.abs(found - digits.answers).mean() < 0.1


@pytest.mark.combination(scheme="onnxruntime-static", engine="onnxruntime", model=MAGIKA)
def test_static_int8_on_magika(magika, tmp_path):
    """The token table, made of a one-hot product, is a layer like the others."""
    options = {"ops": ["MatMul", "Gemm", "Conv"]}
    truth, found, use = variant("onnxruntime-static", magika, options, tmp_path / "v.onnx")
    assert truth.lowered
    assert sum(count for (_, kind), (count, _) in ran(use).items() if kind == "int8") >= 3
    assert np.mean(found.argmax(1) == magika.answers.argmax(1)) > 0.9


@pytest.mark.combination(scheme="onnxruntime-dynamic", engine="onnxruntime", model=SMALL)
def test_dynamic_int8_runs_in_integer_kernels(digits, tmp_path):
    truth, found, use = variant("onnxruntime-dynamic", digits, {}, tmp_path / "v.onnx")
    assert truth.lowered
    assert truth.weights_changed == 5
    told = ran(use)
    assert told["ConvInteger", "int8"] == (3, "native")
    assert sum(count for (op, _), (count, _) in told.items() if "MatMul" in op) == 2
    assert abs(accuracy(digits, found) - accuracy(digits, digits.answers)) < 0.01


@pytest.mark.combination(scheme="onnxruntime-dynamic", engine="onnxruntime", model=MAGIKA)
def test_dynamic_int8_on_magika(magika, tmp_path):
    truth, found, _ = variant("onnxruntime-dynamic", magika, {}, tmp_path / "v.onnx")
    assert truth.lowered
    assert np.mean(found.argmax(1) == magika.answers.argmax(1)) > 0.9


@pytest.mark.combination(scheme="onnxruntime-fp16", engine="onnxruntime", model=SMALL)
def test_fp16_is_computed_in_float32_on_a_processor(digits, tmp_path):
    truth, found, use = variant("onnxruntime-fp16", digits, {}, tmp_path / "v.onnx")
    assert truth.lowered
    assert truth.weights_changed == 5
    assert truth.bits_per_weight == pytest.approx(16, abs=0.1)
    assert ran(use)["Conv", "fp16"] == (3, "emulated")
    assert use.asked == "fp16"
    assert np.abs(found - digits.answers).max() < 0.1


@pytest.mark.combination(scheme="onnxruntime-fp16", engine="onnxruntime", model=MAGIKA)
def test_fp16_on_magika(magika, tmp_path):
    truth, found, _ = variant("onnxruntime-fp16", magika, {}, tmp_path / "v.onnx")
    assert truth.lowered
    assert np.mean(found.argmax(1) == magika.answers.argmax(1)) == 1


@pytest.mark.combination(scheme=INT4, engine="onnxruntime", model=SMALL)
@pytest.mark.parametrize("algorithm", ["default", "rtn", "k_quant", "hqq"])
def test_int4_packs_both_dense_layers(digits, algorithm, tmp_path):
    """The classifier's dense layers are of the kind Gemm, as torch exports them."""
    if algorithm == "hqq":
        pytest.importorskip("torch", reason="HQQ imports it: make test-torch")
    truth, found, use = variant(INT4, digits, {"algorithm": algorithm}, tmp_path / "v.onnx")
    assert truth.lowered
    assert truth.ops_added["MatMulNBits"] == truth.ops_removed["Gemm"] == 2
    assert "2 of 5" in truth.summary
    assert ran(use)["MatMulNBits", "int4"] == (2, "emulated")
    assert use.full_precision["Conv"] == 3
    assert abs(accuracy(digits, found) - accuracy(digits, digits.answers)) < 0.02


@pytest.mark.combination(scheme=INT4, engine="onnxruntime", model=MAGIKA)
@pytest.mark.parametrize("algorithm", ["default", "rtn", "k_quant"])
def test_int4_on_magika(magika, algorithm, tmp_path):
    """Blocks of 256: the token table has 257 rows, and an odd number of smaller blocks."""
    options = {"algorithm": algorithm, "block_size": 256}
    truth, found, _ = variant(INT4, magika, options, tmp_path / "v.onnx")
    assert truth.ops_added["MatMulNBits"] == truth.ops_removed["MatMul"] == 2
    assert np.mean(found.argmax(1) == magika.answers.argmax(1)) > 0.8


@pytest.mark.parametrize(
    "scheme",
    ["onnxruntime-static", "onnxruntime-dynamic", "onnxruntime-fp16", "onnxruntime-int4"],
)
def test_every_scheme_keeps_the_contract(digits, scheme):
    check_scheme(plugins.load("schemes", scheme), digits.path, digits.batches)


@pytest.mark.combination(scheme=None, engine="onnxruntime", model=SMALL)
def test_the_engine_keeps_the_contract(digits):
    check_engine(OnnxRuntime, digits.path, {"": digits.samples[:8]})
    assert accuracy(digits, digits.answers) == pytest.approx(0.9235, abs=0.0005)


@pytest.mark.combination(scheme=None, engine="onnxruntime", model=MAGIKA)
def test_the_engine_runs_magika(magika):
    check_engine(OnnxRuntime, magika.path, {"": magika.samples[:4]})
    assert np.mean(magika.answers.argmax(1) == magika.answers[0].argmax()) > 0.9
