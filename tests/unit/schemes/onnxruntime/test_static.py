"""Each option of static INT8 does what it says, seen in the file that comes out."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, numpy_helper

from quantassay.errors import PluginError
from quantassay.schemes.onnxruntime.static import OnnxRuntimeStatic

KINDS = {"U8S8": ("QUInt8", "QInt8"), "S8S8": ("QInt8", "QInt8"), "U8U8": ("QUInt8", "QUInt8")}
TYPES = {"QUInt8": TensorProto.UINT8, "QInt8": TensorProto.INT8}
CONV = "ConvBnFusion_W_w"  # the convolution's weights once the normalization is folded in
METHODS = ("minmax", "entropy", "percentile")


@pytest.fixture
def quantized(classifier, batches, tmp_path):
    def make(**options):
        OnnxRuntimeStatic.quantize(classifier, batches, options, tmp_path / "out.onnx")
        return onnx.load(str(tmp_path / "out.onnx"))

    return make


def kinds(model):
    return {node.op_type for node in model.graph.node}


def stored(model):
    return {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}


def zero_points(model, op, place):
    """Return the types of zero points of one kind of operation, ``place`` its input."""
    types = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    nodes = [node for node in model.graph.node if node.op_type == op]
    return {types[node.input[place]] for node in nodes}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", KINDS)
def test_qdq_has_pairs_of_the_types_asked_for(quantized, method, kind):
    activation, weight = KINDS[kind]
    model = quantized(method=method, activation=activation, weight=weight)
    assert {"Conv", "Gemm", "MatMul", "QuantizeLinear", "DequantizeLinear"} <= kinds(model)
    assert not any(op.startswith("QLinear") or op == "QGemm" for op in kinds(model))
    assert zero_points(model, "QuantizeLinear", 2) == {TYPES[activation]}
    weights = {array.dtype for array in stored(model).values() if array.ndim >= 2}
    assert weights == {onnx.helper.tensor_dtype_to_np_dtype(TYPES[weight])}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", KINDS)
def test_qoperator_has_integer_operations_of_the_types_asked_for(quantized, method, kind):
    activation, weight = KINDS[kind]
    options = {"method": method, "activation": activation, "weight": weight}
    model = quantized(format="QOperator", per_channel=kind != "U8U8", **options)
    assert {"QLinearConv", "QGemm", "QLinearMatMul"} <= kinds(model)
    assert not {"Conv", "Gemm", "MatMul"} & kinds(model)
    assert zero_points(model, "QLinearConv", 2) == {TYPES[activation]}
    assert zero_points(model, "QLinearConv", 5) == {TYPES[weight]}


def floats(model):
    """Return the names of weights that are still in float32."""
    kept = {name for name, array in stored(model).items() if array.dtype == np.float32}
    return {name for name in kept if stored(model)[name].ndim >= 2}


def test_each_method_sets_other_ranges(quantized):
    widths = [float(stored(quantized(method=method))["x_scale"]) for method in METHODS]
    assert len(set(widths)) == 3
    assert widths[0] == max(widths)


def test_a_smaller_percentile_gives_a_narrower_range(quantized):
    models = [quantized(method="percentile", percentile=share) for share in (99.9, 90)]
    wide, narrow = (float(stored(model)["x_scale"]) for model in models)
    assert narrow < 0.8 * wide


@pytest.mark.parametrize("format", ["QDQ", "QOperator"])
@pytest.mark.parametrize(("per_channel", "scales"), [(True, 8), (False, 1)])
def test_per_channel_stores_a_scale_for_each(quantized, format, per_channel, scales):
    found = stored(quantized(per_channel=per_channel, format=format))
    assert found["d_scale"].size == scales
    assert found[f"{CONV}_scale"].size == scales


@pytest.mark.parametrize("format", ["QDQ", "QOperator"])
def test_only_the_operations_named_are_quantized(quantized, format):
    model = quantized(ops=["MatMul"], format=format)
    assert floats(model) == {CONV, "d"}
    assert {"Conv", "Gemm"} <= kinds(model)


@pytest.mark.parametrize("format", ["QDQ", "QOperator"])
def test_excluded_nodes_are_left_alone(quantized, format):
    model = quantized(exclude=["first", "middle"], format=format)
    assert floats(model) == {CONV, "d"}
    named = {node.name: node.op_type for node in model.graph.node}
    assert (named["first"], named["middle"]) == ("Conv", "Gemm")


def test_a_node_that_preparing_merges_is_found_under_its_new_name(make_model, tmp_path):
    """MatMul and Add become a Gemm of another name."""
    rng = np.random.default_rng(0)
    make = onnx.helper.make_node
    layers = [
        make("MatMul", ["x", "a"], ["p"], name="early"),
        make("Add", ["p", "b"], ["q"], name="early_bias"),
        make("MatMul", ["q", "c"], ["r"], name="late"),
        make("Add", ["r", "b"], ["y"], name="late_bias"),
    ]
    weights = {"a": rng.normal(size=(4, 4)), "b": rng.normal(size=4), "c": rng.normal(size=(4, 4))}
    model = make_model("mlp.onnx", layers, [("x", ["N", 4])], [("y", ["N", 4])], weights)
    out = tmp_path / "out.onnx"
    feeds = [{"": rng.normal(size=(8, 4)).astype(np.float32)}]
    OnnxRuntimeStatic.quantize(model, feeds, {"exclude": ["early"]}, out)
    arrays = stored(onnx.load(str(out)))
    assert arrays["a"].dtype == np.float32
    assert "c" not in arrays
    with pytest.raises(PluginError, match="'early_bias', which preparing folds into another"):
        OnnxRuntimeStatic.quantize(model, feeds, {"exclude": ["early_bias"]}, out)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"activation": "QInt8", "weight": "QUInt8"},
            "no signed activations with unsigned weights",
        ),
        ({"weight": "QUInt8", "format": "QOperator"}, "signed where they are per channel"),
        ({"percentile": 99}, "for 'method: percentile' only"),
        ({"method": "percentile", "percentile": 101}, "at most 100; got 101"),
        (
            {"format": "QOperator", "ops": ["Exp"]},
            "names 'Exp', which ONNX Runtime does",
        ),
        ({"ops": ["BatchNormalization"]}, "no such operation"),
        ({"ops": ["Matmul"]}, r"did you mean 'MatMul'\?"),
    ],
)
def test_what_cannot_be_is_refused(quantized, options, message):
    with pytest.raises(PluginError, match=message) as raised:
        quantized(**options)
    assert "\n" not in str(raised.value)
