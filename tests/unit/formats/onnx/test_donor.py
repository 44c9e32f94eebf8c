"""Layers of a candidate put into the reference, one at a time, run in the real engine."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tests.models.tiny_onnx import answered, tensor
from tests.models.tiny_onnx import save as save_tiny
from tests.models.two_layers import inputs, two_layers

from quantassay.errors import ArtifactError
from quantassay.formats.onnx.altered import SHARED, Alterable
from quantassay.formats.onnx.donor import STAYS, Donor
from quantassay.schemes.onnxruntime.dynamic import OnnxRuntimeDynamic
from quantassay.schemes.onnxruntime.fp16 import OnnxRuntimeFp16
from quantassay.schemes.onnxruntime.int4 import OnnxRuntimeInt4
from quantassay.schemes.onnxruntime.static import OnnxRuntimeStatic

SCHEMES = {
    "dynamic": (OnnxRuntimeDynamic, {}),
    "static": (OnnxRuntimeStatic, {}),
    "int4": (OnnxRuntimeInt4, {}),
}


def save(path, nodes, tensors):
    return save_tiny(path, nodes, tensors, 64)


def kinds(path):
    return [node.op_type for node in onnx.load(str(path)).graph.node]


def made(path: Path, scheme: str, width: int = 128, **options) -> Path:
    kind, own = SCHEMES[scheme]
    x = inputs(64)[:, :width]
    out = path.with_name(f"{scheme}.onnx")
    kind.quantize(path, [{"x": x}], {**own, **options}, out)
    return out


def put(reference: Path, candidate: Path, name: str, out: Path) -> Path:
    """Return the reference with one layer of the candidate, as one file."""
    model = Alterable(reference, out)
    layer = next(one for one in model.layers if one.name == name)
    with model.copy(grafts=Donor(candidate, model).grafts(layer)) as path:
        onnx.save(onnx.load(str(path)), str(out / f"{name}.onnx"))
    return out / f"{name}.onnx"


@pytest.fixture
def pair(tmp_path):
    return two_layers(tmp_path / "model.onnx")


def noise(path, reference, x):
    return float(np.sum((answered(path, x) - answered(reference, x)) ** 2))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_layer_alone_is_in_low_precision(pair, tmp_path, scheme):
    candidate, x = made(pair, scheme), inputs(200, seed=5)
    alone = [put(pair, candidate, name, tmp_path / "out") for name in ("up", "down")]
    for path, rest in zip(alone, ("down", "up"), strict=True):
        names = {node.name: node.op_type for node in onnx.load(str(path)).graph.node}
        assert names[rest] == "MatMul"
        assert names["squash"] == "Sigmoid"
    parts, whole = [noise(path, pair, x) for path in alone], noise(candidate, pair, x)
    assert min(parts) > 0
    assert sum(parts) == pytest.approx(whole, rel=0.5)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_model_of_one_layer_becomes_the_candidate(tmp_path, scheme):
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"], name="only")]
    path = save(tmp_path / "m.onnx", nodes, [tensor("w", 64, 64)])
    candidate, x = made(path, scheme, 64), inputs(32)[:, :64]
    alone = put(path, candidate, "only", tmp_path / "out")
    np.testing.assert_allclose(answered(alone, x), answered(candidate, x), rtol=1e-5, atol=1e-5)


def test_an_activation_that_the_codes_do_stays_done(tmp_path):
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"], name="up"),
        helper.make_node("Add", ["a", "b"], ["c"], name="shift"),
        helper.make_node("Relu", ["c"], ["r"], name="bend"),
        helper.make_node("MatMul", ["r", "v"], ["y"], name="down"),
    ]
    tensors = [tensor("w", 64, 64), tensor("v", 64, 64, seed=2), tensor("b", 64, seed=3)]
    path = save(tmp_path / "m.onnx", nodes, tensors)
    candidate, x = made(path, "static", 64), inputs(100, seed=4)[:, :64]
    assert "Relu" not in kinds(candidate)
    alone = put(path, candidate, "up", tmp_path / "out")
    far = np.abs(answered(alone, x) - answered(path, x)).mean() / np.abs(answered(path, x)).mean()
    assert 0 < far < 0.05


def test_a_value_that_others_read_too_is_rounded_for_the_layer_alone(tmp_path):
    nodes = [
        helper.make_node("Relu", ["x"], ["r"], name="bend"),
        helper.make_node("MatMul", ["r", "w"], ["a"], name="left"),
        helper.make_node("MatMul", ["r", "v"], ["b"], name="right"),
        helper.make_node("Concat", ["a", "b"], ["y"], name="both", axis=1),
    ]
    tensors = [tensor("w", 64, 32), tensor("v", 64, 32, seed=2)]
    path = save(tmp_path / "m.onnx", nodes, tensors)
    candidate, x = made(path, "static", 64), inputs(50, seed=4)[:, :64]
    found, own = answered(put(path, candidate, "left", tmp_path / "out"), x), answered(path, x)
    np.testing.assert_array_equal(found[:, 32:], own[:, 32:])
    assert (found[:, :32] != own[:, :32]).any()


def test_layers_that_share_a_weight_are_put_there_together(tmp_path):
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"], name="one"),
        helper.make_node("Tanh", ["a"], ["b"], name="squash"),
        helper.make_node("MatMul", ["b", "w"], ["y"], name="two"),
    ]
    path = save(tmp_path / "m.onnx", nodes, [tensor("w", 64, 64)])
    candidate, x = made(path, "int4", 64), inputs(20)[:, :64]
    alone = put(path, candidate, "one", tmp_path / "out")
    assert kinds(alone) == ["MatMulNBits", "Tanh", "MatMulNBits"]
    np.testing.assert_allclose(answered(alone, x), answered(candidate, x), rtol=1e-4, atol=1e-4)


def test_what_the_candidate_keeps_stays(pair, tmp_path):
    candidate = made(pair, "int4", exclude=["up"])
    with pytest.raises(ArtifactError, match=STAYS):
        put(pair, candidate, "up", tmp_path / "out")
    with pytest.raises(ArtifactError, match=STAYS):
        put(pair, pair, "down", tmp_path / "out")


def test_integer_operations_without_a_value_between_cannot_be_cut(pair, tmp_path):
    candidate = made(pair, "static", format="QOperator")
    with pytest.raises(ArtifactError, match="from other values"):
        put(pair, candidate, "down", tmp_path / "out")


def test_halves_cannot_be_put_among_floats(pair, tmp_path):
    candidate = tmp_path / "fp16.onnx"
    OnnxRuntimeFp16.quantize(pair, None, {}, candidate)
    with pytest.raises(ArtifactError, match="on halves"):
        put(pair, candidate, "down", tmp_path / "out")


def test_a_smoothed_layer_comes_with_its_factors(tmp_path):
    """The candidate multiplies what enters, and has divided its weights by the same."""
    path = save(tmp_path / "m.onnx", [helper.make_node("MatMul", ["x", "w"], ["y"], name="only")],
                [tensor("w", 64, 64)])  # fmt: skip
    values = numpy_helper.to_array(tensor("w", 64, 64))
    factors = np.linspace(0.1, 3, 64).astype(np.float32)
    divided, step = values / factors[:, None], np.float32(0.05)
    codes = np.clip(np.round(divided / step), -127, 127).astype(np.int8)
    nodes = [
        helper.make_node("Mul", ["x", "f"], ["smooth"], name="factors"),
        helper.make_node("DequantizeLinear", ["q", "s"], ["d"]),
        helper.make_node("MatMul", ["smooth", "d"], ["y"], name="only"),
    ]
    stored = {"f": factors, "q": codes, "s": step}
    candidate = save(tmp_path / "c.onnx", nodes,
                     [numpy_helper.from_array(v, k) for k, v in stored.items()])  # fmt: skip
    model = Alterable(path)
    (graft,) = Donor(candidate, model).grafts(model.layers[0])
    assert graft.rescales
    x = inputs(20)[:, :64]
    alone = put(path, candidate, "only", tmp_path / "out")
    np.testing.assert_array_equal(answered(alone, x), answered(candidate, x))


def test_inner_graphs_are_left_alone(tmp_path):
    def branch(at):
        out = helper.make_tensor_value_info(f"b{at}", TensorProto.FLOAT, ["n", 64])
        nodes = [helper.make_node("MatMul", ["x", "w"], [f"b{at}"], name=f"n{at}")]
        return helper.make_graph(nodes, f"branch{at}", [], [out])

    on = numpy_helper.from_array(np.array(True), "on")
    nodes = [helper.make_node("If", ["on"], ["y"], then_branch=branch(1), else_branch=branch(2))]
    path = save(tmp_path / "m.onnx", nodes, [on, tensor("w", 64, 64)])
    with pytest.raises(ArtifactError, match="inner graph"):
        put(path, path, "n2", tmp_path / "out")


def test_an_operation_of_another_version_is_refused(pair, tmp_path):
    model = Alterable(pair, tmp_path / "work")
    candidate = onnx.load(str(made(pair, "static")))
    candidate.opset_import[0].version = 25
    onnx.save(candidate, str(tmp_path / "later.onnx"))
    donor = Donor(tmp_path / "later.onnx", model)
    grafts = donor.grafts(model.layers[0])
    with pytest.raises(ArtifactError, match="of another version"), model.copy(grafts=grafts):
        pass
    assert [file.name for file in (tmp_path / "work").iterdir()] == [SHARED]
