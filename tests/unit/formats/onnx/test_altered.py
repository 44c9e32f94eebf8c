"""Copies of a model with other weights, run in the real engine."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tests.models.tiny_onnx import answered, save, tensor
from tests.models.two_layers import inputs, two_layers

from quantassay.errors import ArtifactError
from quantassay.formats.onnx.altered import SHARED, Alterable


def zero(name, values):
    return np.zeros_like(values)


@pytest.fixture
def pair(tmp_path):
    return two_layers(tmp_path / "model.onnx")


def test_a_copy_computes_with_the_weights_it_was_given(pair, tmp_path):
    model, own = Alterable(pair, tmp_path / "work"), answered(pair, inputs(3))
    with model.copy(["second"], lambda _, values: values * 2) as double:
        np.testing.assert_allclose(answered(double, inputs(3)), 2 * own, 1e-5)
        assert double.stat().st_size < 2000
    with model.copy() as plain:
        np.testing.assert_array_equal(answered(plain, inputs(3)), own)
    assert [file.name for file in (tmp_path / "work").iterdir()] == [SHARED]
    assert (tmp_path / "work" / SHARED).stat().st_size == 4 * (128 * 64 + 64 * 8)


def test_layers_are_listed_with_their_weights(pair):
    model = Alterable(pair)
    assert [(one.name, one.weights, one.elements) for one in model.layers] == [
        ("up", ("first",), 128 * 64),
        ("down", ("second",), 64 * 8),
    ]
    stored = numpy_helper.to_array(onnx.load(str(pair)).graph.initializer[0])
    np.testing.assert_array_equal(model.read("first"), stored)


def test_layers_that_share_a_weight_are_one(tmp_path):
    nodes = [
        helper.make_node("Identity", ["w"], ["same"]),
        helper.make_node("MatMul", ["x", "w"], ["a"], name="one"),
        helper.make_node("MatMul", ["a", "v"], ["b"], name="two"),
        helper.make_node("MatMul", ["b", "same"], ["y"], name="three"),
    ]
    path = save(tmp_path / "m.onnx", nodes, [tensor("w", 4, 4), tensor("v", 4, 4, seed=2)])
    model = Alterable(path, tmp_path / "work")
    assert {one.name: one.nodes for one in model.layers} == {
        "one": ("one", "three"),
        "two": ("two",),
    }
    x = np.ones((1, 4), np.float32)
    with model.copy(["w"], lambda _, values: values * 2) as copy:
        np.testing.assert_allclose(answered(copy, x), 4 * answered(path, x), 1e-5)


def test_weights_of_constant_nodes_are_weights(tmp_path):
    held = helper.make_node("Constant", [], ["w"], value=tensor("", 4, 4))
    path = save(tmp_path / "m.onnx", [held, helper.make_node("MatMul", ["x", "w"], ["y"])], [])
    model = Alterable(path, tmp_path / "work")
    assert [(one.name, one.weights) for one in model.layers] == [("y", ("w",))]
    with model.copy(["w"], zero) as copy:
        assert not answered(copy, np.ones((2, 4), np.float32)).any()
    assert model.read("w").any()


def test_weights_in_inner_graphs_can_be_replaced(tmp_path):
    def branch(scale):
        out = helper.make_tensor_value_info(f"b{scale}", TensorProto.FLOAT, ["n", 4])
        nodes = [helper.make_node("MatMul", ["x", "w"], [f"b{scale}"])]
        return helper.make_graph(nodes, f"branch{scale}", [], [out])

    nodes = [
        helper.make_node("ReduceMax", ["x"], ["top"], keepdims=0),
        helper.make_node("Greater", ["top", "zero"], ["on"]),
        helper.make_node("If", ["on"], ["y"], then_branch=branch(1), else_branch=branch(2)),
    ]
    null = numpy_helper.from_array(np.float32(0), "zero")
    path = save(tmp_path / "m.onnx", nodes, [tensor("w", 4, 4), null])
    model = Alterable(path, tmp_path / "work")
    assert [(one.name, len(one.nodes)) for one in model.layers] == [("b2", 2)]
    with model.copy(["w"], zero) as copy:
        assert not answered(copy, np.ones((1, 4), np.float32)).any()


def test_names_that_stand_for_two_tensors_are_no_weights(tmp_path):
    def branch():
        out = helper.make_tensor_value_info("b", TensorProto.FLOAT, ["n", 4])
        held = helper.make_node("Constant", [], ["w"], value=tensor("w", 4, 4))
        nodes = [held, helper.make_node("MatMul", ["x", "w"], ["b"])]
        return helper.make_graph(nodes, "branch", [], [out])

    on = numpy_helper.from_array(np.array(True), "on")
    nodes = [helper.make_node("If", ["on"], ["y"], then_branch=branch(), else_branch=branch())]
    assert Alterable(save(tmp_path / "m.onnx", nodes, [on])).layers == []


def test_weights_stored_outside_are_read_from_there(pair, tmp_path):
    apart = tmp_path / "apart" / "m.onnx"
    apart.parent.mkdir()
    onnx.save(onnx.load(str(pair)), str(apart), save_as_external_data=True, location="w.bin",
              size_threshold=0)  # fmt: skip
    before = (apart.parent / "w.bin").read_bytes()
    np.testing.assert_array_equal(Alterable(apart).read("first"), Alterable(pair).read("first"))
    model = Alterable(apart, tmp_path / "work")
    with model.copy(["second"], lambda _, values: values * 2) as copy:
        np.testing.assert_allclose(answered(copy, inputs(2)), 2 * answered(pair, inputs(2)), 1e-5)
        assert copy.stat().st_size < 2000
        assert copy.with_suffix(".bin").stat().st_size == 64 * 8 * 4
    assert (apart.parent / "w.bin").read_bytes() == before
    assert len(list(apart.parent.iterdir())) == 2


def test_another_shape_or_type_is_refused(pair, tmp_path):
    model = Alterable(pair, tmp_path / "work")
    for change in (lambda _, values: values.T, lambda _, values: values.astype(np.float64)):
        refused = pytest.raises(ValueError, match="weight 'second' is float32")
        with refused, model.copy(["second"], change):
            pass


def test_operations_without_a_name_or_with_the_same_get_one(tmp_path):
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"], name="same"),
        helper.make_node("MatMul", ["a", "v"], ["b"], name="same"),
        helper.make_node("MatMul", ["b", "u"], ["y"]),
    ]
    tensors = [tensor(name, 4, 4) for name in "wvu"]
    names = [one.name for one in Alterable(save(tmp_path / "m.onnx", nodes, tensors)).layers]
    assert names == ["same", "same/1", "y"]


def test_weights_that_are_integers_already_are_no_layers(tmp_path):
    codes = numpy_helper.from_array(np.ones((4, 4), np.int8), "w")
    scale = numpy_helper.from_array(np.float32(0.1), "s")
    nodes = [
        helper.make_node("DequantizeLinear", ["w", "s"], ["f"]),
        helper.make_node("MatMul", ["x", "f"], ["y"]),
    ]
    assert Alterable(save(tmp_path / "m.onnx", nodes, [codes, scale])).layers == []


def test_a_damaged_file_is_said_in_a_line(tmp_path):
    path = tmp_path / "m.onnx"
    with pytest.raises(ArtifactError, match="no such model file"):
        Alterable(path)
    path.write_bytes(b"\x00junk")
    with pytest.raises(ArtifactError, match="not an ONNX model"):
        Alterable(path)


def test_two_stages_of_one_model_have_the_same_form(pair, tmp_path):
    other = save(tmp_path / "o.onnx", [helper.make_node("MatMul", ["x", "w"], ["y"])],
                 [tensor("w", 4, 4)])  # fmt: skip
    own = Alterable(pair, tmp_path / "work")
    with own.copy(["first"], zero) as later:
        assert Alterable(later).form == own.form != Alterable(other).form
