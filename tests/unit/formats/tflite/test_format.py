from __future__ import annotations

import sys

import numpy as np
import pytest
from tests.models.tflite import (
    Network,
    Scales,
    dynamic_dense,
    float_dense,
    int8_dense,
    packed,
    schema,
    unpacked,
    widened_dense,
)

from quantassay.engines.litert.engine import LiteRt
from quantassay.errors import ArtifactError, PluginError
from quantassay.formats.tflite import TfLite
from quantassay.schemes.rounding import rounded
from quantassay.schemes.truth import compare

WEIGHT = np.random.default_rng(0).normal(size=(3, 8)).astype(np.float32)
BY_CHANNEL = np.abs(WEIGHT).max(axis=1) / 127
CODES = np.rint(WEIGHT / BY_CHANNEL[:, None]).astype(np.int8)
SCALES = Scales(0.05, 5, 0.1, -7, BY_CHANNEL)
BIAS = np.ones(3)


@pytest.fixture
def dense(tmp_path):
    return float_dense(tmp_path / "fp32.tflite", WEIGHT, BIAS)


@pytest.fixture
def quantized(tmp_path):
    return int8_dense(tmp_path / "int8.tflite", CODES, BIAS, SCALES)


def test_recognizes_by_name_or_first_bytes(dense, tmp_path):
    assert TfLite.recognizes(dense)
    assert TfLite.recognizes(tmp_path / "not there.tflite")
    assert TfLite.recognizes(dense.rename(tmp_path / "model.lite"))
    assert not TfLite.recognizes(tmp_path)
    other = tmp_path / "other.bin"
    other.write_bytes(b"TFL3 is not at its place")
    assert not TfLite.recognizes(other)


def test_identifies_by_bytes_and_by_what_the_file_says(dense):
    artifact = TfLite.identify(dense)
    assert (artifact.bytes, artifact.version) == (dense.stat().st_size, "")
    model, needs = unpacked(dense), schema().MetadataT()
    model.description = b"made\nby hand"
    held = schema().BufferT()
    held.data = np.frombuffer(b"1.5.0\0\0\0", np.uint8)
    needs.name, needs.buffer = b"min_runtime_version", len(model.buffers)
    model.buffers.append(held)
    model.metadata = [needs]
    dense.write_bytes(packed(model))
    assert TfLite.identify(dense).version == "made by hand, runtime 1.5.0 or newer"
    assert TfLite.identify(dense).digest != artifact.digest


def test_contents_of_floats(dense):
    found = TfLite.contents(dense)
    assert (found.format, found.ops, found.low_ops) == ("tflite", {"FULLY_CONNECTED": 1}, {})
    assert [(w.kind, w.dimensions, w.elements, w.bits) for w in found.weights] == [
        ("fp32", 2, 24, 768),
        ("fp32", 1, 3, 96),
    ]
    assert (found.layers, found.macs, found.stored) == ((0, 1), (0, 24), "fp32")


def test_contents_of_codes(quantized):
    found = TfLite.contents(quantized)
    assert found.low_ops == {"FULLY_CONNECTED": 1}
    stored = [(w.kind, w.elements, w.bits) for w in found.weights if not w.parameter]
    assert stored == [("int8", 24, 192), ("int32", 3, 96)]
    # scales and zero points of input, output, weights and bias
    parameters = [(w.kind, w.elements, w.bits) for w in found.weights if w.parameter]
    assert sorted(parameters) == sorted(
        [("fp32", n, 32 * n) for n in (1, 1, 3, 3)] + [("int64", n, 64 * n) for n in (1, 1, 3, 3)]
    )
    assert (found.layers, found.macs, found.stored) == ((1, 1), (24, 24), "int8")


