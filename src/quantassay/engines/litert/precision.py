"""In what precision LiteRT ran each operation: from its graph, with what the delegate took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...records.executor import Execution, PrecisionUse

DELEGATE = "DELEGATE"
# move or convert numbers, and compute none
MOVES = {
    "RESHAPE", "TRANSPOSE", "PAD", "PADV2", "MIRROR_PAD", "CONCATENATION", "SLICE",
    "STRIDED_SLICE", "SPLIT", "SPLIT_V", "SQUEEZE", "EXPAND_DIMS", "GATHER", "GATHER_ND", "PACK",
    "UNPACK", "SHAPE", "TILE", "BROADCAST_TO", "SPACE_TO_DEPTH", "DEPTH_TO_SPACE",
    "SPACE_TO_BATCH_ND", "BATCH_TO_SPACE_ND", "REVERSE_V2", "FILL", "CAST", "QUANTIZE",
    "DEQUANTIZE",
}  # fmt: skip
# run a graph of their own, of whose operations the interpreter tells nothing
BRANCHES = {"IF", "WHILE", "CALL", "CALL_ONCE", "STABLEHLO_WHILE", "STABLEHLO_COMPOSITE"}
# multiply or add integers where inputs and outputs are integers; LiteRT's int8 specification
INTEGER_KERNELS = {
    "CONV_2D", "DEPTHWISE_CONV_2D", "TRANSPOSE_CONV", "FULLY_CONNECTED", "BATCH_MATMUL", "ADD",
    "SUB", "MUL", "AVERAGE_POOL_2D", "MAX_POOL_2D",
}  # fmt: skip
# have kernels that round float inputs to int8 for int8 weights: "dynamic range" in LiteRT's words
DYNAMIC_KERNELS = {"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "BATCH_MATMUL"}
KINDS = {
    "float32": "fp32", "float64": "fp64", "float16": "fp16", "bfloat16": "bf16",
    "int8": "int8", "uint8": "int8", "int16": "int16", "int4": "int4", "uint4": "int4",
    "int2": "int2",
}  # fmt: skip
FULL = ("fp32", "fp64")


@dataclass(frozen=True)
class Operation:
    """One operation of the interpreter's graph, with the tensors that it reads and writes."""

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]


@dataclass(frozen=True)
class Ran:
    """What ran where: operations by precision, and how many the delegate took, in words.

    ``tells`` is False where some run in graphs of their own.
    """

    provider: str
    taken: str
    tells: bool
    precisions: tuple[PrecisionUse, ...]
    full_precision: Mapping[str, int]


def operations(native: Any) -> list[Operation]:
    """Read the operations of a loaded model; those put in by a delegate are called DELEGATE."""
    return [
        Operation(
            detail["op_name"],
            tuple(int(at) for at in detail["inputs"] if at >= 0),
            tuple(int(at) for at in detail["outputs"] if at >= 0),
        )
        for detail in native._get_ops_details()  # no public call tells what the delegate took
    ]


def executed(native: Any) -> Ran:
    """Say in what precision each operation ran, and on whose kernels.

    The types of an operation's tensors tell which kernel it has, since LiteRT has one for each
    combination. What no table here knows is ``unknown``.
    """
    graph = _Graph(operations(native), native)
    found: Counter[tuple[str, str, Execution, str]] = Counter()
    full: Counter[str] = Counter()
    for at, operation in enumerate(graph.given):
        if operation.name in MOVES | BRANCHES:
            continue
        ran = graph.precision(at)
        if ran is None:
            full[operation.name] += 1
        elif ran[0]:
            found[operation.name, *ran] += 1
    uses = (PrecisionUse(op, kind, n, how, why) for (op, kind, how, why), n in found.items())
    return Ran(
        provider="XNNPACK" if graph.taken else "built-in kernels",
        taken=f"{len(graph.taken)} of {len(graph.given)} operations",
        tells=not any(operation.name in BRANCHES for operation in graph.given),
        precisions=tuple(sorted(uses, key=lambda use: (use.op, use.precision, use.why))),
        full_precision=dict(sorted(full.items())),
    )


