"""What enters a layer: padding is left out, and samples are told apart where they stand first."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from scipy.stats import kurtosis

from quantassay.engines.onnxruntime.engine import OnnxRuntime
from quantassay.workflows.steps.diagnosing.diagnosis import Diagnosis
from quantassay.workflows.steps.diagnosing.entering import entering
from quantassay.workflows.steps.progress import Silent

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 5, 4)).astype(np.float32)
LENGTHS = np.array([5, 2, 3, 1, 4, 2])
MASK = (np.arange(5) < LENGTHS[:, None]).astype(np.int64)
X[MASK == 0] = 1000.0  # as large as nothing that comes out of the model


@dataclass(frozen=True)
class Batched(Diagnosis):
    """A look at inputs that are there already."""

    def batches(self):
        for first in (0, 4):
            cut = slice(first, first + 4)
            yield first, {"x": X[cut], "attention_mask": MASK[cut]}

    @property
    def reference(self):
        return self.variants["fp32"]


def looked(tmp_path, nodes, shape):
    """Look at a model of these operations, of which the last two multiply what is made of x."""
    weights = {"w": RNG.normal(size=(4, 3)).astype(np.float32), "shape": np.array(shape)}
    graph = helper.make_graph(
        [helper.make_node(*node[:3], **node[3]) for node in nodes],
        "g",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 5, 4]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", 5]),
        ],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    opsets = [helper.make_opsetid("", 17)]
    path = tmp_path / "m.onnx"
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))
    variant = SimpleNamespace(
        name="fp32", format="onnx", artifact=SimpleNamespace(path=path), engine="onnxruntime",
        engine_options={}, open=lambda: OnnxRuntime.open(path, {}),
    )  # fmt: skip
    part = entering(Batched(None, None, {"fp32": variant}, np.arange(6), None, Silent(), tmp_path))
    return {one.name: one for one in part.found if one.layer}


@pytest.mark.parametrize("flat", [False, True])
def test_padding_does_not_count(tmp_path, flat):
    made = [("Reshape", ["x", "shape"], ["e"], {})] if flat else [("Identity", ["x"], ["e"], {})]
    found = looked(tmp_path, [*made, ("MatMul", ["e", "w"], ["y"], {})], [-1, 4])
    kept = X[MASK != 0]
    assert found["activation-kurtosis"].n == kept.size
    assert found["activation-kurtosis"].value == pytest.approx(
        kurtosis(kept, None, fisher=False), rel=1e-5
    )
    largest = np.abs(kept).max(axis=0)
    assert found["outlier-channels"].value == pytest.approx(largest.max() / np.median(largest))
    widths = [np.ptp(one[:length]) for one, length in zip(X, LENGTHS, strict=True)]
    assert found["range-stability"].value == pytest.approx(max(widths) / min(widths))
    assert found["range-stability"].n == 6


def test_where_samples_do_not_stand_first_ranges_are_left_out(tmp_path):
    turned = [
        ("Transpose", ["x"], ["e"], {"perm": [1, 0, 2]}),
        ("MatMul", ["e", "w"], ["y"], {}),
    ]
    found = looked(tmp_path, turned, [1])
    assert found["range-stability"].value is None
    assert "its first dimension is not that of samples" in found["range-stability"].reason
    assert found["outlier-channels"].value is not None
