"""Models that NNCF starts from: ONNX in, ONNX out; OpenVINO IR in, OpenVINO IR out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ...errors import ArtifactError
from ..files import load, write
from ..quiet import require
from . import openvino_files
from .samples import ModelInput

SMOOTHED = "/nncf_smooth_quant"
QUANTIZERS = {"QuantizeLinear", "DequantizeLinear", "FakeQuantize"}


class Model(Protocol):
    """A model of either format, as NNCF takes it."""

    native: Any

    @property
    def inputs(self) -> tuple[ModelInput, ...]:
        """What the model is fed."""
        ...

    def operations(self, native: Any) -> Mapping[str, str]:
        """Return the kind of each operation by name."""
        ...

    def smoothing(self, native: Any) -> list[NDArray[Any]]:
        """Return the scales that SmoothQuant put before layers."""
        ...

    def write(self, native: Any, folder: Path, out: Path) -> None:
        """Write what became of the model, whole or not at all."""
        ...


def load_model(reference: Path) -> Model:
    """Load a model in the format that its name says.

    Raises
    ------
    ArtifactError
        If it is missing, damaged, or of another format.
    """
    if reference.suffix.lower() == ".xml":
        return IrModel(reference)
    return OnnxModel(reference)


class OnnxModel:
    """An ONNX model."""

    def __init__(self, reference: Path) -> None:
        self.native = load(reference)

    @property
    def inputs(self) -> tuple[ModelInput, ...]:
        """What the model is fed; constants that are listed among its inputs left out."""
        graph = self.native.graph
        held = {tensor.name for tensor in graph.initializer}
        return tuple(_onnx_input(value) for value in graph.input if value.name not in held)

    def operations(self, native: Any) -> Mapping[str, str]:
        """Return the kind of each operation by name."""
        return {node.name: node.op_type for node in native.graph.node}

    def smoothing(self, native: Any) -> list[NDArray[Any]]:
        """Return the scales that SmoothQuant put before layers."""
        arrays = require("onnx.numpy_helper")
        held = {tensor.name: tensor for tensor in native.graph.initializer}
        scales = [
            held[name]
            for node in native.graph.node
            if SMOOTHED in node.name
            for name in node.input
            if name in held
        ]
        return [arrays.to_array(tensor) for tensor in scales]

    def write(self, native: Any, folder: Path, out: Path) -> None:
        """Write an ONNX file."""
        write(native, folder, out)


def _onnx_input(value: Any) -> ModelInput:
    kind = value.type.tensor_type
    dtype = require("onnx.helper").tensor_dtype_to_np_dtype(kind.elem_type)
    shape = None
    if kind.HasField("shape"):
        sizes = kind.shape.dim
        shape = tuple(size.dim_value if size.HasField("dim_value") else None for size in sizes)
    return ModelInput(value.name, np.dtype(dtype).name, shape)


class IrModel:
    """A model in OpenVINO IR."""

    def __init__(self, reference: Path) -> None:
        self.native = openvino_files.load(reference)
        self._named = frozenset(node.get_friendly_name() for node in self.native.get_ops())

    @property
    def inputs(self) -> tuple[ModelInput, ...]:
        """What the model is fed."""
        return tuple(_ir_input(port) for port in self.native.inputs)

    def operations(self, native: Any) -> Mapping[str, str]:
        """Return the kind of each operation by name."""
        return {node.get_friendly_name(): node.get_type_name() for node in native.get_ops()}

    def smoothing(self, native: Any) -> list[NDArray[Any]]:
        """Return the scales that SmoothQuant put before layers."""
        added = [node for node in native.get_ops() if SMOOTHED in node.get_friendly_name()]
        inputs = [item.get_source_output().get_node() for node in added for item in node.inputs()]
        return [node.data for node in inputs if node.get_type_name() == "Constant"]

    def write(self, native: Any, folder: Path, out: Path) -> None:
        """Write a graph, and its weights beside it."""
        openvino_files.write(native, self._named, folder, out)


def _ir_input(port: Any) -> ModelInput:
    kind = port.get_element_type().to_dtype()
    shape = port.get_partial_shape()
    sizes = None
    if shape.rank.is_static:
        sizes = tuple(one.get_length() if one.is_static else None for one in shape)
    name = min(port.get_names(), default=port.node.get_friendly_name())
    return ModelInput(name, np.dtype(kind).name, sizes)


def require_quantized(model: Model, native: Any, reference: Path, scheme: str) -> None:
    """Raise ArtifactError where nothing was put in that rounds numbers."""
    if not QUANTIZERS & set(model.operations(native).values()):
        msg = f"{reference}: scheme {scheme!r} found no operation that it could quantize"
        raise ArtifactError(msg)
