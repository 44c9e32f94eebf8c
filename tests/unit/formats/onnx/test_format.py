"""What an ONNX file holds, counted by hand; and files that contradict themselves."""

import re

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, quantize_static

from quantassay.errors import ArtifactError
from quantassay.formats.onnx import Onnx
from quantassay.schemes.onnxruntime.dynamic import OnnxRuntimeDynamic
from quantassay.schemes.onnxruntime.fp16 import OnnxRuntimeFp16

OPSET = helper.make_opsetid("", 17)


def saved(path, nodes, sizes, weights=(), outputs=("y",), opsets=(OPSET,)):
    """Write a model; ``sizes`` are those of its inputs, ``weights`` random ones by shape."""
    rng = np.random.default_rng(0)
    stored = [
        numpy_helper.from_array(rng.normal(size=shape).astype(np.float32), name)
        for name, shape in dict(weights).items()
    ]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "g",
        [value(name, TensorProto.FLOAT, shape) for name, shape in sizes.items()],
        [value(name, TensorProto.FLOAT, None) for name in outputs],
        stored,
    )
    model = helper.make_model(graph, opset_imports=list(opsets), ir_version=9)
    path.write_bytes(model.SerializeToString())
    return path


@pytest.fixture
def images(tmp_path):
    """A model of two convolutions and a matrix product on images of 10 by 12."""
    nodes = [
        helper.make_node("Conv", ["x", "wide"], ["a"], name="wide", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["b"], name="relu"),
        helper.make_node("Conv", ["b", "deep"], ["c"], name="deep", group=8, strides=[2, 2]),
        helper.make_node("GlobalAveragePool", ["c"], ["d"], name="mean"),
        helper.make_node("Flatten", ["d"], ["e"], name="flat"),
        helper.make_node("Gemm", ["e", "last"], ["y"], name="last", transB=1),
    ]
    weights = {"wide": (8, 3, 3, 3), "deep": (8, 1, 2, 2), "last": (4, 8)}
    return saved(tmp_path / "images.onnx", nodes, {"x": ["n", 3, 10, 12]}, weights)


WIDE, DEEP, LAST = 8 * 10 * 12 * 27, 8 * 5 * 6 * 4, 4 * 8


def test_multiplications_counted_by_hand(images):
    found = Onnx.contents(images)
    assert found.macs == (0, WIDE + DEEP + LAST)
    assert found.layers == (0, 3)


def static(reference, out, **options):
    class Reader(CalibrationDataReader):
        batches = iter(np.random.default_rng(0).normal(size=(4, 2, 3, 10, 12)).astype(np.float32))

        def get_next(self):
            batch = next(self.batches, None)
            return None if batch is None else {"x": batch}

    quantize_static(reference, out, Reader(), **options)


@pytest.mark.parametrize("form", [QuantFormat.QDQ, QuantFormat.QOperator])
def test_the_share_that_stays_as_it_was_is_counted_apart(images, tmp_path, form):
    out = tmp_path / "low.onnx"
    static(images, out, quant_format=form, nodes_to_exclude=["wide"])
    found = Onnx.contents(out)
    assert found.macs == (DEEP + LAST, WIDE + DEEP + LAST)
    assert found.layers == (2, 3)


@pytest.mark.parametrize("scheme", [OnnxRuntimeFp16, OnnxRuntimeDynamic])
def test_other_operations_multiply_as_often(images, tmp_path, scheme):
    scheme.quantize(images, None, {}, tmp_path / "low.onnx")
    assert Onnx.contents(tmp_path / "low.onnx").macs == (WIDE + DEEP + LAST,) * 2


def two_products(path, pooled):
    """A model of two products, the second of each position, or of their mean."""
    nodes = [helper.make_node("MatMul", ["x", "up"], ["a"])]
    nodes += [helper.make_node("ReduceMean", ["a"], ["m"], axes=[1], keepdims=0)] * pooled
    nodes += [helper.make_node("MatMul", ["m" if pooled else "a", "down"], ["y"])]
    return saved(path, nodes, {"x": ["n", "length", 6]}, {"up": (6, 5), "down": (5, 2)})


def test_an_open_length_that_multiplies_all_is_left_out(tmp_path):
    assert Onnx.contents(two_products(tmp_path / "a.onnx", False)).macs == (0, 40)


def test_an_open_length_that_multiplies_some_leaves_the_sum_unknown(tmp_path):
    assert Onnx.contents(two_products(tmp_path / "a.onnx", True)).macs is None


