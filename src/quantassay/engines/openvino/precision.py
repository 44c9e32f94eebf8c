"""How each operation of an OpenVINO model really ran, read off the runtime's own graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ...records.executor import Execution, PrecisionUse

MOVES = {
    "Input", "Output", "Const", "Reorder", "Reshape", "Transpose", "Concatenation", "Split",
    "StridedSlice", "Convert", "Broadcast", "Tile", "Pad", "ShapeOf", "Gather", "GatherND",
    "GatherElements", "ScatterUpdate", "ScatterElementsUpdate", "ScatterNDUpdate", "Unsqueeze",
    "Squeeze", "MemoryInput", "MemoryOutput", "Range", "FakeQuantize", "NonZero",
    "ReverseSequence", "Roll", "SpaceToDepth", "DepthToSpace", "SpaceToBatch", "BatchToSpace",
    "Eye", "OneHot",
}  # fmt: skip
CLOSED = {"TensorIterator", "Loop", "If"}
KINDS = {
    "f32": "fp32", "f64": "fp64", "f16": "fp16", "bf16": "bf16", "i8": "int8", "u8": "int8",
    "i4": "int4", "u4": "int4", "i2": "int2", "u2": "int2", "nf4": "nf4", "f4e2m1": "fp4",
    "f8e4m3": "fp8", "f8e5m2": "fp8",
}  # fmt: skip
FULL, HALF = {"fp32", "fp64"}, {"fp16", "bf16"}
WITH_WEIGHTS = {"FullyConnected", "MatMul", "Convolution", "Deconvolution", "RNNSeq", "RNNCell"}
INSIDE = "OpenVINO does not tell what runs inside"
UNITS = {
    "bf16": ("amx_bf16", "avx512_bf16", "bf16"),
    "fp16": ("avx512_fp16", "asimdhp"),
    "int8": ("amx_int8", "avx512_vnni", "avx_vnni", "i8mm", "asimddp"),
}
Found = Counter[tuple[str, str, Execution, str]]


@dataclass(frozen=True)
class _Ran:
    """One operation of the runtime's graph: kernel, and the kinds of what it reads."""

    op: str
    kernel: str
    activation: str | None
    weight: str | None
    rounded: str | None


def executed(
    runtime: Any, hint: str, dynamic: int, instructions: Sequence[str]
) -> tuple[tuple[PrecisionUse, ...], dict[str, int]]:
    """Count operations by kind and precision; those that only move numbers are left out.

    Parameters
    ----------
    runtime : openvino.Model
        From ``CompiledModel.get_runtime_model()``.
    hint : str
        The precision that the runtime chose: what runs inside loops and branches is not told.
    dynamic : int
        How many activations share a scale where OpenVINO rounds them to INT8 on the way to
        compressed weights; 0 where it does not.
    instructions : sequence of str
        What the processor offers, as in ``Machine.instructions``.

    Returns
    -------
    tuple of PrecisionUse
        Operations below FP32.
    dict of str to int
        Operations that ran in FP32, by kind.
    """
    found: Found = Counter()
    full: Counter[str] = Counter()
    for ran in _operations(runtime):
        if ran.op in CLOSED and KINDS.get(hint) not in FULL:
            told: tuple[str, Execution, str] | None = (KINDS.get(hint, hint), "unknown", INSIDE)
        else:
            told = _judged(ran, dynamic, instructions)
        if told is None:
            full[ran.op] += ran.activation in FULL
        else:
            found[(ran.op, *told)] += 1
    low = tuple(
        PrecisionUse(op, kind, n, how, why) for (op, kind, how, why), n in sorted(found.items())
    )
    return low, {op: count for op, count in sorted(full.items()) if count}


def _judged(
    ran: _Ran, dynamic: int, instructions: Sequence[str]
) -> tuple[str, Execution, str] | None:
    """Return precision, execution and why; None for an operation in full precision."""
    kind = ran.activation
    if kind == "int8":
        return kind, *_native(ran, kind, instructions)
    if ran.weight not in FULL | HALF | {None}:
        return _compressed(ran, dynamic)
    if kind in HALF:
        return kind, *_native(ran, kind, instructions)
    if ran.rounded:
        return ran.rounded, "emulated", "fed by FakeQuantize: runs in float32 on rounded values"
    if kind in FULL and ran.weight in HALF:
        return ran.weight, "emulated", "weights are expanded to float32"
    return None


def _native(ran: _Ran, kind: str, instructions: Sequence[str]) -> tuple[Execution, str]:
    units = [name for name in UNITS[kind] if name in instructions]
    if units:
        return "native", f"kernel {ran.kernel}, with {units[0]}"
    return "unknown", f"kernel {ran.kernel}; the processor has no {kind} unit that is known"


def _compressed(ran: _Ran, dynamic: int) -> tuple[str, Execution, str]:
    assert ran.weight is not None
    into = "float32" if ran.activation in FULL else ran.activation
    if dynamic:
        why = f"{ran.weight} weights; activations may be rounded to int8 in groups of {dynamic}"
        return ran.weight, "unknown", why
    return ran.weight, "emulated", f"weights are expanded to {into} in the kernel"


def _operations(runtime: Any) -> Iterator[_Ran]:
    rounded: dict[str, str] = {}
    for node in runtime.get_ordered_ops():
        facts = node.get_rt_info()
        op, outputs = facts["layerType"].value, facts["outputPrecisions"].value
        read = [_kind(item.get_source_output()) for item in node.inputs()]
        sources = [
            item.get_source_output().get_node().get_friendly_name() for item in node.inputs()
        ]
        fed = next((rounded[name] for name in sources[:1] if name in rounded), None)
        if op == "FakeQuantize" and KINDS.get(outputs.split(",")[0]) in FULL | HALF:
            rounded[node.get_friendly_name()] = "int8"
        elif op in MOVES and fed:
            rounded[node.get_friendly_name()] = fed
        if op in MOVES or not read:
            continue
        weight = read[1] if op in WITH_WEIGHTS and len(read) > 1 else None
        yield _Ran(op, _kernel(facts), _activation(op, read, facts), weight, fed)


def _kind(output: Any) -> str | None:
    return KINDS.get(output.get_element_type().get_type_name())


def _activation(op: str, read: Sequence[str | None], facts: Any) -> str | None:
    """Return what an operation computes in; one with weights, what it reads beside them."""
    if op in WITH_WEIGHTS:
        return read[0]
    return KINDS.get(facts["runtimePrecision"].value)


def _kernel(facts: Any) -> str:
    return str(facts["primitiveType"].value).replace("undef_", "chosen at run time, ")
