"""A TFLite file: read by its schema, with every place and length checked.

Nothing of LiteRT's native code sees the file here, and no loop runs longer than the file is.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import ArtifactError
from ...plugins.installed import installed
from .graph import BITS, Graph, Model, Operation, Tensor

MAGIC = b"TFL3"
MAGIC_AT = 4
# what LiteRT's converter writes into every file
UNTOLD = ("", "MLIR Converted.", "TOCO Converted.")
# the operator's number did not fit a byte at first; 127 says to look at the newer field
OLD_CODES = 127
# what reading beyond the end, or a missing part, raises
DAMAGE = (
    struct.error, ValueError, IndexError, TypeError, AttributeError, KeyError, OverflowError,
    RecursionError,
)  # fmt: skip


def read_model(path: Path) -> Model:
    """Read a TFLite file.

    Raises
    ------
    ArtifactError
        If it is missing, truncated, damaged, not TFLite, or keeps weights in other files.
    PluginError
        If LiteRT is not installed.
    """
    if not path.is_file():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    schema = _schema(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise ArtifactError(msg) from error
    if data[MAGIC_AT:][:4] != MAGIC:
        msg = f"{path}: not a TFLite model; export or copy it again"
        raise ArtifactError(msg)
    try:
        return _Reading(schema, data).model()
    except _ElsewhereError as error:
        msg = f"{path}: keeps weights in other files, which is not supported; export it as one"
        raise ArtifactError(msg) from error
    except DAMAGE as error:
        msg = f"{path}: truncated or damaged TFLite model; export or copy it again"
        raise ArtifactError(msg) from error


def _schema(path: Path) -> Any:
    with installed(f"{path}: reading TFLite", "litert"):
        return import_module("ai_edge_litert.schema_py_generated")


class _ElsewhereError(Exception):
    """Weights lie in another file."""


class _Reading:
    """One pass over a file; ``_left`` bytes may still be read before it counts as damaged.

    Tables may be shared inside a file, so that a small one could claim to hold a huge model.
    """

    def __init__(self, schema: Any, data: bytes) -> None:
        self._schema, self._data = schema, data
        self._left = 16 * len(data)
        self._root = schema.Model.GetRootAs(data, 0)
        self._kinds = _names(schema.TensorType)
        self._codes = _names(schema.BuiltinOperator)

    def model(self) -> Model:
        """Read all graphs."""
        if self._root.ExternalBuffersLength():
            raise _ElsewhereError
        self._buffers = [self._buffer(one) for one in self._each(self._root, "Buffers")]
        self._operators = [self._operator(one) for one in self._each(self._root, "OperatorCodes")]
        graphs = tuple(self._graph(one) for one in self._each(self._root, "Subgraphs"))
        if not graphs or not graphs[0].outputs or not graphs[0].operations:
            raise ValueError
        return Model(graphs, self._version())

    def _spend(self, count: int) -> int:
        self._left -= 8 * count + 8
        if self._left < 0:
            raise OverflowError
        return count

    def _each(self, table: Any, name: str) -> Iterator[Any]:
        get: Callable[[int], Any] = getattr(table, name)
        for at in range(self._spend(getattr(table, f"{name}Length")())):
            yield get(at)

    def _vector(self, table: Any, name: str) -> Any:
        """Return a vector of numbers, as an array that shares the file's memory."""
        self._spend(getattr(table, f"{name}Length")())
        return np.asarray(getattr(table, f"{name}AsNumpy")() if _held(table, name) else ())

    def _places(self, table: Any, name: str, limit: int) -> tuple[int, ...]:
        places = tuple(int(at) for at in self._vector(table, name))
        if any(not -1 <= at < limit for at in places):
            raise IndexError
        return places

    def _buffer(self, buffer: Any) -> bytes | None:
        start, size = buffer.Offset(), buffer.Size()
        if start > 1:  # a file beyond 2 GB keeps them behind the tables
            if start + size > len(self._data):
                raise IndexError
            return self._data[start : start + size]
        return buffer.DataAsNumpy().tobytes() if buffer.DataLength() else None

    def _operator(self, code: Any) -> str:
        number = code.BuiltinCode()
        if code.DeprecatedBuiltinCode() != OLD_CODES:
            number = max(number, code.DeprecatedBuiltinCode())
        if number == self._schema.BuiltinOperator.CUSTOM:
            return f"custom {code.CustomCode().decode()}"
        return self._codes[number]

    def _graph(self, graph: Any) -> Graph:
        tensors = tuple(self._tensor(one) for one in self._each(graph, "Tensors"))
        return Graph(
            tensors,
            self._places(graph, "Inputs", len(tensors)),
            self._places(graph, "Outputs", len(tensors)),
            tuple(self._operation(one, len(tensors)) for one in self._each(graph, "Operators")),
        )

    def _tensor(self, tensor: Any) -> Tensor:
        own, at = tensor.Quantization(), tensor.Buffer()
        made = Tensor(
            name=(tensor.Name() or b"").decode("utf-8", "replace"),
            kind=self._kinds[tensor.Type()],
            shape=tuple(int(size) for size in self._vector(tensor, "Shape")),
            data=self._buffers[at],
            buffer=at,
            scales=self._vector(own, "Scale").tobytes() if own else b"",
            zeros=self._vector(own, "ZeroPoint").tobytes() if own else b"",
            axis=own.QuantizedDimension() if own else 0,
        )
        if made.number and made.data is not None and tensor.Sparsity() is None:
            _check_size(made)
        return made

    def _operation(self, operator: Any, tensors: int) -> Operation:
        return Operation(
            self._operators[operator.OpcodeIndex()],
            tuple(self._options(operator)),
            self._places(operator, "Inputs", tensors),
            self._places(operator, "Outputs", tensors),
        )

    def _options(self, operator: Any) -> Iterator[tuple[str, str]]:
        """Yield attributes by name: numbers, lists of them, and what a custom operation keeps."""
        kind, table = operator.BuiltinOptionsType(), operator.BuiltinOptions()
        made = self._schema.BuiltinOptionsCreator(kind, table) if kind and table else None
        for name, value in sorted(vars(made).items() if made else ()):
            self._spend(len(value) if hasattr(value, "__len__") else 1)
            yield name, repr(value.tolist() if isinstance(value, np.ndarray) else value)
        if operator.CustomOptionsLength():
            yield "custom", self._vector(operator, "CustomOptions").tobytes().hex()

    def _version(self) -> str:
        """Return what the file says of its maker and of the runtime that it needs."""
        said = (self._root.Description() or b"").decode("utf-8", "replace")
        needs = [
            self._buffers[one.Buffer()]
            for one in self._each(self._root, "Metadata")
            if one.Name() == b"min_runtime_version"
        ]
        runtime = b"".join(each or b"" for each in needs).rstrip(b"\0").decode("ascii", "replace")
        parts = ["" if said in UNTOLD else said, runtime and f"runtime {runtime} or newer"]
        return ", ".join(filter(None, (" ".join(part.split())[:100] for part in parts)))


def _check_size(tensor: Tensor) -> None:
    if -(-tensor.elements * BITS[tensor.kind] // 8) != len(tensor.data or b""):
        raise ValueError


def _held(table: Any, name: str) -> bool:
    return not getattr(table, f"{name}IsNone")()


def _names(kinds: Any) -> dict[int, str]:
    return {number: name for name, number in vars(kinds).items() if isinstance(number, int)}
