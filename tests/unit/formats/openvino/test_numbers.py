"""Weights that are rounded by hand, and what is told of them."""

import numpy as np
import openvino
import pytest
from openvino import opset13 as op

from quantassay.formats.openvino import OpenVinoIr
from quantassay.schemes.rounding import rounded

from .conftest import FIRST, SECOND

GROUPED = SECOND.reshape(5, 2, 8)
BITS = {openvino.Type.i4: 4, openvino.Type.u4: 4, openvino.Type.i8: 8, openvino.Type.u8: 8}


def on_grid(kind, zero, moved=0, form=np.float16):
    """Round to nearest in groups of 8, then add ``moved`` steps to the first code."""

    def make():
        bits, signed = BITS[kind], kind in (openvino.Type.i4, openvino.Type.i8)
        low = GROUPED.min(-1, keepdims=True) if zero else -np.abs(GROUPED).max(-1, keepdims=True)
        high = GROUPED.max(-1, keepdims=True) if zero else -low
        scale = (high - low) / (2**bits - 1 - (not zero))
        first = -(2 ** (bits - 1)) if signed else 0
        last = first + 2**bits - 1
        points = (
            np.round(first - low / scale) if zero else 0 * scale + (0 if signed else 2**bits // 2)
        )
        codes = (np.round(GROUPED / scale) + points).clip(first, last).astype(int)
        codes[0, 0, 0] += moved if codes[0, 0, 0] <= last - moved else -moved
        wide = op.convert(op.constant(codes, dtype=kind), form)
        if zero or not signed:
            wide = op.subtract(wide, op.convert(op.constant(points.astype(int), dtype=kind), form))
        wide = op.multiply(wide, op.constant(scale.astype(form)))
        return op.convert(op.reshape(wide, op.constant(np.array([5, 16])), False), np.float32)

    return make


def told(path, model):
    return rounded(OpenVinoIr.stored_weights(model()), OpenVinoIr.stored_weights(path))


@pytest.mark.parametrize("kind", BITS)
@pytest.mark.parametrize("zero", [False, True])
def test_rounded_to_nearest_in_groups(kind, zero, model):
    found = told(model(on_grid(kind, zero), name="low.xml"), model)
    assert found.nearest == found.compared == found.total == SECOND.size


@pytest.mark.parametrize("kind", BITS)
def test_one_weight_that_went_farther_is_seen(kind, model):
    found = told(model(on_grid(kind, True, moved=1, form=np.float32), name="low.xml"), model)
    assert found.nearest == SECOND.size - 1


def test_numbers_are_those_that_are_computed_with(model):
    path = model(on_grid(openvino.Type.u4, True), name="low.xml")
    (made,) = [one for one in OpenVinoIr.stored_weights(path) if one.quantized]
    # a row of ones in, the sums of rows out
    whole = openvino.Core().compile_model(path, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    pixels = np.random.default_rng(1).normal(size=(3, 1, 4, 4)).astype(np.float32)
    spread = openvino.Core().read_model(path)
    before = next(one for one in spread.get_ordered_ops() if one.get_type_name() == "MatMul")
    inner = openvino.Model([before.input_value(0)], spread.get_parameters(), "inner")
    hidden = openvino.compile_model(inner, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(pixels)[0]
    np.testing.assert_allclose(whole(pixels)[0], hidden @ made.read().values.T, atol=1e-3)


def test_what_is_not_rounded_is_no_grid(model):
    weights = OpenVinoIr.stored_weights(model(half=True))
    assert [(one.shape, one.quantized) for one in weights] == [
        (FIRST.shape, False), (SECOND.shape, False)
    ]  # fmt: skip
    np.testing.assert_allclose(weights[1].read().values, SECOND, rtol=1e-3)


@pytest.mark.parametrize("levels", [16, 255])
def test_fake_quantized_weights_are_rounded(levels, model):
    def fake():
        ends = [op.constant(np.float32(end)) for end in (-2, 2, -2, 2)]
        return op.fake_quantize(op.constant(SECOND), *ends, levels)

    path = model(fake, name="low.xml")
    (made,) = [one for one in OpenVinoIr.stored_weights(path) if one.quantized]
    step = 4 / (levels - 1)
    expected = np.round((SECOND.clip(-2, 2) + 2) / step) * step - 2
    np.testing.assert_allclose(made.read().values, expected, atol=1e-6)
    found = told(path, model)
    assert found.nearest == found.compared == found.total == SECOND.size


def test_a_type_without_an_even_grid_is_left_out(model):
    def packed():
        codes = np.random.default_rng(2).integers(0, 8, size=(5, 16))
        wide = op.convert(op.constant(codes, dtype=openvino.Type.nf4), np.float32)
        return op.multiply(wide, op.constant(np.full((5, 1), 0.1, np.float32)))

    assert told(model(packed, name="low.xml"), model).total == 0


def test_integers_that_something_computed_scales_are_left_out(model):
    def packed():
        codes = op.convert(op.constant(np.ones((5, 16), np.int8)), np.float32)
        return op.multiply(codes, op.reduce_mean(op.constant(SECOND), op.constant([0, 1]), True))

    assert told(model(packed, name="low.xml"), model).total == 0
