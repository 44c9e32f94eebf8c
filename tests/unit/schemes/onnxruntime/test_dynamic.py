"""Each option of dynamic INT8 does what it says, seen in the file that comes out."""

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from quantassay.errors import PluginError
from quantassay.schemes.onnxruntime.dynamic import OnnxRuntimeDynamic


@pytest.fixture
def quantized(classifier, tmp_path):
    def make(**options):
        OnnxRuntimeDynamic.quantize(classifier, None, options, tmp_path / "out.onnx")
        return onnx.load(str(tmp_path / "out.onnx"))

    return make


def integer(model):
    """Return the names of nodes that became integer operations."""
    made = [node for node in model.graph.node if node.op_type in ("MatMulInteger", "ConvInteger")]
    return {node.name.removesuffix("_quant") for node in made}


def weights(model):
    found = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    return {name: array.dtype for name, array in found.items() if array.ndim >= 2}


def test_every_layer_becomes_an_integer_operation(quantized):
    model = quantized()
    assert integer(model) == {"first", "middle", "last"}
    assert set(weights(model).values()) == {np.dtype("int8")}


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({"exclude": ["middle"]}, {"first", "last"}),
        ({"exclude": ["last", "first"]}, {"middle"}),
        ({"ops": ["Gemm"]}, {"middle"}),
        ({"ops": ["MatMul"]}, {"last"}),
        ({"ops": ["Gemm", "MatMul"], "exclude": ["last"]}, {"middle"}),
    ],
)
def test_what_is_left_out_stays_in_float(quantized, options, left):
    """A Gemm too, which ONNX Runtime renames before it looks at what is excluded."""
    model = quantized(**options)
    assert integer(model) == left
    assert sum(kind == np.float32 for kind in weights(model).values()) == 3 - len(left)


@pytest.mark.parametrize(("weight", "kind"), [("QInt8", "int8"), ("QUInt8", "uint8")])
def test_the_type_of_weights(quantized, weight, kind):
    assert set(weights(quantized(weight=weight)).values()) == {np.dtype(kind)}


@pytest.mark.parametrize(("per_channel", "scales"), [(True, 8), (False, 1)])
def test_per_channel_stores_a_scale_for_each(quantized, per_channel, scales):
    model = quantized(per_channel=per_channel, ops=["Gemm"])
    (scale,) = (
        tensor
        for tensor in model.graph.initializer
        if tensor.name.startswith("d") and tensor.name.endswith("_scale")
    )
    assert int(np.prod(scale.dims)) == scales


def test_a_kind_without_integer_kernel_is_an_error(quantized):
    with pytest.raises(PluginError, match=r"names 'Relu', which .* it quantizes Attention, "):
        quantized(ops=["Relu"])
