"""What a model holds, by hand beside it."""

import numpy as np
import openvino
import pytest
from openvino import opset13 as op

from quantassay.formats.openvino import OpenVinoIr

from .conftest import RNG, SECOND

# 4 channels x 16 places x 9 weights; 16 x 5 weights
CONVOLUTION, LAST = 4 * 16 * 9, 16 * 5


def packed(kind, zero=False):
    """Return weights of some type and how they are unpacked, in groups of 8."""

    def make():
        values = RNG.integers(0, 8, size=(5, 2, 8))
        wide = op.convert(op.constant(values, dtype=kind), np.float16)
        if zero:
            points = op.constant(np.full((5, 2, 1), 3), dtype=kind)
            wide = op.subtract(wide, op.convert(points, np.float16))
        wide = op.multiply(wide, op.constant(np.full((5, 2, 1), 0.1, np.float16)))
        return op.convert(op.reshape(wide, op.constant(np.array([5, 16])), False), np.float32)

    return make


def fake():
    ends = [op.constant(np.float32(end)) for end in (-3, 3, -3, 3)]
    return op.fake_quantize(op.constant(SECOND), *ends, 255)


def weights_of(contents):
    return [(item.kind, item.elements, item.bits, item.parameter) for item in contents.weights]


def test_full_precision(model):
    found = OpenVinoIr.contents(model())
    assert found.format == "openvino"
    assert found.ops == {"Convolution": 1, "MatMul": 1, "ReduceMean": 1, "Reshape": 1}
    assert found.low_ops == {}
    assert weights_of(found) == [("fp32", 36, 1152, False), ("fp32", 80, 2560, False)]
    assert found.layers == (0, 2)
    assert found.macs == (0, CONVOLUTION + LAST)
    assert found.stored == "fp32"


@pytest.mark.parametrize(
    ("kind", "name", "bits"),
    [
        (openvino.Type.i4, "int4", 4), (openvino.Type.u4, "int4", 4), (openvino.Type.i8, "int8", 8),
        (openvino.Type.u8, "int8", 8), (openvino.Type.nf4, "nf4", 4),
    ],
)  # fmt: skip
def test_packed_weights(model, kind, name, bits):
    found = OpenVinoIr.contents(model(packed(kind)))
    assert weights_of(found)[1:] == [(name, 80, 80 * bits, False), ("fp16", 10, 160, True)]
    assert found.layers == (1, 2)
    assert found.macs == (LAST, CONVOLUTION + LAST)
    assert found.low_ops["MatMul"] == 1
    assert found.stored == name


def test_zero_points_are_parameters(model):
    found = OpenVinoIr.contents(model(packed(openvino.Type.u4, zero=True)))
    told = sorted(weights_of(found)[1:])
    assert told == [("fp16", 10, 160, True), ("int4", 10, 40, True), ("int4", 80, 320, False)]


def test_half_weights(model):
    found = OpenVinoIr.contents(model(half=True))
    assert found.stored == "fp16"
    assert found.layers == (2, 2)
    assert all(item.low for item in found.weights)


def test_weights_that_are_only_rounded(model):
    """They lie there in FP32; the layer computes with what can be stored in 8 bits."""
    found = OpenVinoIr.contents(model(fake))
    assert found.layers == (1, 2)
    assert found.low_ops == {"FakeQuantize": 1, "MatMul": 1}
    # the four ends are two numbers
    assert {item[0] for item in weights_of(found) if item[3]} == {"fp32"}


def test_rounded_activations_alone_lower_no_layer(model):
    found = OpenVinoIr.contents(model(rounded=True))
    assert found.layers == (0, 2)
    assert found.low_ops == {"FakeQuantize": 1}


def test_a_fixed_batch_counts_one_sample(model):
    assert OpenVinoIr.contents(model(batch=8)).macs == (0, CONVOLUTION + LAST)


def test_multiplications_of_activations_count(tmp_path):
    x = op.parameter([-1, 3, 4], np.float32, name="x")
    y = op.matmul(x, x, False, True)
    openvino.save_model(openvino.Model([op.result(y)], [x], "m"), tmp_path / "a.xml", False)
    found = OpenVinoIr.contents(tmp_path / "a.xml")
    assert (found.macs, found.layers) == ((0, 3 * 3 * 4), (0, 0))


def test_shapes_that_do_not_tell(tmp_path):
    x = op.parameter([-1, -1, 4], np.float32, name="x")
    y = op.matmul(x, op.constant(np.ones((4, 2), np.float32)), False, False)
    openvino.save_model(openvino.Model([op.result(y)], [x], "m"), tmp_path / "a.xml", False)
    assert OpenVinoIr.contents(tmp_path / "a.xml").macs is None


def test_names_make_no_difference_and_weights_do(model):
    one, same = model(), model(name="n.xml", prefix="other_")
    changed = model(lambda: op.constant(SECOND * 2), name="o.xml")
    found = [OpenVinoIr.contents(path).structure for path in (one, same, changed)]
    assert found[0] == found[1] != found[2]


def test_what_is_inside_a_branch_counts(tmp_path):
    x = op.parameter([2, 16], np.float32, name="x")
    yes, no = (op.parameter([2, 16], np.float32) for _ in range(2))
    total = op.reduce_sum(x, op.constant(np.array([0, 1])), keep_dims=False)
    branch = op.if_op(op.greater(total, op.constant(np.float32(0))).output(0))
    there = openvino.Model([op.result(op.matmul(yes, op.constant(SECOND), False, True))], [yes])
    away = openvino.Model([op.result(op.matmul(no, packed(openvino.Type.i4)(), False, True))], [no])
    branch.set_then_body(there)
    branch.set_else_body(away)
    branch.set_input(x.output(0), yes, no)
    made = branch.set_output(there.results[0], away.results[0])
    openvino.save_model(openvino.Model([op.result(made)], [x], "m"), tmp_path / "if.xml", False)
    found = OpenVinoIr.contents(tmp_path / "if.xml")
    assert found.layers == (1, 2)
    assert found.ops["MatMul"] == 2
