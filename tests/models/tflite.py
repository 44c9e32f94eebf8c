"""Small TFLite models, written by the schema alone: no converter, no TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
from numpy.typing import NDArray

MAGIC = b"TFL3"
TYPES = {
    "float32": "FLOAT32", "float16": "FLOAT16", "int8": "INT8", "uint8": "UINT8",
    "int32": "INT32", "int64": "INT64", "bool": "BOOL",
}  # fmt: skip


def schema() -> Any:
    """Return LiteRT's Python classes for the format."""
    from ai_edge_litert import schema_py_generated

    return schema_py_generated


@dataclass
class Network:
    """A graph as it is put together; every tensor is called by its place."""

    tensors: list[Any] = field(default_factory=list)
    buffers: list[Any] = field(default_factory=list)
    operators: list[Any] = field(default_factory=list)
    codes: list[Any] = field(default_factory=list)

    def tensor(
        self,
        shape: tuple[int, ...],
        dtype: str = "float32",
        *,
        data: NDArray[Any] | None = None,
        scale: Any = None,
        zero: int = 0,
        axis: int = 0,
        dynamic: bool = False,
    ) -> int:
        """Add a tensor; a list of scales runs along ``axis``; ``dynamic`` frees the batch."""
        made, place = schema().TensorT(), len(self.tensors)
        made.name, made.shape = f"t{place}".encode(), list(shape)
        made.type = getattr(schema().TensorType, TYPES[dtype])
        made.shapeSignature = [-1, *shape[1:]] if dynamic else None
        made.buffer = self._buffer(data)
        if scale is not None:
            made.quantization = schema().QuantizationParametersT()
            made.quantization.scale = np.atleast_1d(scale).astype(np.float32)
            made.quantization.zeroPoint = np.full(made.quantization.scale.shape, zero, np.int64)
            made.quantization.quantizedDimension = axis
        self.tensors.append(made)
        return place

    def constant(self, values: NDArray[Any], **quantization: Any) -> int:
        """Add a tensor that the file holds."""
        return self.tensor(values.shape, values.dtype.name, data=values, **quantization)

    def operate(
        self, kind: str, inputs: list[int], output: int, options: str = "", **fields: Any
    ) -> None:
        """Add an operation; ``options`` names the table of its attributes, such as Conv2D."""
        code = schema().OperatorCodeT()
        code.builtinCode = getattr(schema().BuiltinOperator, kind)
        code.deprecatedBuiltinCode, code.version = min(code.builtinCode, 127), 1
        made = schema().OperatorT()
        made.opcodeIndex, made.inputs, made.outputs = len(self.codes), inputs, [output]
        if options:
            name = f"{options}Options"
            made.builtinOptionsType = getattr(schema().BuiltinOptions, name)
            made.builtinOptions = getattr(schema(), f"{name}T")()
            for key, value in fields.items():
                setattr(made.builtinOptions, key, value)
        self.codes.append(code)
        self.operators.append(made)

    def graph(self, inputs: list[int], outputs: list[int]) -> Any:
        """Return the graph, as a branch of another network too."""
        made = schema().SubGraphT()
        made.tensors, made.operators = self.tensors, self.operators
        made.inputs, made.outputs, made.name = inputs, outputs, b"graph"
        return made

    def write(self, path: Path, inputs: list[int], outputs: list[int], *branches: Any) -> Path:
        """Write the file; branches are graphs whose operations come first in ``codes``."""
        model = schema().ModelT()
        model.version, model.operatorCodes = 3, self.codes
        model.subgraphs = [self.graph(inputs, outputs), *branches]
        model.buffers = [schema().BufferT(), *self.buffers]
        path.write_bytes(packed(model))
        return path

    def _buffer(self, data: NDArray[Any] | None) -> int:
        """Add what a tensor holds; buffer 0 is empty by convention."""
        if data is None:
            return 0
        made = schema().BufferT()
        made.data = np.frombuffer(np.ascontiguousarray(data).tobytes(), np.uint8)
        self.buffers.append(made)
        return len(self.buffers)