class _Graph:
    """The operations as given, which of them a delegate took, and the types of their tensors."""

    def __init__(self, every: Sequence[Operation], native: Any) -> None:
        self.given = [one for one in every if one.name != DELEGATE]
        self._delegates = [one for one in every if one.name == DELEGATE]
        self._maker = {at: place for place, one in enumerate(self.given) for at in one.outputs}
        details = {int(detail["index"]): detail for detail in native.get_tensor_details()}
        self._kinds = {
            at: KINDS.get(np.dtype(detail["dtype"]).name, "") for at, detail in details.items()
        }
        self._coded = {
            at for at, detail in details.items() if len(detail["quantization_parameters"]["scales"])
        }
        fed = {int(detail["index"]) for detail in native.get_input_details()}
        self._constant = set(details) - set(self._maker) - fed

    @cached_property
    def taken(self) -> set[int]:
        """Places of the operations that lie between a delegate's inputs and its outputs."""
        found: set[int] = set()
        for delegate in self._delegates:
            waiting = list(delegate.outputs)
            while waiting:
                place = self._maker.get(waiting.pop())
                if place is not None and place not in found:
                    found.add(place)
                    reads = self.given[place].inputs
                    waiting += [at for at in reads if at not in delegate.inputs]
        return found

    def precision(self, place: int) -> tuple[str, Execution, str] | None:
        """Return precision, execution and why; None: in float32; '': it computes no numbers."""
        operation = self.given[place]
        whose = "XNNPACK's" if place in self.taken else "LiteRT's own"
        made = next((self._kind(at) for at in operation.outputs), "")
        if made in FULL:
            return self._on_floats(operation, whose)
        if made in ("fp16", "bf16"):
            return made, "unknown", f"{made} in and out; the kernel does not tell how it computes"
        if made in ("int8", "int16", "int4"):
            return self._on_integers(operation, made, whose)
        return "", "unknown", ""

    def _kind(self, at: int) -> str:
        """Return a tensor's precision; '' for indices, shapes and flags."""
        kind = self._kinds.get(at, "")
        return kind if kind[:1] != "i" or at in self._coded else ""

    def _on_floats(self, operation: Operation, whose: str) -> tuple[str, Execution, str] | None:
        stored = [self._kind(at) for at in operation.inputs if at in self._constant]
        low = next((kind for kind in stored if kind and kind not in FULL), None)
        if low is None:
            low = next(filter(None, map(self._widened, operation.inputs)), None)
            if low is None:
                return None
            return low, "emulated", f"weights stored in {low}, expanded to float32 and computed so"
        if operation.name in DYNAMIC_KERNELS:
            why = f"dynamic range: inputs rounded to int8 at run time, {whose} integer kernel"
            return low, "native", why
        return low, "unknown", f"{low} weights on float32; the kernel does not tell how"

    def _widened(self, at: int) -> str | None:
        """Return the precision of the constant that a DEQUANTIZE makes a tensor of, if one does."""
        place = self._maker.get(at)
        if place is None or self.given[place].name != "DEQUANTIZE":
            return None
        source = self.given[place].inputs[0]
        return self._kind(source) if source in self._constant else None

    def _on_integers(
        self, operation: Operation, made: str, whose: str
    ) -> tuple[str, Execution, str]:
        read = {self._kind(at) for at in operation.inputs} - {""}
        if "int4" in read and operation.name in INTEGER_KERNELS:
            return "int4", "emulated", f"weights widened to int8, {whose} integer kernel"
        if operation.name in INTEGER_KERNELS and read <= {"int8", "int16"}:
            return made, "native", f"{made} in and out, {whose} integer kernel"
        return made, "unknown", f"{made} in and out; the kernel does not tell how it computes"