def test_products_of_two_inputs_are_no_layers(tmp_path):
    nodes = [helper.make_node("MatMul", ["x", "z"], ["y"])]
    found = Onnx.contents(saved(tmp_path / "a.onnx", nodes, {"x": [2, 3], "z": [3, 4]}))
    assert (found.layers, found.macs) == ((0, 0), None)


def test_transposed_convolution_and_recurrence(tmp_path):
    nodes = [
        helper.make_node("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2]),
        helper.make_node("LSTM", ["t", "in", "back"], ["", "h"], hidden_size=5),
    ]
    weights = {"w": (3, 2, 4, 4), "in": (1, 20, 7), "back": (1, 20, 5)}
    sizes = {"x": ["n", 3, 6, 6], "t": [9, 1, 7]}
    found = Onnx.contents(saved(tmp_path / "a.onnx", nodes, sizes, weights, ("y", "h")))
    assert found.macs == (0, 3 * 36 * 32 + 9 * (20 * 7 + 20 * 5))


def test_a_constant_of_an_inner_graph_may_have_the_name_of_another(tmp_path):
    """The same names, other numbers inside: another model."""

    def model(name, value):
        made = helper.make_tensor_value_info("r", TensorProto.FLOAT, None)
        own = numpy_helper.from_array(np.full((2, 2), value, np.float32), "w")
        inner = helper.make_graph(
            [helper.make_node("MatMul", ["x", "w"], ["r"])], "inner", [], [made], [own]
        )
        flag = helper.make_node(
            "Constant", [], ["c"], value=numpy_helper.from_array(np.array(True))
        )
        nodes = [flag, helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)]
        return saved(tmp_path / name, nodes, {"x": [2, 2]}, {"w": (2, 2)})

    first, second = (Onnx.contents(model(f"{v}.onnx", v)) for v in (1, 2))
    assert first.structure != second.structure
    assert {w.digest for w in first.weights} != {w.digest for w in second.weights}


def blockwise(**sizes):
    attributes = {"K": 32, "N": 4, "bits": 4, "block_size": 32, **sizes}
    inputs = ["x", "q", "s"]
    return helper.make_node("MatMulNBits", inputs, ["y"], domain="com.microsoft", **attributes)


HOSTILE = {
    "huge": [blockwise(K=1 << 60, N=1 << 60)],
    "negative": [blockwise(K=-32, N=-4)],
    "no bits": [blockwise(bits=0, block_size=0)],
    "odd bits": [blockwise(bits=5)],
    "no weight": [helper.make_node("MatMulNBits", ["x"], ["y"], domain="com.microsoft")],
    "a circle": [helper.make_node("Add", ["y", "y"], ["y"])],
    "nothing said": [helper.make_node(kind, [], ["y"]) for kind in ("Constant", "Identity")],
    "no result": [helper.make_node(kind, ["x", "q"], []) for kind in ("Conv", "MatMul", "Cast")],
    "an inner circle": [
        helper.make_node("Transpose", ["q"], ["t"]), helper.make_node("MatMul", ["x", "t"], ["y"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_contradicts_itself_is_told_or_left_out(tmp_path, kind):
    opsets = [OPSET, helper.make_opsetid("com.microsoft", 1)]
    path = saved(tmp_path / "a.onnx", HOSTILE[kind], {"x": ["n", 32]}, {"s": (4, 1)}, opsets=opsets)
    model = onnx.load(str(path))
    packed = np.zeros((4, 1, 16), np.uint8)
    model.graph.initializer.append(numpy_helper.from_array(packed, "q"))
    path.write_bytes(model.SerializeToString())
    try:
        found = Onnx.contents(path)
    except ArtifactError as error:
        assert "a.onnx" in str(error)
    else:
        assert sum(weight.elements for weight in found.weights) <= 4 * 32 + 4
        assert found.macs is None or found.macs[1] < 1 << 40
    reads = [weight.read() for weight in Onnx.stored_weights(path) if weight.quantized]
    assert all(read is None or read.values.size <= 128 for read in reads)


@pytest.mark.parametrize("sizes", [(-4, 4), (1 << 31, 1 << 31), (0, 4), ()])
def test_sizes_that_the_bytes_do_not_bear_out(tmp_path, sizes):
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    path = saved(tmp_path / "a.onnx", nodes, {"x": ["n", 4]}, {"w": (4, 4)})
    model = onnx.load(str(path))
    model.graph.initializer[0].dims[:] = sizes
    path.write_bytes(model.SerializeToString())
    assert all(weight.read() is None for weight in Onnx.stored_weights(path))
    try:
        assert Onnx.contents(path).weights[0].elements <= 16
    except ArtifactError as error:
        assert re.search("a.onnx: .*'w' has fewer bytes", str(error))
