"""How each low-precision operation of an ONNX model really ran, read off the rewritten graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...records.executor import Execution, PrecisionUse
from .element_types import FULL_FLOAT, LOW_FLOAT, NAMES, element_types

Found = Counter[tuple[str, str, Execution, str]]

INTEGER_KERNELS = {
    "QLinearConv",
    "QLinearMatMul",
    "QGemm",
    "MatMulInteger",
    "MatMulIntegerToFloat",
    "MatMulInteger16",
    "ConvInteger",
    "DynamicQuantizeMatMul",
    "QAttention",
    "DynamicQuantizeLSTM",
}
PACKED_KERNELS = {"MatMulNBits", "MatMulBnb4", "GatherBlockQuantized"}
MOVES = {
    "QuantizeLinear",
    "DequantizeLinear",
    "DynamicQuantizeLinear",
    "Cast",
    "CastLike",
    "Identity",
    "Reshape",
    "Transpose",
    "Flatten",
    "Squeeze",
    "Unsqueeze",
    "Shape",
    "Constant",
    "Concat",
    "Split",
    "Slice",
    "Expand",
    "ReorderInput",
    "ReorderOutput",
}
ROWS = {"Gather", "GatherND", "GatherElements", "ScatterND", "ScatterElements", "Pad", "Tile"}
DOT_PRODUCT = ("amx_int8", "avx512_vnni", "avx_vnni", "i8mm", "asimddp")


def precisions(
    source: Any,
    optimized: Any,
    provider: str,
    instructions: Sequence[str],
    allowed: Sequence[str] = (),
) -> tuple[PrecisionUse, ...]:
    """Count low-precision operations by kind, precision and how they were executed.

    Parameters
    ----------
    source : onnx.ModelProto
        The model as given.
    optimized : onnx.ModelProto or None
        The model as ONNX Runtime rewrote it for this machine; None where it could not be written.
    provider : str
        The execution provider that comes first.
    instructions : sequence of str
        What the processor offers, as in ``Machine.instructions``.
    allowed : sequence of str
        Precisions below float32 that the provider may choose for any operation.

    Notes
    -----
    On the CPU, ONNX Runtime merges ``DequantizeLinear -> op -> QuantizeLinear`` into an integer
    kernel where it has one; what is left runs in float32 between the pair. It puts ``Cast`` around
    every float16 operation that has no kernel of its own.
    """
    given = Counter(_low_precision_ops(source))
    if optimized is None or provider != "CPUExecutionProvider":
        short = provider.removesuffix("ExecutionProvider")
        why = f"provider {short} does not tell what it ran"
        found: Found = Counter({(op, kind, "unknown", why): n for (op, kind), n in given.items()})
        if allowed:
            why = f"{short} may compute it in {' or '.join(allowed)}, and does not tell"
            full = full_precision(source)
            found += Counter({(op, allowed[0], "unknown", why): n for op, n in full.items()})
    else:
        found = _integer(optimized, instructions) + _floating(given, optimized)
    return tuple(
        PrecisionUse(op, kind, count, execution, why)
        for (op, kind, execution, why), count in sorted(found.items())
    )


def full_precision(model: Any) -> dict[str, int]:
    """Count operations that compute in float32 or float64, by kind.

    Those that only move numbers are left out, and so are those that run in float32 on numbers
    rounded to fewer bits.

    Parameters
    ----------
    model : onnx.ModelProto
        As ONNX Runtime rewrote it.
    """
    types = element_types(model)
    dequantized = _dequantized(model.graph.node, types)
    low = INTEGER_KERNELS | PACKED_KERNELS | MOVES | ROWS
    found: Counter[str] = Counter()
    for node in model.graph.node:
        if node.op_type in low or node.op_type.startswith("QLinear"):
            continue
        around = [types.get(name, 0) for name in (*node.input, *node.output)]
        rounded = any(name in dequantized for name in node.input)
        if not rounded and any(code in FULL_FLOAT for code in around):
            found[node.op_type] += 1
    return dict(sorted(found.items()))


def _integer(model: Any, instructions: Sequence[str]) -> Found:
    speed = next((name for name in DOT_PRODUCT if name in instructions), None)
    native = "integer kernel" + (
        f", with {speed}" if speed else "; the processor has no int8 dot product that is known"
    )
    emulated = "fed by DequantizeLinear: runs in float32 on rounded values"
    found: Found = Counter()
    dequantized = _dequantized(model.graph.node, element_types(model))
    for node in model.graph.node:
        op = node.op_type
        if op in INTEGER_KERNELS:
            found[op, "int8", "native", native] += 1
        elif op in PACKED_KERNELS:
            found[_packed(node)] += 1
        elif op.startswith("QLinear"):
            why = "int8 in and out; the kernel does not tell how it computes between"
            found[op, "int8", "unknown", why] += 1
        elif op not in MOVES:
            kind = next((dequantized[name] for name in node.input if name in dequantized), None)
            if kind:
                found[op, kind, "emulated", emulated] += 1
    return found


def _dequantized(nodes: Iterable[Any], types: Mapping[str, int]) -> dict[str, str]:
    """Map each tensor that comes out of DequantizeLinear, directly or moved, to its precision."""
    found: dict[str, str] = {}
    for node in nodes:
        if node.op_type == "DequantizeLinear":
            found[node.output[0]] = NAMES.get(types.get(node.input[0], 0), "int8")
        elif node.op_type in MOVES - {"QuantizeLinear", "DynamicQuantizeLinear", "Shape"}:
            kind = next((found[name] for name in node.input if name in found), None)
            if kind:
                found[node.output[0]] = kind
    return found


def _packed(node: Any) -> tuple[str, str, Execution, str]:
    numbers = {item.name: item.i for item in node.attribute}
    kind = f"int{numbers.get('bits', 4)}"
    if numbers.get("accuracy_level", 0) == 4:
        return node.op_type, kind, "unknown", "packed weights; accuracy level 4 allows int8 inside"
    return node.op_type, kind, "emulated", "packed weights are expanded to float in the kernel"


def _floating(given: Counter[tuple[str, str]], optimized: Any) -> Found:
    kept = Counter(_low_float_ops(optimized))
    found: Found = Counter()
    for (op, kind), count in given.items():
        if kind not in LOW_FLOAT.values():
            continue
        own = min(count, kept[op, kind])
        if own:
            why = f"a {kind} kernel; it does not tell what it computes in"
            found[op, kind, "unknown", why] = own
        if count > own:
            why = f"no {kind} kernel here: cast to float32 and computed there"
            found[op, kind, "emulated", why] = count - own
    return found


def _low_precision_ops(model: Any) -> Iterator[tuple[str, str]]:
    yield from _low_float_ops(model)
    dequantized = _dequantized(model.graph.node, element_types(model))
    for node in model.graph.node:
        if node.op_type in INTEGER_KERNELS or node.op_type.startswith("QLinear"):
            yield node.op_type, "int8"
        elif node.op_type in PACKED_KERNELS:
            yield node.op_type, _packed(node)[1]
        elif node.op_type not in MOVES:
            kind = next((dequantized[name] for name in node.input if name in dequantized), None)
            if kind:
                yield node.op_type, kind


def _low_float_ops(model: Any) -> Iterator[tuple[str, str]]:
    types = element_types(model)
    for node in model.graph.node:
        if node.op_type in MOVES:
            continue
        around = [types.get(name) for name in (*node.input, *node.output)]
        kind = next((LOW_FLOAT[code] for code in around if code in LOW_FLOAT), None)
        if kind:
            yield node.op_type, kind