def test_weights_as_numbers(dense, quantized):
    (plain,) = TfLite.stored_weights(dense)
    (coded,) = TfLite.stored_weights(quantized)
    assert (plain.shape, plain.quantized, coded.quantized) == ((3, 8), False, True)
    assert np.array_equal(plain.read().values, WEIGHT)
    found = coded.read()
    assert found.values == pytest.approx(CODES * BY_CHANNEL[:, None], abs=1e-6)
    assert found.step == pytest.approx(BY_CHANNEL[:, None], rel=1e-6)
    assert found.high == pytest.approx(127 * BY_CHANNEL[:, None], rel=1e-6)


def test_a_pair_that_is_just_rounded_is_known(dense, quantized):
    whole = rounded(TfLite.stored_weights(dense), TfLite.stored_weights(quantized))
    assert (whole.nearest, whole.compared, whole.total) == (24, 24, 24)
    moved = CODES.copy()
    moved[0, 0] += 1 if moved[0, 0] < 127 else -1
    int8_dense(quantized, moved, BIAS, SCALES)
    assert rounded(TfLite.stored_weights(dense), TfLite.stored_weights(quantized)).nearest == 23


def test_four_bits_are_unpacked_as_the_runtime_does(tmp_path):
    """The layer's answers to unit rows are its weights."""
    codes = np.array([[-8, -7, -1, 0], [1, 2, 6, 7]], np.int8)
    net = Network()
    fed, made = net.tensor((1, 4)), net.tensor((1, 2))
    halves = (codes.reshape(-1, 2) & 15).astype(np.uint8)
    packed_codes = halves[:, 0] | halves[:, 1] << 4
    weight = net.constant(packed_codes, scale=0.5)
    net.tensors[weight].shape, net.tensors[weight].type = [2, 4], schema().TensorType.INT4
    net.operate("FULLY_CONNECTED", [fed, weight, -1], made, "FullyConnected")
    path = net.write(tmp_path / "int4.tflite", [fed], [made])
    (stored,) = TfLite.stored_weights(path)
    assert np.array_equal(stored.read().values, codes * 0.5)
    answers = LiteRt.open(path, {}).run({"": np.eye(4, dtype=np.float32)})
    assert pytest.approx(codes * 0.5, abs=1e-5) == answers["t1"].T
    assert TfLite.contents(path).stored == "int4"


@pytest.mark.parametrize(
    ("write", "kind"),
    [
        (lambda path: dynamic_dense(path, CODES, 0.01), "int8"),
        (lambda path: widened_dense(path, WEIGHT), "fp16"),
    ],
)
def test_layers_are_low_by_what_is_stored(tmp_path, write, kind):
    found = TfLite.contents(write(tmp_path / "low.tflite"))
    assert (found.layers, found.macs, found.stored) == ((1, 1), (24, 24), kind)


def test_truth_of_a_published_pair(dense, quantized):
    truth = compare(TfLite.contents(dense), TfLite.contents(quantized))
    assert (truth.changed, truth.lowered, truth.weights_changed) == (True, True, 1)
    assert "1 of 1 layers in lower precision" in truth.summary
    same = compare(TfLite.contents(dense), TfLite.contents(dense))
    assert (same.changed, same.summary) == (False, "changed nothing")


def test_names_make_no_difference_and_scales_do(quantized, tmp_path):
    before, model = TfLite.contents(quantized).structure, unpacked(quantized)
    for tensor in model.subgraphs[0].tensors:
        tensor.name = b"called " + tensor.name
    quantized.write_bytes(packed(model))
    assert TfLite.contents(quantized).structure == before
    model.subgraphs[0].tensors[1].quantization.scale = np.array([0.2], np.float32)
    quantized.write_bytes(packed(model))
    assert TfLite.contents(quantized).structure != before


