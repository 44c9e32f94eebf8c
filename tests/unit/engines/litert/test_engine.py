from __future__ import annotations

import sys

import numpy as np
import pytest
from tests.models.tflite import Network, Scales, float_dense, int8_dense, reshaped, signed

from quantassay.engines.litert.engine import LiteRt
from quantassay.errors import ArtifactError, DataError, PluginError
from quantassay.testing import check_engine

WEIGHT = np.array([[1, -2, 0.5, 0.25], [-1, 1, 1.5, -0.75], [0.5, 0, -1, 2]], np.float32)
BIAS = np.array([0.5, -1, 0], np.float32)
BY_CHANNEL = np.abs(WEIGHT).max(axis=1) / 127
SCALES = Scales(fed=0.05, fed_zero=5, made=0.1, made_zero=-7, weight=BY_CHANNEL)
CODES = np.rint(WEIGHT / BY_CHANNEL[:, None]).astype(np.int8)
SHIFTS = np.rint(BIAS / (0.05 * BY_CHANNEL)).astype(np.int32)
ROWS = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)


@pytest.fixture
def dense(tmp_path):
    return float_dense(tmp_path / "dense.tflite", WEIGHT, BIAS)


@pytest.fixture
def quantized(tmp_path):
    return int8_dense(tmp_path / "int8.tflite", CODES, SHIFTS, SCALES)


def answered(path, rows, **options):
    session = LiteRt.open(path, options)
    return session.run({"": rows})[session.outputs[0]]


@pytest.mark.parametrize("delegate", ["xnnpack", "none"])
def test_the_engine_obeys_its_contract(dense, quantized, delegate):
    check_engine(LiteRt, dense, {"": ROWS}, {"delegate": delegate})
    check_engine(LiteRt, quantized, {"": ROWS}, {"delegate": delegate})


@pytest.mark.parametrize("delegate", ["xnnpack", "none"])
def test_a_whole_batch_is_answered_at_once(dense, delegate):
    found = answered(dense, ROWS, delegate=delegate)
    assert found == pytest.approx(ROWS @ WEIGHT.T + BIAS, abs=1e-5)


@pytest.mark.parametrize("delegate", ["xnnpack", "none"])
def test_integers_by_hand(quantized, delegate):
    codes = np.clip(np.rint(ROWS / np.float32(0.05)) + 5, -128, 127).astype(int)
    sums = (codes - 5) @ CODES.T.astype(int) + SHIFTS
    made = np.clip(np.rint(sums * 0.05 * BY_CHANNEL / 0.1) - 7, -128, 127)
    found = answered(quantized, ROWS, delegate=delegate)
    assert found.dtype == np.float32
    assert found == pytest.approx((made + 7) * 0.1, abs=1e-5)
    raw = answered(quantized, codes.astype(np.int8), delegate=delegate, raw_io=True)
    assert raw.dtype == np.int8
    assert np.array_equal(raw, made)


@pytest.mark.parametrize("delegate", ["xnnpack", "none"])
def test_rounds_as_the_runtime_itself_does(tmp_path, delegate):
    rows = np.array([[0.25, 0.75, 1.25, -0.25, -0.75, -1.25, 1.3, 70, -70]], np.float32)
    # QUANTIZE of the runtime, then codes that are only moved: both must be the same codes
    asked, fed = Network(), Network()
    source = asked.tensor(rows.shape)
    coded = asked.tensor(rows.shape, "int8", scale=0.5, zero=3)
    asked.operate("QUANTIZE", [source], coded)
    theirs = answered(
        asked.write(tmp_path / "asked.tflite", [source], [coded]), rows,
        delegate=delegate, raw_io=True,
    )  # fmt: skip
    given = fed.tensor(rows.shape, "int8", scale=0.5, zero=3)
    moved = fed.tensor(rows.shape, "int8", scale=0.5, zero=3)
    shape = fed.constant(np.array([-1, rows.shape[1]], np.int32))
    fed.operate("RESHAPE", [given, shape], moved)
    ours = answered(fed.write(tmp_path / "fed.tflite", [given], [moved]), rows, delegate=delegate)
    assert theirs.tolist() == [[3, 5, 5, 3, 1, 1, 6, 127, -128]]
    assert np.array_equal(ours, (theirs.astype(np.float32) - 3) * 0.5)


def test_numbers_of_any_type_are_quantized_and_codes_are_fed_as_they_are(quantized):
    whole = np.array([[0, 1, 2, 3]], np.int32)
    assert np.array_equal(answered(quantized, whole), answered(quantized, whole.astype(float)))
    codes = np.clip(np.rint(ROWS / np.float32(0.05)) + 5, -128, 127).astype(np.int8)
    assert np.array_equal(answered(quantized, codes), answered(quantized, ROWS))


def test_says_what_was_used(quantized):
    session = LiteRt.open(quantized, {})
    use = session.use()
    assert (use.engine, use.provider, use.threads) == ("litert", "XNNPACK", 1)
    assert use.options["input t0"] == "int8 (scale 0.0500000007, zero point 5)"
    assert use.options["output t1"] == "int8 (scale 0.100000001, zero point -7)"
    assert use.options["delegated"] == "1 of 1 operations"
    assert session.deterministic is True
    assert LiteRt.open(quantized, {"threads": 2}).deterministic is None


