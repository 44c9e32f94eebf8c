"""What a TFLite file declares: tensors, operations and wiring, as plain records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

# bits of one element; types that are missing here hold text, flags or handles
BITS = {
    "FLOAT32": 32, "FLOAT64": 64, "FLOAT16": 16, "BFLOAT16": 16, "FLOAT8_E4M3FN": 8,
    "FLOAT8_E5M2": 8, "INT8": 8, "UINT8": 8, "INT16": 16, "UINT16": 16, "INT4": 4, "UINT4": 4,
    "INT2": 2, "INT32": 32, "UINT32": 32, "INT64": 64, "UINT64": 64,
}  # fmt: skip
KINDS = {
    "FLOAT32": "fp32", "FLOAT64": "fp64", "FLOAT16": "fp16", "BFLOAT16": "bf16",
    "FLOAT8_E4M3FN": "fp8", "FLOAT8_E5M2": "fp8",
}  # fmt: skip
LOW = 16


@dataclass(frozen=True)
class Tensor:
    """One tensor.

    Attributes
    ----------
    name : str
        As the file has it.
    kind : str
        Element type as the schema calls it, such as ``FLOAT32``.
    shape : tuple of int
        As exported; a batch of any size is 1 there.
    data : bytes or None
        Its values, where the file holds them.
    buffer : int
        Which buffer holds them: tensors may share one.
    scales, zeros : bytes
        Quantization parameters as stored: float32, and int64.
    axis : int
        The dimension that several scales run along.
    """

    name: str
    kind: str
    shape: tuple[int, ...]
    data: bytes | None
    buffer: int
    scales: bytes
    zeros: bytes
    axis: int

    @property
    def number(self) -> bool:
        """Whether it holds numbers to compute with, rather than shapes, indices or flags."""
        plain = self.kind.startswith(("FLOAT", "BFLOAT", "INT4", "UINT4", "INT2"))
        return self.kind in BITS and (plain or bool(self.scales))

    @property
    def low(self) -> bool:
        """Whether it holds numbers of 16 bits or less."""
        return self.number and BITS[self.kind] <= LOW

    @property
    def elements(self) -> int:
        """How many elements its shape says that it has."""
        return prod(self.shape)


@dataclass(frozen=True)
class Operation:
    """One operation: kind, attributes by name, and places of the tensors it reads and writes."""

    kind: str
    options: tuple[tuple[str, str], ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    """A graph or a branch of one; -1 among an operation's inputs stands for none."""

    tensors: tuple[Tensor, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    operations: tuple[Operation, ...]

    def read(self, operation: Operation) -> Iterator[Tensor]:
        """Yield the tensors that an operation reads."""
        return (self.tensors[at] for at in operation.inputs if at >= 0)

    def written(self, operation: Operation) -> Iterator[Tensor]:
        """Yield the tensors that an operation writes."""
        return (self.tensors[at] for at in operation.outputs if at >= 0)


@dataclass(frozen=True)
class Model:
    """The graphs of a file, the main one first, and what the file says of itself."""

    graphs: tuple[Graph, ...]
    version: str
