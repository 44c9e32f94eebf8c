from __future__ import annotations

import numpy as np
import pytest
from tests.models.tflite import (
    Network,
    Scales,
    dynamic_dense,
    float_dense,
    int8_dense,
    widened_dense,
)

from quantassay.engines.litert.engine import LiteRt

RANDOM = np.random.default_rng(3)
WEIGHT = RANDOM.normal(size=(3, 8)).astype(np.float32)
CODES = RANDOM.integers(-127, 128, (3, 8)).astype(np.int8)
ROWS = RANDOM.normal(size=(4, 8)).astype(np.float32)
DELEGATES = pytest.mark.parametrize(
    ("delegate", "whose"), [("xnnpack", "XNNPACK's"), ("none", "LiteRT's own")]
)


def use(path, delegate="xnnpack"):
    return LiteRt.open(path, {"delegate": delegate}).use()


def told(path, delegate="xnnpack"):
    ran = use(path, delegate).precisions
    return [(one.op, one.precision, one.count, one.execution, one.why) for one in ran]


@DELEGATES
def test_float_models_run_in_full(tmp_path, delegate, whose):
    found = use(float_dense(tmp_path / "f.tflite", WEIGHT, np.zeros(3)), delegate)
    assert (found.precisions, found.full_precision) == ((), {"FULLY_CONNECTED": 1})


@DELEGATES
def test_integer_kernels_are_native(tmp_path, delegate, whose):
    scales = Scales(0.05, 0, 0.1, 0, np.full(3, 0.01))
    path = int8_dense(tmp_path / "i.tflite", CODES, np.zeros(3, np.int32), scales)
    why = f"int8 in and out, {whose} integer kernel"
    assert told(path, delegate) == [("FULLY_CONNECTED", "int8", 1, "native", why)]


def rounded(rows, *, symmetric):
    """Round each row to 8 bits of its own, as dynamic range kernels do."""
    if symmetric:
        step = np.abs(rows).max(axis=1, keepdims=True) / 127
        return np.rint(rows / step) * step
    low = np.minimum(rows.min(axis=1, keepdims=True), 0)
    step = (np.maximum(rows.max(axis=1, keepdims=True), 0) - low) / 255
    zero = np.rint(-128 - low / step)
    return (np.clip(np.rint(rows / step) + zero, -128, 127) - zero) * step


@DELEGATES
def test_dynamic_range_rounds_inputs_indeed(tmp_path, delegate, whose):
    path = dynamic_dense(tmp_path / "d.tflite", CODES, 0.01)
    why = f"dynamic range: inputs rounded to int8 at run time, {whose} integer kernel"
    assert told(path, delegate) == [("FULLY_CONNECTED", "int8", 1, "native", why)]
    found = LiteRt.open(path, {"delegate": delegate}).run({"": ROWS})["t1"]
    inside = rounded(ROWS, symmetric=delegate == "none")
    assert found == pytest.approx(inside @ (CODES.T * np.float32(0.01)), abs=1e-5)
    assert found != pytest.approx(ROWS @ (CODES.T * np.float32(0.01)), abs=1e-3)


@DELEGATES
def test_halved_weights_are_expanded(tmp_path, delegate, whose):
    path = widened_dense(tmp_path / "w.tflite", WEIGHT)
    why = "weights stored in fp16, expanded to float32 and computed so"
    assert told(path, delegate) == [("FULLY_CONNECTED", "fp16", 1, "emulated", why)]
    halves = WEIGHT.astype(np.float16).astype(np.float32)
    (found,) = LiteRt.open(path, {"delegate": delegate}).run({"": ROWS}).values()
    assert found == pytest.approx(ROWS @ halves.T, abs=1e-5)


def test_what_no_kernel_tells_is_unknown_and_moves_are_left_out(tmp_path):
    net = Network()
    fed = net.tensor((1, 4), "int8", scale=0.1)
    flat = net.tensor((1, 2, 2), "int8", scale=0.1)
    made = net.tensor((1, 2, 2), "int8", scale=1 / 256, zero=-128)
    net.operate("RESHAPE", [fed, net.constant(np.array([-1, 2, 2], np.int32))], flat)
    net.operate("SOFTMAX", [flat], made, "Softmax", beta=1.0)
    path = net.write(tmp_path / "s.tflite", [fed], [made])
    why = "int8 in and out; the kernel does not tell how it computes"
    assert told(path) == [("SOFTMAX", "int8", 1, "unknown", why)]


def test_counts_what_the_delegate_took(tmp_path):
    net = Network()
    fed, half, made = (net.tensor((1, 4)) for _ in range(3))
    axis = net.constant(np.array(1, np.int32))
    net.operate("LOGISTIC", [fed], half)
    net.operate("CUMSUM", [half, axis], made, "Cumsum")
    found = use(net.write(tmp_path / "c.tflite", [fed], [made]))
    assert found.options["delegated"] == "1 of 2 operations"
    assert found.full_precision == {"CUMSUM": 1, "LOGISTIC": 1}


def test_integers_that_are_no_codes_are_no_precision(tmp_path):
    net = Network()
    fed, made = net.tensor((1, 4), "int32"), net.tensor((1, 4), "int32")
    net.operate("ADD", [fed, fed], made, "Add")
    found = use(net.write(tmp_path / "n.tflite", [fed], [made]))
    assert (found.precisions, found.full_precision) == ((), {})


def test_what_runs_in_a_branch_is_not_told(tmp_path):
    branch, net = Network(), Network()
    row, half = branch.tensor((1, 4)), branch.tensor((1, 4))
    branch.operate("LOGISTIC", [row], half)
    flag, fed, made = net.tensor((1,), "bool"), net.tensor((1, 4)), net.tensor((1, 4))
    net.operate("LOGISTIC", [fed], net.tensor((1, 4)))
    net.operate("IF", [flag, fed], made, "If", thenSubgraphIndex=1, elseSubgraphIndex=1)
    path = net.write(tmp_path / "if.tflite", [flag, fed], [made], branch.graph([row], [half]))
    found = use(path)
    assert not found.tells
    assert "IF" not in found.full_precision
