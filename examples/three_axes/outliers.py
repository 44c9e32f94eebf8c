"""Make the twin of a model with outlier channels: it computes the same function in float32.

``python examples/three_axes/outliers.py [TASK ...]`` writes the twins of the four tasks, or of
those that are named. Where nothing but a ReLU, a reshape or attention lies between two layers, some
output channels of the first can be made ``SCALE`` times as large if the second takes them as much
smaller. A twin is refused where its answers are not those of the model.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pyarrow.parquet as pq
from numpy.typing import NDArray

HERE = Path(__file__).parent
# Outliers of language models are up to 20 times (Dettmers et al. 2022) or 100 times (Xiao et al.
# 2023) as large as the rest; a power of two, so that float32 loses nothing by it. The same for all.
SCALE = 64.0
SHARE = 64  # one channel in so many, at least one: those with the largest weights
ROWS = 256  # inputs on which a twin is compared with its model
ROUNDING = 1e-3  # largest difference of an output, as a share of the largest output
MAGIKA = "jax2tf_get_logits_/pjit_get_logits_/MagikaV2/"

Feeds = Mapping[str, NDArray[np.generic]]
Weights = Mapping[str, onnx.TensorProto]


@dataclass(frozen=True)
class Pair:
    """Two layers by the names of their biases; of a normalization its ``gamma`` is named too."""

    first: str
    second: str
    gamma: str = ""


@dataclass(frozen=True)
class Task:
    """A model, its twin, the pairs of layers, and the table and columns that feed it."""

    model: str
    twin: str
    pairs: Sequence[Pair]
    table: str
    inputs: Mapping[str, str]
    shape: tuple[int, ...] = ()
    divide: float = 0.0
    kind: str = "int64"


TASKS = {
    "digits": Task(
        "../digits/fp32.onnx",
        "digits-outliers.onnx",
        [
            Pair("onnx::Conv_42", "onnx::Conv_45"),
            Pair("onnx::Conv_45", "onnx::Conv_48"),
            Pair("onnx::Conv_48", "11.bias"),
            Pair("11.bias", "13.bias"),
        ],
        "../digits/test.parquet", {"pixels": "pixels"}, (1, 8, 8), 16.0, "float32",
    ),
    # between its other layers there is GELU, or a normalization whose gain belongs to a position
    "filetypes": Task(
        "data/filetypes/model.onnx",
        "data/filetypes/outliers.onnx",
        [
            Pair(
                f"{MAGIKA}LayerNorm_1/Reshape_3:0",
                f"{MAGIKA}Dense_1/Reshape:0",
                gamma=f"{MAGIKA}LayerNorm_1/Reshape_2:0",
            )
        ],
        "data/filetypes/test.parquet", {"bytes": "tokens"}, kind="int32",
    ),
    "retrieval": Task(
        "data/minilm.onnx",
        "data/minilm-outliers.onnx",
        [
            Pair(f"{layer}.self.value.bias", f"{layer}.output.dense.bias")
            for layer in (f"model.encoder.layer.{at}.attention" for at in range(6))
        ],
        "data/queries.parquet", {"input_ids": "ids", "attention_mask": "mask"},
    ),
    "sums": Task(
        "sums.onnx",
        "sums-outliers.onnx",
        [
            Pair(f"step.blocks.{at}.{first}.bias", f"step.blocks.{at}.{second}.bias")
            for at in range(2)
            for first, second in (("value", "out"), ("up", "down"))
        ],
        "sums.parquet", {"tokens": "tokens"},
    ),
}  # fmt: skip


def twin(model: onnx.ModelProto, pairs: Sequence[Pair]) -> onnx.ModelProto:
    """Return a copy of a model with outliers in the first layer of each pair."""
    made = onnx.ModelProto()
    made.CopyFrom(model)
    kept = {each.name: each for each in made.graph.initializer}
    for pair in pairs:
        firsts = dict(outputs(made.graph, pair))
        factors = chosen(kept, firsts)
        for name, axis in firsts.items():
            scale(kept[name], axis, factors)
        for name, axis in dict(inputs(made.graph, pair.second)).items():
            scale(kept[name], axis, 1 / factors)
    return made


def outputs(graph: onnx.GraphProto, pair: Pair) -> Iterator[tuple[str, int]]:
    """Yield all that makes the first layer's output channels, with the axis of the channels."""
    yield pair.first, -1
    if pair.gamma:
        yield pair.gamma, -1
        return
    for node in layers(graph, pair.first):
        yield node.input[1], 0 if node.op_type == "Conv" or transposed(node) else 1


