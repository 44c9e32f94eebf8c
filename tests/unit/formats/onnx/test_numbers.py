"""Numbers that we read of a file against those that ONNX Runtime computes with."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantFormat, QuantType, quantize_dynamic
from onnxruntime.quantization.matmul_bnb4_quantizer import MatMulBnb4Quantizer
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)

from quantassay.formats.onnx import Onnx


@pytest.fixture
def product(tmp_path):
    """Make a model y = x @ w with these weights."""

    def make(values):
        graph = helper.make_graph(
            [helper.make_node("MatMul", ["x", "w"], ["y"], name="product")],
            "product",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", values.shape[0]])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", values.shape[1]])],
            [numpy_helper.from_array(values.astype(np.float32), "w")],
        )
        opsets = [helper.make_opsetid("", 21)]
        onnx.save(
            helper.make_model(graph, opset_imports=opsets, ir_version=10), tmp_path / "w.onnx"
        )
        return tmp_path / "w.onnx"

    return make


def weight_of(path, width):
    """Return what a model multiplies by, as its engine has it."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": np.eye(width, dtype=np.float32)})[0]


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize(
    ("bits", "form"),
    [(4, QuantFormat.QOperator), (8, QuantFormat.QOperator), (2, QuantFormat.QOperator),
     (4, QuantFormat.QDQ)],
)  # fmt: skip
def test_blockwise_weights(product, tmp_path, bits, form, symmetric):
    """A width that is no multiple of the block, and an odd number of blocks."""
    path = product(np.random.default_rng(bits).normal(size=(80, 6)))
    config = DefaultWeightOnlyQuantConfig(
        block_size=32, is_symmetric=symmetric, bits=bits, quant_format=form
    )
    quantizer = MatMulNBitsQuantizer(
        onnx.load(str(path)), bits=bits, block_size=32, is_symmetric=symmetric, algo_config=config
    )
    quantizer.process()
    quantizer.model.save_model_to_file(str(tmp_path / "q.onnx"))
    (found,) = [one for one in Onnx.stored_weights(tmp_path / "q.onnx") if one.quantized]
    assert found.shape == (80, 6)
    read = found.read()
    np.testing.assert_allclose(read.values, weight_of(tmp_path / "q.onnx", 80), atol=1e-6)
    assert np.all((read.low <= read.values) & (read.values <= read.high))
    contents = Onnx.contents(tmp_path / "q.onnx")
    assert contents.stored == f"int{bits}"
    (weight,) = [one for one in contents.weights if one.kind == f"int{bits}" and not one.parameter]
    assert weight.elements == 480
    padded = 96 if form == QuantFormat.QOperator else 80
    assert weight.bits == padded * 6 * bits
    assert contents.layers == (1, 1)
    assert contents.macs == (480, 480)


@pytest.mark.parametrize("per_channel", [True, False])
def test_integer_products(product, tmp_path, per_channel):
    values = np.random.default_rng(0).normal(size=(16, 4)) * [1, 2, 4, 8]
    path = product(values)
    quantize_dynamic(
        path, tmp_path / "q.onnx", per_channel=per_channel, weight_type=QuantType.QInt8
    )
    (found,) = [one for one in Onnx.stored_weights(tmp_path / "q.onnx") if one.quantized]
    read = found.read()
    steps = np.broadcast_to(read.step, (16, 4))
    assert len(np.unique(steps)) == (4 if per_channel else 1)
    assert np.all(np.abs(read.values - values) <= steps * 0.501)


def test_float_weights_are_read_as_they_are(product):
    values = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)
    (found,) = Onnx.stored_weights(product(values))
    assert not found.quantized
    np.testing.assert_array_equal(found.read().values, values)
    assert found.read().step is None


