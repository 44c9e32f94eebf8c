"""Layers of a model that can be watched, and how they are found again once it was quantized."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tests.models.outliers import save_block

from quantassay.errors import ArtifactError
from quantassay.formats.onnx.watched import watchable


def saved(path, nodes, weights, inputs=(("x", ["N", 4, 8, 8]),), outputs=("y",)):
    taken = [helper.make_tensor_value_info(name, TensorProto.FLOAT, s) for name, s in inputs]
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
    held = [numpy_helper.from_array(np.asarray(v), name) for name, v in weights.items()]
    graph = helper.make_graph(
        [helper.make_node(*n[:3], **n[3]) for n in nodes], "g", taken, given, held
    )
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))
    return path


def test_layers_with_weights_are_watched_and_products_of_activations_are_not(tmp_path):
    found = watchable(save_block(tmp_path / "block.onnx"))
    names = [layer.name for layer in found.layers]
    assert names == ["project_q", "project_k", "project_v", "back", "grow", "shrink", "head"]
    grow = found.layers[4]
    assert (grow.title, grow.kind, grow.entry, grow.axis) == ("grow", "MatMul", "n2", -1)
    assert (grow.weight, grow.weight_axis) == ("up", -1)
    assert grow.results == ("u", "f")
    assert found.normalizations == 2


def test_weights_that_are_computed_are_counted(tmp_path):
    stored = {"a": np.ones((8, 4), np.float32), "b": np.ones((8, 4), np.float32)}
    nodes = [
        ("Mul", ["a", "b"], ["w"], {}),
        ("MatMul", ["x", "w"], ["p"], {}),
        ("Transpose", ["a"], ["t"], {"perm": [1, 0]}),
        ("MatMul", ["p", "t"], ["q"], {}),
        ("MatMul", ["q", "p"], ["y"], {}),
    ]
    found = watchable(saved(tmp_path / "m.onnx", nodes, stored, [("x", [4, 8])]))
    assert [layer.weight for layer in found.layers] == ["a"]
    assert found.computed_weights == 1


@pytest.mark.parametrize(
    ("kind", "first", "options", "entry", "weight"),
    [
        ("Gemm", False, {}, -1, -1),
        ("Gemm", False, {"transB": 1}, -1, 0),
        ("Gemm", False, {"transA": 1}, 0, -1),
        ("Gemm", True, {}, 0, 0),
        ("Gemm", True, {"transA": 1}, 0, -1),
        ("Gemm", True, {"transB": 1}, -1, 0),
        ("MatMul", False, {}, -1, -1),
        ("MatMul", True, {}, -2, -2),
        ("Conv", False, {}, 1, 0),
    ],
)
def test_channels_stand_where_the_operation_sums_over_them(
    tmp_path, kind, first, options, entry, weight
):
    """Checked against the shapes: only along that axis do both have the length that is summed."""
    inputs = ["w", "x"] if first else ["x", "w"]
    values = np.ones((4, 4, 1, 1) if kind == "Conv" else (4, 4), np.float32)
    path = saved(tmp_path / "m.onnx", [(kind, inputs, ["y"], options)], {"w": values})
    layer = watchable(path).layers[0]
    assert (layer.axis, layer.weight_axis) == (entry, weight)


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("turned", [0, 1])
def test_a_gemms_axes_fit_what_it_computes(tmp_path, first, turned):
    """Zero weights of one output channel make that channel zero; so they stand along its axis."""
    import onnxruntime

    options = {"transA" if first else "transB": turned}
    weight = np.arange(1, 13, dtype=np.float32).reshape(3, 4)
    inputs = ["w", "x"] if first else ["x", "w"]
    sums = weight.shape[(turned == 0) if first else turned]
    shape = [sums, 5] if first else [5, sums]
    taken = [("x", shape)]
    path = saved(tmp_path / "m.onnx", [("Gemm", inputs, ["y"], options)], {"w": weight}, taken)
    layer = watchable(path).layers[0]
    assert shape[layer.axis] == sums
    np.moveaxis(weight, layer.weight_axis, 0)[1] = 0
    saved(path, [("Gemm", inputs, ["y"], options)], {"w": weight}, taken)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    answer = session.run(None, {"x": np.ones(shape, np.float32)})[0]
    channels = answer if first else answer.T
    assert [bool(channel.any()) for channel in channels][:3] == [True, False, True]


def test_a_result_is_followed_through_what_is_folded_into_the_layer(tmp_path):
    path = saved(
        tmp_path / "m.onnx",
        [
            ("Conv", ["x", "w"], ["c"], {}),
            ("Add", ["c", "b"], ["d"], {}),
            ("Relu", ["d"], ["e"], {}),
            ("Add", ["e", "x"], ["y"], {}),
        ],
        {"w": np.ones((4, 4, 1, 1), np.float32), "b": np.ones((4, 1, 1), np.float32)},
    )
    assert watchable(path).layers[0].results == ("d", "c", "e")


def test_what_is_only_quantized_shows_as_what_comes_out_of_it(tmp_path):
    scale = {"s": np.float32(0.1), "z": np.uint8(0)}
    nodes = [
        ("Conv", ["x", "w"], ["e"], {}),
        ("QuantizeLinear", ["e", "s", "z"], ["q"], {}),
        ("DequantizeLinear", ["q", "s", "z"], ["f"], {}),
        ("Conv", ["f", "w"], ["y"], {}),
    ]
    weights = {"w": np.ones((4, 4, 1, 1), np.float32), **scale}
    computed = watchable(saved(tmp_path / "m.onnx", nodes, weights)).computed
    assert (computed["e"], computed["y"], computed["f"]) == ("f", "y", "f")
    twice = [*nodes, ("Relu", ["e"], ["r"], {})]
    assert watchable(saved(tmp_path / "m.onnx", twice, weights)).computed["e"] == "e"


def test_a_weight_that_is_turned_on_the_way_tells_no_axis(tmp_path):
    nodes = [
        ("Transpose", ["w"], ["t"], {"perm": [1, 0]}),
        ("MatMul", ["x", "t"], ["y"], {}),
    ]
    path = saved(tmp_path / "m.onnx", nodes, {"w": np.ones((4, 8), np.float32)})
    layer = watchable(path).layers[0]
    assert (layer.weight, layer.weight_axis, layer.axis) == ("w", None, -1)


def test_normalizations_written_out_in_parts_are_counted(tmp_path):
    nodes = [
        ("ReduceMean", ["x"], ["m"], {}),
        ("Sub", ["x", "m"], ["c"], {}),
        ("Mul", ["c", "c"], ["p"], {}),
        ("ReduceMean", ["p"], ["v"], {}),
        ("Add", ["v", "eps"], ["a"], {}),
        ("Sqrt", ["a"], ["s"], {}),
        ("Div", ["c", "s"], ["n"], {}),
        ("Sqrt", ["n"], ["y"], {}),
    ]
    path = saved(tmp_path / "m.onnx", nodes, {"eps": np.float32(1e-5)})
    assert watchable(path).normalizations == 1


def test_layers_are_called_what_their_module_was_called(tmp_path):
    path = save_block(tmp_path / "block.onnx")
    model = onnx.load(str(path))
    scopes = {"project_q": "['', 'a', 'a.q', 'linear']", "project_k": "['', 'same', 'linear']",
              "project_v": "['', 'same', 'linear']", "back": "nothing of the kind"}  # fmt: skip
    for node in model.graph.node:
        if node.name in scopes:
            node.metadata_props.add(key="pkg.torch.onnx.name_scopes", value=scopes[node.name])
    onnx.save(model, str(path))
    titles = [layer.title for layer in watchable(path).layers]
    assert titles[:4] == ["a.q", "project_k", "project_v", "back"]


def test_a_damaged_file_is_refused(tmp_path):
    (tmp_path / "m.onnx").write_bytes(b"no model")
    with pytest.raises(ArtifactError, match="truncated or not an ONNX model"):
        watchable(tmp_path / "m.onnx")