def inputs(graph: onnx.GraphProto, bias: str) -> Iterator[tuple[str, int]]:
    """Yield the weights of a layer, with the axis of its input channels."""
    for node in layers(graph, bias):
        yield node.input[1], 1 if node.op_type == "Conv" or transposed(node) else 0


def layers(graph: onnx.GraphProto, bias: str) -> Iterator[onnx.NodeProto]:
    """Yield each convolution or product whose result the bias is added to."""
    made = {name: node for node in graph.node for name in node.output}
    for node in graph.node:
        if bias not in node.input:
            continue
        if node.op_type == "Add":
            node = made[next(name for name in node.input if name != bias)]
        if node.op_type not in ("Conv", "Gemm", "MatMul"):
            msg = f"{bias} is the bias of {node.op_type}, not of a convolution or a product"
            raise SystemExit(msg)
        yield node


def transposed(node: onnx.NodeProto) -> bool:
    return any(each.name == "transB" and each.i for each in node.attribute)


def chosen(kept: Weights, firsts: Mapping[str, int]) -> NDArray[np.float32]:
    """Return each channel's factor: ``SCALE`` where its weights are largest, else 1."""
    sizes = sum(
        np.square(np.moveaxis(onnx.numpy_helper.to_array(kept[name]), axis, 0))
        .reshape(kept[name].dims[axis], -1)
        .sum(1)
        for name, axis in firsts.items()
    )
    factors = np.ones(len(sizes), np.float32)
    factors[np.argsort(-sizes, kind="stable")[: max(1, len(sizes) // SHARE)]] = SCALE
    return factors


def scale(weight: onnx.TensorProto, axis: int, factors: NDArray[np.float32]) -> None:
    """Multiply a weight along an axis; an axis that was flattened holds each channel in one run."""
    values = onnx.numpy_helper.to_array(weight)
    runs = np.repeat(factors, values.shape[axis] // len(factors))
    shape = [1] * values.ndim
    shape[axis] = len(runs)
    weight.CopyFrom(onnx.numpy_helper.from_array(values * runs.reshape(shape), weight.name))


def feeds(task: Task) -> Feeds:
    """Return the first rows of a task's table as its model takes them."""
    rows = next(pq.ParquetFile(HERE / task.table).iter_batches(ROWS))
    fed = {}
    for name, column in task.inputs.items():
        values = rows[column].flatten().to_numpy().reshape(len(rows), *(task.shape or (-1,)))
        fed[name] = (values / task.divide if task.divide else values).astype(task.kind)
    return fed


def require_same(model: bytes, made: bytes, fed: Feeds, name: str) -> float:
    """Return the largest difference as a share of the largest output; refuse another function."""
    open_it = partial(onnxruntime.InferenceSession, providers=["CPUExecutionProvider"])
    before, after = (open_it(each).run(None, dict(fed))[0] for each in (model, made))
    apart = float(np.abs(before - after).max() / np.abs(before).max())
    if apart > ROUNDING or not np.array_equal(before.argmax(-1), after.argmax(-1)):
        msg = f"{name}: the twin is not the same function: outputs differ by {apart:.1e}"
        raise SystemExit(msg)
    return apart


def make(name: str, folder: Path = HERE) -> None:
    """Write the twin of a task's model below a folder."""
    task = TASKS[name]
    source = (HERE / task.model).read_bytes()
    made = twin(onnx.load_model_from_string(source), task.pairs).SerializeToString()
    apart = require_same(source, made, feeds(task), name)
    path = folder / task.twin
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(made)
    print(f"{name}: outputs of the twin differ by {apart:.1e} of the largest at most")


if __name__ == "__main__":
    for each in sys.argv[1:] or TASKS:
        make(each)