def signed(path: Path, inputs: dict[str, int], outputs: dict[str, int]) -> Path:
    """Give a file one signature, which calls its tensors by other names."""
    model, made = unpacked(path), schema().SignatureDefT()
    made.signatureKey, made.inputs, made.outputs = b"serve", _maps(inputs), _maps(outputs)
    model.signatureDefs = [made]
    path.write_bytes(packed(model))
    return path


def _maps(names: dict[str, int]) -> list[Any]:
    found = []
    for name, place in names.items():
        found.append(schema().TensorMapT())
        found[-1].name, found[-1].tensorIndex = name.encode(), place
    return found


def packed(model: Any) -> bytes:
    """Return a model as the bytes of a file."""
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), MAGIC)
    return bytes(builder.Output())


def unpacked(path: Path) -> Any:
    """Read a file into a model that can be changed."""
    return schema().ModelT.InitFromPackedBuf(path.read_bytes(), 0)


def float_dense(path: Path, weight: NDArray[Any], bias: NDArray[Any]) -> Path:
    """Write ``x @ weight.T + bias`` in float32."""
    net = Network()
    fed = net.tensor((1, weight.shape[1]), dynamic=True)
    made = net.tensor((1, len(weight)), dynamic=True)
    read = [fed, net.constant(weight.astype(np.float32)), net.constant(bias.astype(np.float32))]
    net.operate("FULLY_CONNECTED", read, made, "FullyConnected")
    return net.write(path, [fed], [made])


@dataclass(frozen=True)
class Scales:
    """Quantization parameters of an int8 layer: input, output, and weights by channel."""

    fed: float
    fed_zero: int
    made: float
    made_zero: int
    weight: NDArray[Any]


def int8_dense(path: Path, codes: NDArray[Any], bias: NDArray[Any], scales: Scales) -> Path:
    """Write a layer of int8 inputs, weights (by channel) and outputs, with an int32 bias."""
    net = Network()
    fed = net.tensor((1, codes.shape[1]), "int8", scale=scales.fed, zero=scales.fed_zero)
    made = net.tensor((1, len(codes)), "int8", scale=scales.made, zero=scales.made_zero)
    weight = net.constant(codes, scale=scales.weight)
    shift = net.constant(bias.astype(np.int32), scale=scales.fed * scales.weight)
    net.operate("FULLY_CONNECTED", [fed, weight, shift], made, "FullyConnected")
    return net.write(path, [fed], [made])


def dynamic_dense(path: Path, codes: NDArray[Any], scale: float) -> Path:
    """Write a layer of float32 inputs and outputs with int8 weights: "dynamic range"."""
    net = Network()
    fed, made = net.tensor((1, codes.shape[1])), net.tensor((1, len(codes)))
    read = [fed, net.constant(codes, scale=scale), -1]
    net.operate("FULLY_CONNECTED", read, made, "FullyConnected")
    return net.write(path, [fed], [made])


def widened_dense(path: Path, weight: NDArray[Any]) -> Path:
    """Write a float32 layer whose weights are stored in float16."""
    net = Network()
    fed, made = net.tensor((1, weight.shape[1])), net.tensor((1, len(weight)))
    wide = net.tensor(weight.shape)
    net.operate("DEQUANTIZE", [net.constant(weight.astype(np.float16))], wide)
    net.operate("FULLY_CONNECTED", [fed, wide, -1], made, "FullyConnected")
    return net.write(path, [fed], [made])


def reshaped(path: Path, shapes: list[tuple[int, ...]]) -> Path:
    """Write a softmax over what four inputs are reshaped to, reshaped back: one row or all."""
    net = Network()
    fed, flat, soft, made = (net.tensor(shape) for shape in ((1, 4), (4,), (4,), (1, 4)))
    first, last = (net.constant(np.array(shape, np.int32)) for shape in shapes)
    net.operate("RESHAPE", [fed, first], flat)
    net.operate("SOFTMAX", [flat], soft, "Softmax", beta=1.0)
    net.operate("RESHAPE", [soft, last], made)
    return net.write(path, [fed], [made])
