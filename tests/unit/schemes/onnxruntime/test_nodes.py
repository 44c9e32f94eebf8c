from pathlib import Path

import pytest
from onnx import helper

from quantassay.errors import ArtifactError, PluginError
from quantassay.schemes.onnxruntime.nodes import (
    excluded,
    nodes,
    require_change,
    require_kinds,
    require_supported,
)

HERE = Path("model.onnx")


def model(*names, kind="MatMul"):
    made = [
        helper.make_node(kind, ["x", "x"], [f"y{at}"], name=name) for at, name in enumerate(names)
    ]
    return helper.make_model(helper.make_graph(made, "g", [], []))


def test_a_merged_node_is_that_of_the_longest_name():
    before, after = model("fc1", "fc10", "fc1_a"), model("fc1/Fused", "fc10/Fused", "fc1_a/Fused")
    assert excluded(HERE, before, after, ["fc1"], "'exclude'") == ["fc1/Fused"]
    assert excluded(HERE, before, after, ["fc10", "fc1_a"], "'exclude'") == [
        "fc10/Fused",
        "fc1_a/Fused",
    ]


def test_a_node_that_is_still_there_is_itself():
    before, after = model("fc1", "fc10"), model("fc1", "fc1/Split", "fc10")
    assert excluded(HERE, before, after, ["fc1"], "'exclude'") == ["fc1"]
    assert excluded(HERE, before, after, None, "'exclude'") == []


def test_names_that_lead_nowhere_are_errors():
    with pytest.raises(PluginError, match=r"model\.onnx: 'exclude' names a node 'fc2'.*mean 'fc1'"):
        excluded(HERE, model("fc1"), model("fc1"), ["fc2"], "'exclude'")
    with pytest.raises(PluginError, match="it has no named nodes"):
        excluded(HERE, model(""), model(""), ["fc2"], "'exclude'")
    with pytest.raises(PluginError, match="'fc1', which preparing folds into another"):
        excluded(HERE, model("fc1"), model("other"), ["fc1"], "'exclude'")


def test_kinds_are_those_of_the_model_and_of_the_quantizer():
    require_kinds(HERE, model("a"), ["MatMul"], "'ops'")
    require_supported(["MatMul"], ["MatMul"], "'ops'")
    with pytest.raises(PluginError, match=r"names 'Matmul'.*did you mean 'MatMul'"):
        require_kinds(HERE, model("a"), ["Matmul"], "'ops'")
    with pytest.raises(PluginError, match=r"names 'Relu', which.*it quantizes MatMul"):
        require_supported(["Relu"], ["MatMul"], "'ops'")


def test_nodes_inside_nodes_are_found():
    inner = helper.make_graph(
        [helper.make_node("MatMul", ["x", "x"], ["z"], name="deep")], "i", [], []
    )
    outer = helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)
    assert [node.op_type for node in nodes(helper.make_graph([outer], "g", [], []))] == [
        "If",
        "MatMul",
        "MatMul",
    ]


def test_a_variant_without_a_quantized_operation_is_refused():
    require_change(HERE, model("a", kind="MatMulNBits"), ["MatMulNBits"], "some")
    with pytest.raises(ArtifactError, match="scheme 'some' changed nothing: 0 of 2 layers"):
        require_change(HERE, model("a", "b"), ["MatMulNBits"], "some")
