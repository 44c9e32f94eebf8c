import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.schemes.onnxruntime.gemm import lift_constants, split_gemms

X = np.random.default_rng(1).normal(size=(6, 4)).astype(np.float32)


@pytest.fixture
def gemm(make_model):
    """Make a model of one Gemm, or two that share a weight."""

    def make(times=1, biased=True, **attributes):
        rng = np.random.default_rng(0)
        weights = {"w": rng.normal(size=(4, 4)), "b": rng.normal(size=4)}
        names = ["x", *(f"h{at}" for at in range(1, times)), "y"]
        bias = ["b"] if biased else []
        layers = [
            helper.make_node(
                "Gemm", [names[at], "w", *bias], [names[at + 1]], name=f"g{at}", **attributes
            )
            for at in range(times)
        ]
        return make_model("gemm.onnx", layers, [("x", ["N", 4])], [("y", ["N", 4])], weights)

    return make


def split(path, tmp_path, **options):
    model = onnx.load(str(path))
    split_gemms(model, **options)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(tmp_path / "split.onnx"))
    return model


def answers(path):
    return OnnxRuntime.open(path, {}).run({"": X})["y"]


@pytest.mark.parametrize("transposed", [0, 1])
@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("times", [1, 2])
def test_the_numbers_stay_the_same(gemm, tmp_path, transposed, biased, times):
    path = gemm(times, biased, transB=transposed)
    model = split(path, tmp_path)
    kinds = [node.op_type for node in model.graph.node]
    assert kinds == (["MatMul", "Add"] if biased else ["MatMul"]) * times
    assert model.graph.node[0].name == "g0"
    assert {tensor.name for tensor in model.graph.initializer} == {
        "w_transposed" if transposed else "w",
        *(["b"] if biased else []),
    }
    np.testing.assert_array_equal(answers(tmp_path / "split.onnx"), answers(path))


@pytest.mark.parametrize("attributes", [{"alpha": 0.5}, {"beta": 2.0}, {"transA": 1}])
def test_one_that_does_more_stays(gemm, tmp_path, attributes):
    model = onnx.load(str(gemm(**attributes)))
    split_gemms(model)
    assert [node.op_type for node in model.graph.node] == ["Gemm"]


def test_one_that_is_to_be_kept_stays_with_its_weight(gemm, tmp_path):
    path = gemm(2, transB=1)
    model = split(path, tmp_path, keep=["g1"])
    assert [node.op_type for node in model.graph.node] == ["MatMul", "Add", "Gemm"]
    assert {"w", "w_transposed"} < {tensor.name for tensor in model.graph.initializer}
    np.testing.assert_array_equal(answers(tmp_path / "split.onnx"), answers(path))


def test_constants_become_initializers(tmp_path):
    value = numpy_helper.from_array(np.ones((4, 4), np.float32))
    nodes = [
        helper.make_node("Constant", [], ["w"], value=value),
        helper.make_node("Constant", [], ["k"], value_int=3),
    ]
    graph = helper.make_graph(nodes, "g", [], [])
    lift_constants(graph)
    assert [tensor.name for tensor in graph.initializer] == ["w"]
    assert [node.output[0] for node in graph.node] == ["k"]