def test_rows_that_are_looked_up_are_counted(tmp_path):
    values = np.random.default_rng(0).normal(size=(10, 64)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["w", "x"], ["y"], name="rows")],
        "rows",
        [helper.make_tensor_value_info("x", TensorProto.INT64, ["N"])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 64])],
        [numpy_helper.from_array(values, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    config = DefaultWeightOnlyQuantConfig(
        block_size=32, is_symmetric=True, op_types_to_quantize=("Gather",)
    )
    quantizer = MatMulNBitsQuantizer(model, algo_config=config)
    quantizer.process()
    quantizer.model.save_model_to_file(str(tmp_path / "q.onnx"))
    found = Onnx.contents(tmp_path / "q.onnx")
    (weight,) = [one for one in found.weights if not one.parameter]
    assert (weight.kind, weight.elements, weight.bits) == ("int4", 640, 2560)
    assert (found.layers, found.macs) == ((1, 1), None)


def test_normal_floats_of_four_bits(product, tmp_path):
    path = product(np.random.default_rng(0).normal(size=(64, 6)))
    quantizer = MatMulBnb4Quantizer(onnx.load(str(path)), MatMulBnb4Quantizer.NF4, 32)
    quantizer.process()
    quantizer.model.save_model_to_file(str(tmp_path / "q.onnx"))
    found = Onnx.contents(tmp_path / "q.onnx")
    (weight,) = [one for one in found.weights if not one.parameter]
    assert (weight.kind, weight.elements, weight.bits) == ("nf4", 384, 1536)
    assert (found.layers, found.macs) == ((1, 1), (384, 384))


def dequantizing(path, codes, scale, zero=None, **attributes):
    """Write a model that multiplies by what a ``DequantizeLinear`` gives."""
    tensors = {"q": np.asarray(codes), "s": np.asarray(scale, np.float32)}
    tensors |= {} if zero is None else {"z": np.asarray(zero, tensors["q"].dtype)}
    graph = helper.make_graph(
        [helper.make_node("DequantizeLinear", list(tensors), ["w"], **attributes),
         helper.make_node("MatMul", ["x", "w"], ["y"])],
        "given",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", tensors["q"].shape[0]])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", None])],
        [numpy_helper.from_array(array, name) for name, array in tensors.items()],
    )  # fmt: skip
    opsets = [helper.make_opsetid("", 21)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), path)
    return path


CODES = np.arange(-12, 12, dtype=np.int8).reshape(6, 4)


@pytest.mark.parametrize(
    ("scale", "zero", "attributes"),
    [
        (0.5, None, {}),
        (0.5, 3, {}),
        ([1, 2, 3, 4], [0, 1, 0, -1], {"axis": 1}),
        ([1, 2, 3, 4, 5, 6], None, {"axis": 0}),
        ([1, 2, 3, 4], None, {"axis": -1}),
        ([[1, 2, 3, 4], [5, 6, 7, 8]], [[0, 1, 2, 3], [3, 2, 1, 0]], {"axis": 0, "block_size": 3}),
    ],
)
def test_scales_of_each_kind(tmp_path, scale, zero, attributes):
    path = dequantizing(tmp_path / "w.onnx", CODES, scale, zero, **attributes)
    found = next(one for one in Onnx.stored_weights(path) if one.quantized)
    np.testing.assert_allclose(found.read().values, weight_of(path, 6))


@pytest.mark.parametrize(
    ("scale", "attributes"),
    [
        ([1, 2, 3], {"axis": 1}),
        ([1, 2, 3, 4], {"axis": 7}),
        ([[1, 2, 3, 4]], {"axis": 0, "block_size": 1}),
        ([[1, 2, 3, 4]], {"axis": 0, "block_size": -4}),
        ([], {}),
    ],
)
def test_scales_that_do_not_fit_are_no_numbers(tmp_path, scale, attributes):
    path = dequantizing(tmp_path / "w.onnx", CODES, scale, **attributes)
    found = [one.read() for one in Onnx.stored_weights(path) if one.quantized]
    assert found in ([None], [])
