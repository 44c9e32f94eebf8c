from __future__ import annotations

from pathlib import Path

import pytest

from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.errors import RubricError
from quantassay.formats.digests import by_bytes
from quantassay.schemes.truth import CHANGED_NOTHING
from quantassay.workflows.steps.changes import Sides, truths
from quantassay.workflows.steps.variants import _opens


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
    assert _opens("onnxruntime", "onnx", Path("m.onnx"), "variants.a")
    assert not _opens("python", "onnx", Path("m.onnx"), "variants.a")
    with pytest.raises(
        RubricError, match=r"variants\.a: engine 'onnxruntime' opens onnx; m\.gguf is"
    ):
        _opens("onnxruntime", "gguf", Path("m.gguf"), "variants.a")