def test_random_operations_are_not_deterministic(tmp_path):
    net = Network()
    fed, shape, made = net.tensor((1, 2)), net.tensor((2,), "int32"), net.tensor((1, 2))
    noise = net.tensor((1, 2))
    net.operate("SHAPE", [fed], shape, "Shape", outType=2)
    net.operate("RANDOM_UNIFORM", [shape], noise, "Random", seed=1, seed2=2)
    net.operate("ADD", [fed, noise], made, "Add")
    path = net.write(tmp_path / "random.tflite", [fed], [made])
    assert LiteRt.open(path, {}).deterministic is False


@pytest.mark.parametrize(
    ("shapes", "why"),
    [
        ([(4,), (1, 4)], "other batch sizes are refused"),
        ([(-1,), (-1, 4)], "depends on the other rows"),
    ],
)
def test_a_model_that_takes_one_row_is_found_out(tmp_path, shapes, why):
    session = LiteRt.open(reshaped(tmp_path / "fixed.tflite", shapes), {})
    assert session.fixed_batch == 1
    assert why in session.use().options["batches"]
    with pytest.raises(DataError, match=r"batches of exactly 1, got 5 .*'inference: \{batch: 1\}'"):
        session.run({"": ROWS})
    found = session.run({"": ROWS[:1]})[session.outputs[0]]
    exponents = np.exp(ROWS[:1])
    assert found == pytest.approx(exponents / exponents.sum(), abs=1e-6)


def test_a_batch_after_a_refused_one_is_answered(dense):
    session = LiteRt.open(dense, {})
    with pytest.raises(DataError):
        session.run({"": ROWS[:, :3]})
    assert len(session.run({"": ROWS})["t1"]) == 5
    assert len(session.run({"": ROWS[:2]})["t1"]) == 2


def test_inputs_are_called_as_in_the_model(tmp_path):
    net = Network()
    left, right, made = (net.tensor((1, 3)) for _ in range(3))
    net.operate("SUB", [left, right], made, "Sub")
    session = LiteRt.open(net.write(tmp_path / "two.tflite", [left, right], [made]), {})
    one, two = ROWS[:, :3], ROWS[:, 1:]
    assert session.run({"t1": two, "t0": one})["t2"] == pytest.approx(one - two)
    with pytest.raises(DataError, match="inputs are 't0', 't1', got 't0'; map them"):
        session.run({"t0": one})
    with pytest.raises(DataError, match="got one unnamed input"):
        session.run({"": one})


def test_a_signature_names_inputs_and_outputs(dense):
    signed(dense, {"pixels": 0}, {"scores": 1})
    session = LiteRt.open(dense, {})
    assert (session.inputs, session.outputs) == (("pixels",), ("scores",))
    assert session.run({"pixels": ROWS})["scores"] == pytest.approx(
        ROWS @ WEIGHT.T + BIAS, abs=1e-5
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS.astype(np.float64), r"takes float32, got float64; declare 'preprocess"),
        (ROWS[:, :3], "takes 4 for each sample, got 3; declare its 'shape'"),
        (ROWS[0], "takes 4 for each sample, got one number"),
    ],
)
def test_what_the_model_does_not_take(dense, rows, said):
    with pytest.raises(DataError, match=said):
        answered(dense, rows)


def test_images_the_wrong_way_round(tmp_path):
    net = Network()
    fed, made = net.tensor((1, 2, 2, 3)), net.tensor((1, 2, 2, 3))
    net.operate("LOGISTIC", [fed], made)
    path = net.write(tmp_path / "image.tflite", [fed], [made])
    with pytest.raises(DataError, match=r"takes 2 x 2 x 3 for each sample, got 3 x 2 x 2.*NHWC"):
        answered(path, np.zeros((1, 3, 2, 2), np.float32))


def test_no_code_stands_for_nan(quantized):
    rows = ROWS.copy()
    rows[1, 2] = np.nan
    with pytest.raises(DataError, match="'t0' is quantized to int8 and has no code for NaN"):
        answered(quantized, rows)
    with pytest.raises(DataError, match="takes int8, got float32"):
        answered(quantized, ROWS, raw_io=True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"thread": 1}, "did you mean 'threads'"),
        ({"threads": 0}, "a whole number of at least 1; got 0"),
        ({"threads": True}, "a whole number of at least 1; got True"),
        ({"delegate": "gpu"}, "one of xnnpack, none; got 'gpu'"),
        ({"raw_io": "yes"}, "true or false; got 'yes'"),
    ],
)
def test_options_that_are_not_there(dense, options, said):
    with pytest.raises(PluginError, match=said):
        LiteRt.open(dense, options)


def test_a_missing_package_is_named(dense, monkeypatch):
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)
    with pytest.raises(PluginError, match=r"pip install 'quantassay\[litert\]'"):
        LiteRt.open(dense, {})


def test_no_file_at_all(tmp_path):
    with pytest.raises(ArtifactError, match="needs a model file"):
        LiteRt.open(None, {})
    with pytest.raises(ArtifactError, match="no such model file"):
        LiteRt.open(tmp_path / "none.tflite", {})


def test_nothing_is_written_to_the_terminal(dense, capfd):
    answered(dense, ROWS)
    assert capfd.readouterr() == ("", "")
