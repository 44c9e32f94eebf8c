import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from tests.models.two_layers import by_onnxruntime, inputs, two_layers

from quantassay.formats.onnx import Onnx
from quantassay.records.artifacts import Artifact
from quantassay.schemes.onnxruntime.static import OnnxRuntimeStatic
from quantassay.workflows.steps.changes import Sides, truths


@pytest.fixture
def model(tmp_path):
    return two_layers(tmp_path / "fp32.onnx")


def beside(model, *paths, known=True):
    source = Onnx.identify(model)
    return {path.stem: Sides(source, Onnx.identify(path), known) for path in paths}


def test_the_same_operations_and_weights_in_other_bytes_are_the_same(model, tmp_path):
    first = by_onnxruntime(model, tmp_path / "first.onnx", "default")
    other = onnx.load(str(first))
    other.producer_name = "another"
    onnx.save(other, str(tmp_path / "second.onnx"))
    shutil.copy(first, tmp_path / "third.onnx")
    found = truths(beside(model, *(tmp_path / f"{n}.onnx" for n in ("first", "second", "third"))))
    assert found["first"].same_as == ("second", "third")
    assert found["second"].near == {}
    assert found["third"].summary == found["first"].summary


def test_the_same_weights_with_other_ranges_are_two_variants(model, tmp_path):
    """Calibration sets the ranges of what runs between layers, not how weights are rounded."""
    for name, scale in (("low", 1), ("high", 3)):
        batches = [{"x": batch * scale} for batch in np.split(inputs(64), 2)]
        OnnxRuntimeStatic.quantize(model, batches, {}, tmp_path / f"{name}.onnx")
    found = truths(beside(model, tmp_path / "low.onnx", tmp_path / "high.onnx"))
    assert (found["low"].same_as, found["low"].near) == ((), {})
    assert found["low"].nearest_share == found["high"].nearest_share == 1


def test_sizes_stand_beside_each_other(model, tmp_path):
    low = by_onnxruntime(model, tmp_path / "low.onnx", "default")
    found = truths(beside(model, low))["low"]
    assert (found.bytes, found.source_bytes) == (low.stat().st_size, model.stat().st_size)


def test_of_files_that_no_format_reads_only_copies_are_told(tmp_path):
    source = Artifact(Path("a.bin"), "sha256:1", 10)
    pairs = {
        "copy": Sides(source, Artifact(Path("b.bin"), "sha256:1", 10), known=False),
        "other": Sides(source, Artifact(Path("c.bin"), "sha256:2", 10), known=False),
        "again": Sides(source, Artifact(Path("d.bin"), "sha256:2", 10), known=False),
    }
    found = truths(pairs)
    assert list(found) == ["copy"]
    assert (found["copy"].changed, found["copy"].bytes) == (False, 10)