@pytest.mark.parametrize(
    ("kind", "options", "filter", "fed", "made", "macs"),
    [
        ("CONV_2D", "Conv2D", (5, 3, 3, 2), (1, 8, 8, 2), (1, 8, 8, 5), 8 * 8 * 5 * 3 * 3 * 2),
        ("DEPTHWISE_CONV_2D", "DepthwiseConv2D", (1, 3, 3, 4), (1, 6, 6, 4), (1, 3, 3, 4),
         3 * 3 * 4 * 3 * 3),
    ],
)  # fmt: skip
def test_multiplications_of_convolutions(tmp_path, kind, options, filter, fed, made, macs):
    net = Network()
    taken, written = net.tensor(fed), net.tensor(made)
    weight = net.constant(np.zeros(filter, np.float32))
    net.operate(kind, [taken, weight, -1], written, options, strideW=1, strideH=1)
    path = net.write(tmp_path / "conv.tflite", [taken], [written])
    assert TfLite.contents(path).macs == (0, macs)


def test_what_does_not_tell_its_multiplications_has_none(tmp_path):
    net = Network()
    fed, made = net.tensor((1, 4, 4, 1)), net.tensor((1, 8, 8, 1))
    size = net.constant(np.array([1, 8, 8, 1], np.int32))
    weight = net.constant(np.zeros((1, 2, 2, 1), np.float32))
    net.operate("TRANSPOSE_CONV", [size, weight, fed], made, "TransposeConv")
    found = TfLite.contents(net.write(tmp_path / "t.tflite", [fed], [made]))
    assert (found.layers, found.macs) == ((0, 1), None)


def test_every_truncation_is_refused_in_one_line(quantized):
    whole = quantized.read_bytes()
    for kept in range(0, len(whole), 7):
        quantized.write_bytes(whole[:kept])
        with pytest.raises(ArtifactError) as caught:
            TfLite.identify(quantized)
        assert str(caught.value).startswith(f"{quantized}: ")
        assert "\n" not in str(caught.value)


def test_damage_anywhere_is_read_or_refused(quantized):
    whole = bytearray(quantized.read_bytes())
    for at in range(0, len(whole), 2):
        for value in (0x7F, 0xFF):
            changed = whole.copy()
            changed[at] = value
            quantized.write_bytes(changed)
            try:
                TfLite.contents(quantized)
            except ArtifactError as error:
                assert "\n" not in str(error)


def test_a_buffer_that_tensors_share_counts_once(dense):
    model = unpacked(dense)
    model.subgraphs[0].tensors += [model.subgraphs[0].tensors[2]] * 50
    dense.write_bytes(packed(model))
    assert sum(w.elements for w in TfLite.contents(dense).weights) == 24 + 3


def test_a_small_file_cannot_claim_a_huge_model(dense):
    """Offsets may point anywhere: 5,000 operations are one and the same, of 100,000 inputs."""
    model = unpacked(dense)
    one = model.subgraphs[0].operators[0]
    one.inputs, pack, written = [0] * 100_000, one.Pack, []
    one.Pack = lambda builder: (
        written[0] if written else written.append(pack(builder)) or written[0]
    )
    model.subgraphs[0].operators = [one] * 5_000
    dense.write_bytes(packed(model))
    assert dense.stat().st_size < 500_000
    with pytest.raises(ArtifactError, match="truncated or damaged"):
        TfLite.identify(dense)


def test_weights_elsewhere_are_refused(dense):
    model, outside = unpacked(dense), schema().ExternalBufferT()
    outside.id, outside.offset, outside.length = 1, 0, 8
    model.externalBuffers = [outside]
    dense.write_bytes(packed(model))
    with pytest.raises(ArtifactError, match="keeps weights in other files"):
        TfLite.identify(dense)


def test_other_files_and_missing_packages(tmp_path, dense, monkeypatch):
    with pytest.raises(ArtifactError, match="no such model file"):
        TfLite.identify(tmp_path / "none.tflite")
    other = tmp_path / "other.tflite"
    other.write_text("not a model at all")
    with pytest.raises(ArtifactError, match="not a TFLite model"):
        TfLite.identify(other)
    monkeypatch.setitem(sys.modules, "ai_edge_litert.schema_py_generated", None)
    with pytest.raises(PluginError, match=r"pip install 'quantassay\[litert\]'"):
        TfLite.identify(dense)
