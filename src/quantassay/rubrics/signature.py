"""What an ONNX model takes and gives, read from its graph without loading weights."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from math import prod
from pathlib import Path
from typing import Any

from ..errors import ArtifactError

QUANTIZED = {
    "QuantizeLinear",
    "DynamicQuantizeLinear",
    "QLinearConv",
    "QLinearMatMul",
    "MatMulInteger",
    "ConvInteger",
    "MatMulNBits",
}


@dataclass(frozen=True)
class Tensor:
    """One input or output: its shape with the batch first, None where it is not fixed."""

    name: str
    dtype: str
    shape: tuple[int | None, ...]

    @property
    def per_sample(self) -> tuple[int | None, ...]:
        """The shape without the batch."""
        return self.shape[1:]

    def __str__(self) -> str:
        sizes = ", ".join("?" if size is None else str(size) for size in self.shape)
        return f"{self.name} [{sizes}] {self.dtype}"


@dataclass(frozen=True)
class Signature:
    """Inputs and outputs in the model's own order.

    ``precision`` is the type of most weights; ``quantized`` names the operations that show that
    a scheme was applied already.
    """

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    precision: str = "float32"
    quantized: tuple[str, ...] = ()


def onnx_signature(path: Path) -> Signature | None:
    """Read a model's inputs and outputs; None where the package ``onnx`` is not installed.

    Raises
    ------
    ArtifactError
        If the file is missing or not an ONNX model.
    """
    if not path.is_file():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    try:
        onnx = import_module("onnx")
    except ModuleNotFoundError:
        return None
    try:
        graph = onnx.load(str(path), load_external_data=False).graph
    except Exception as error:
        msg = f"{path}: truncated or not an ONNX model; export or copy it again"
        raise ArtifactError(msg) from error
    weights = {tensor.name for tensor in graph.initializer}
    inputs = tuple(_tensor(value, onnx) for value in graph.input if value.name not in weights)
    outputs = tuple(_tensor(value, onnx) for value in graph.output)
    if not (inputs and outputs):
        msg = f"{path}: holds no complete ONNX model (truncated?); export or copy it again"
        raise ArtifactError(msg)
    ops = {node.op_type for node in graph.node}
    return Signature(inputs, outputs, _precision(graph, onnx), tuple(sorted(ops & QUANTIZED)))


def _precision(graph: Any, onnx: Any) -> str:
    sizes: Counter[str] = Counter()
    for weight in graph.initializer:
        sizes[_type(weight.data_type, onnx)] += prod(weight.dims)
    return sizes.most_common(1)[0][0] if sizes else "float32"


def _type(code: int, onnx: Any) -> str:
    name = str(onnx.TensorProto.DataType.Name(code)).lower()
    return {"float": "float32", "double": "float64"}.get(name, name)


def _tensor(value: Any, onnx: Any) -> Tensor:
    kind = value.type.tensor_type
    sizes = (size.dim_value if size.HasField("dim_value") else None for size in kind.shape.dim)
    return Tensor(value.name, _type(kind.elem_type, onnx), tuple(sizes))
