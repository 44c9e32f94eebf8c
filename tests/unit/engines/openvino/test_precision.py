"""What ran below FP32 is told, whatever the model and the options say."""

import numpy as np
import openvino
import pytest
from openvino import opset13 as op

from quantassay.engines.executor import machine
from quantassay.engines.openvino.engine import OpenVino

bf16 = pytest.mark.skipif(
    not {"avx512_bf16", "amx_bf16", "bf16"} & set(machine().instructions),
    reason="the processor has no BF16 unit: OpenVINO stays in FP32",
)
RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 32)).astype(np.float32)


def held(array, kind=None):
    return op.constant(array, dtype=kind) if kind else op.constant(array)


def saved(path, weights, rounded=False, half=False):
    """Save y = relu(x) @ w, and the model's path."""
    x = op.parameter([-1, 32], np.float32, name="x")
    x.output(0).set_names({"x"})
    fed = op.relu(x)
    if rounded:
        ends = [held(np.float32(end)) for end in (0, 4, 0, 4)]
        fed = op.fake_quantize(fed, *ends, 256)
    y = op.matmul(fed, weights, False, True)
    openvino.save_model(openvino.Model([op.result(y)], [x], "m"), path, compress_to_fp16=half)
    return path


@pytest.fixture
def full(tmp_path):
    return saved(tmp_path / "full.xml", held(RNG.normal(size=(16, 32)).astype(np.float32)))


def unpacked(kind, group=8):
    """Return weights of some type, unpacked as NNCF does it."""
    values = RNG.integers(-7, 8, size=(16, 32 // group, group))
    scale = held(np.full((16, 32 // group, 1), 0.1, np.float16))
    wide = op.multiply(op.convert(held(values, kind), np.float16), scale)
    return op.convert(op.reshape(wide, held(np.array([16, 32])), False), np.float32)


def uses(path, **options):
    session = OpenVino.open(path, options)
    session.run({"": X})
    use = session.use()
    told = {(item.op, item.precision): item.execution for item in use.precisions}
    assert all(item.why for item in use.precisions)
    return told, use


def test_full_precision_is_really_full(full):
    told, use = uses(full)
    assert told == {}
    assert use.full_precision["FullyConnected"] == 1
    assert use.asked == "f32"


@bf16
@pytest.mark.parametrize("precision", ["default", "bf16"])
def test_bf16_is_told(full, precision):
    told, use = uses(full, precision=precision)
    assert told["FullyConnected", "bf16"] == "native"
    assert "FullyConnected" not in use.full_precision
    assert (use.asked, use.options["precision"]) == (precision, "bf16")


@bf16
def test_the_default_of_openvino_gives_other_numbers(full):
    exact = OpenVino.open(full, {}).run({"": X})
    left = OpenVino.open(full, {"precision": "default"}).run({"": X})
    (a,), (b,) = exact.values(), left.values()
    assert 1e-5 < np.abs(a - b).max() / np.abs(a).max() < 0.05


def test_fp16_that_runs_as_something_else_is_told(full):
    _, use = uses(full, precision="f16")
    assert use.asked == "f16"
    if "avx512_fp16" not in machine().instructions:
        assert use.options["precision"] != "f16"


@pytest.mark.parametrize(
    ("kind", "precision"),
    [(openvino.Type.i4, "int4"), (openvino.Type.i8, "int8")],
)
def test_packed_weights_are_expanded(tmp_path, kind, precision):
    told, use = uses(saved(tmp_path / "packed.xml", unpacked(kind)))
    assert told == {("FullyConnected", precision): "emulated"}
    assert use.options["dynamic quantization group"] == "0"


def test_activations_that_may_be_rounded_are_told(tmp_path):
    """Left alone, OpenVINO rounds what meets packed weights to INT8; its graph does not tell."""
    path = saved(tmp_path / "packed.xml", unpacked(openvino.Type.i4))
    told, use = uses(path, precision="default")
    if use.options["dynamic quantization group"] == "0":
        pytest.skip("OpenVINO does not round activations on this processor")
    assert told["FullyConnected", "int4"] == "unknown"
    assert any("rounded to int8 in groups of" in item.why for item in use.precisions)


def test_half_weights_are_told(tmp_path):
    weights = held(RNG.normal(size=(16, 32)).astype(np.float32))
    told, _ = uses(saved(tmp_path / "half.xml", weights, half=True))
    assert told == {("FullyConnected", "fp16"): "emulated"}


def test_integer_kernels_are_native(tmp_path):
    values = held(RNG.integers(-127, 128, size=(16, 32)).astype(np.int8))
    weights = op.multiply(op.convert(values, np.float32), held(np.full((16, 1), 0.01, np.float32)))
    told, use = uses(saved(tmp_path / "int8.xml", weights, rounded=True))
    wanted = "native" if {"avx512_vnni", "avx_vnni"} & set(machine().instructions) else "unknown"
    assert told["FullyConnected", "int8"] == wanted
    assert "FullyConnected" not in use.full_precision


def test_rounding_with_no_integer_kernel_behind_it_is_emulated(tmp_path):
    """A layer fed by rounded values, whose weights are not: it multiplies in FP32."""
    path = saved(tmp_path / "fake.xml", held(RNG.normal(size=(16, 32)).astype(np.float32)), True)
    told, _ = uses(path)
    assert told == {("FullyConnected", "int8"): "emulated"}


@bf16
def test_what_runs_inside_a_loop_is_not_known(tmp_path):
    x = op.parameter([-1, 32], np.float32, name="x")
    x.output(0).set_names({"x"})
    yes, no = (op.parameter([-1, 32], np.float32) for _ in range(2))
    total = op.reduce_sum(x, held(np.array([0, 1])), keep_dims=False)
    branch = op.if_op(op.greater(total, held(np.float32(0))).output(0))
    grown = openvino.Model([op.result(op.tanh(yes))], [yes], "then")
    kept = openvino.Model([op.result(op.sigmoid(no))], [no], "else")
    branch.set_then_body(grown)
    branch.set_else_body(kept)
    branch.set_input(x.output(0), yes, no)
    made = branch.set_output(grown.results[0], kept.results[0])
    path = tmp_path / "if.xml"
    openvino.save_model(openvino.Model([op.result(made)], [x], "m"), path, compress_to_fp16=False)
    told, _ = uses(path, precision="default")
    assert told["If", "bf16"] == "unknown"
