from __future__ import annotations

from pathlib import Path

import pytest
from onnx import TensorProto, helper

from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.errors import ArtifactError, PluginError, RubricError
from quantassay.formats.digests import by_bytes
from quantassay.formats.onnx.format import Onnx
from quantassay.rubrics.variant import Variant
from quantassay.schemes.truth import CHANGED_NOTHING
from quantassay.workflows.steps.changes import Sides, truths
from quantassay.workflows.steps.variants import Prepared, _opens


def test_files_of_a_format_that_is_not_known(tmp_path: Path) -> None:
    first, same, other = (tmp_path / name for name in "abc")
    for path, content in ((first, b"1"), (same, b"1"), (other, b"2")):
        path.write_bytes(content)
    pairs = {
        path.name: Sides(by_bytes(first), by_bytes(path), known=False) for path in (same, other)
    }
    found = truths(pairs)
    assert list(found) == ["b"]
    assert (found["b"].changed, found["b"].summary) == (False, CHANGED_NOTHING)


def test_an_engine_says_which_formats_it_opens() -> None:
    assert OnnxRuntime.formats == ("onnx",)
    assert _opens("onnxruntime", "onnx", "m.onnx is", "variants.a")
    assert not _opens("python", "onnx", "m.onnx is", "variants.a")
    with pytest.raises(
        RubricError, match=r"variants\.a: engine 'onnxruntime' opens onnx; m\.gguf is"
    ):
        _opens("onnxruntime", "gguf", "m.gguf is", "variants.a")


def test_an_option_that_is_wrong_is_said_with_its_variant(tmp_path: Path) -> None:
    one = Prepared("b", Variant(model="m"), "onnxruntime", {"threads": 0}, by_bytes(Path(__file__)))
    with pytest.raises(
        PluginError, match=r"^variants\.b: option 'threads' of engine 'onnxruntime'"
    ):
        one.open()


def test_a_model_file_that_changed_after_it_was_identified_is_refused(tmp_path: Path) -> None:
    # else answers of the new weights would be kept under the digest of the old ones
    path = tmp_path / "model.onnx"
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n"])
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n"])
    graphs = [helper.make_graph([helper.make_node(op, ["x"], ["y"])], "g", [value], [out])
              for op in ("Neg", "Abs")]  # fmt: skip
    first, second = (
        helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])
        for graph in graphs
    )
    path.write_bytes(first.SerializeToString())
    one = Prepared(
        "a", Variant(model="m"), "onnxruntime", artifact=Onnx.identify(path), format="onnx"
    )
    one.open().close()
    path.write_bytes(second.SerializeToString())
    with pytest.raises(ArtifactError, match=r"model\.onnx: changed since the run began"):
        one.open()
