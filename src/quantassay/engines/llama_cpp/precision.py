"""In which precision llama.cpp computes a file's tensors on a CPU, by their types."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from ...records.executor import Execution, PrecisionUse
from .options import LlamaCppOptions, require

FLOATS = {"F64": "fp64", "F32": "fp32", "F16": "fp16", "BF16": "bf16"}
EMBEDDING = "token_embd.weight"
Ops = Mapping[tuple[str, str], int]


def operations(path: Path) -> Counter[tuple[str, str]]:
    """Count products and look-ups by the type of their weights, such as (``mul_mat``, ``Q4_0``)."""
    tensors = require("gguf").GGUFReader(path).tensors
    names = {tensor.name for tensor in tensors}
    found: Counter[tuple[str, str]] = Counter()
    for tensor in tensors:
        if tensor.name == EMBEDDING:
            found["get_rows", tensor.tensor_type.name] += 1
        if len(tensor.shape) > 1 and (tensor.name != EMBEDDING or "output.weight" not in names):
            found["mul_mat", tensor.tensor_type.name] += 1
    return found


def full_precision(found: Ops, layers: int, options: LlamaCppOptions) -> dict[str, int]:
    """Count the operations that run in float32, by kind."""
    counts = Counter({"attention": layers} if options.cache == "f32" and layers else {})
    for (op, kind), count in found.items():
        if kind in ("F32", "F64"):
            counts[op] += count
    return dict(sorted(counts.items()))


def precisions(
    found: Ops, layers: int, options: LlamaCppOptions, instructions: Collection[str]
) -> tuple[PrecisionUse, ...]:
    """Say of every kind of operation below float32 how often, and whether it really ran so."""
    uses = [
        PrecisionUse(op, width(kind), count, *_execution(op, kind, instructions))
        for (op, kind), count in sorted(found.items())
        if kind not in ("F32", "F64")
    ]
    if options.cache == "f16" and layers:
        why = "keys and values are kept in fp16; what multiplies them is rounded to it"
        uses.append(PrecisionUse("attention", "fp16", layers, "emulated", why))
    return tuple(uses)


def width(kind: str) -> str:
    """Return a type's precision: ``int4`` for Q4_K, ``fp16`` for F16."""
    if kind in FLOATS:
        return FLOATS[kind]
    bits = re.search(r"\d", kind)
    family = "fp" if kind.endswith("FP4") else "int"
    return f"{family}{bits.group()}" if bits else kind


def _execution(op: str, kind: str, instructions: Collection[str]) -> tuple[Execution, str]:
    if op == "get_rows":
        return "native", f"rows of {kind} are looked up, and unpacked to fp32"
    if kind == "BF16":
        why = "inputs are rounded to bf16"
        return ("native", why) if "AVX512_BF16" in instructions else ("emulated", why)
    if kind == "F16":
        return "emulated", "inputs are rounded to fp16; multiplied in fp32"
    return "native", f"integer products of {kind} with inputs rounded to int8, block by block"
