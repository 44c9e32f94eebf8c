"""Which products PyTorch really computed, and in which precision: traced while one batch runs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ...plugins.quiet import no_native_logs
from ...records.executor import Execution, PrecisionUse
from .library import require_torch

TYPES = {
    "float": "fp32", "double": "fp64", "c10::Half": "fp16", "c10::BFloat16": "bf16",
    "signed char": "int8", "unsigned char": "int8", "c10::Float8_e4m3fn": "fp8",
    "c10::Float8_e5m2": "fp8", "c10::qint8": "int8", "c10::quint8": "int8",
}  # fmt: skip
PRODUCTS = {
    *(f"aten::{name}" for name in (
        "mm", "addmm", "bmm", "baddbmm", "addbmm", "mv", "addmv", "dot", "linear", "conv1d",
        "conv2d", "conv3d", "convolution", "_convolution", "_int_mm", "_scaled_mm",
        "_weight_int8pack_mm", "_weight_int4pack_mm_for_cpu", "_embedding_bag",
        "_scaled_dot_product_flash_attention_for_cpu", "mkldnn_rnn_layer",
    )),
    "mkldnn::_linear_pointwise", "mkldnn::_convolution_pointwise", "mkl::_mkl_linear",
    "onednn::qlinear_pointwise", "onednn::qconv_pointwise", "onednn::qconv2d_pointwise",
    "quantized::linear", "quantized::conv2d", "quantized::linear_dynamic",
}  # fmt: skip
RANDOM = {"bernoulli_", "normal_", "uniform_", "random_", "exponential_", "rand", "randn"}
COMPILED = "Torch-Compiled Region"
HALF_INSTRUCTIONS = ("avx512_bf16", "amx_bf16", "avx512_fp16", "bf16", "sve")


@dataclass(frozen=True)
class Trace:
    """What ran in one batch: products by kind and precision, compiled regions, random numbers."""

    products: Mapping[tuple[str, str], int]
    regions: int
    random: bool


def trace(run: Callable[[], object]) -> Trace:
    """Run a batch and count what PyTorch dispatched: the innermost of operations that nest."""
    observer = require_torch("torch.profiler").ExecutionTraceObserver()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        observer.register_callback(str(path))
        with no_native_logs():
            observer.start()
        try:
            run()
        finally:
            with no_native_logs():
                observer.stop()
            observer.unregister_callback()
        nodes = json.loads(path.read_text(encoding="utf-8"))["nodes"]
    names = {node["name"].removeprefix("aten::") for node in nodes}
    return Trace(
        products=_products(nodes),
        regions=sum(node["name"].startswith(COMPILED) for node in nodes),
        random=not names.isdisjoint(RANDOM),
    )


def _products(nodes: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, str]]:
    own = {node["id"]: node for node in nodes}
    outer = set()
    for node in own.values():
        if node["name"] in PRODUCTS:
            parent = own.get(node["ctrl_deps"])
            while parent is not None and parent["id"] not in outer:
                outer.add(parent["id"])
                parent = own.get(parent["ctrl_deps"])
    found: Counter[tuple[str, str]] = Counter()
    for number, node in own.items():
        if node["name"] in PRODUCTS and number not in outer:
            found[node["name"].partition("::")[2], _precision(node)] += 1
    return found


def _precision(node: Mapping[str, Any]) -> str:
    """Name the types that are multiplied: ``fp32``; ``fp32 by int8`` where two differ."""
    given = (str(kind) for kind in node["inputs"]["types"])
    kinds = [TYPES.get(kind[7:-1], "") for kind in given if kind.startswith("Tensor(")]
    seen = list(dict.fromkeys(kind for kind in kinds[:2] if kind))
    return " by ".join(seen) or "unknown"


def precisions(
    found: Trace, stored: Mapping[str, int], instructions: Iterable[str]
) -> tuple[tuple[PrecisionUse, ...], dict[str, int]]:
    """Tell products below float32 from those in it.

    Parameters
    ----------
    found : Trace
        Of one batch.
    stored : mapping of str to int
        How many weights are stored in whole numbers, by kind, such as ``int8``.
    instructions : iterable of str
        What the processor offers.

    Notes
    -----
    A weight in whole numbers that met no product of whole numbers was expanded to floats first:
    PyTorch has no other way to compute with it.
    """
    low: Counter[tuple[str, str, Execution, str]] = Counter()
    full: Counter[str] = Counter()
    for (op, kind), count in found.products.items():
        if kind in ("fp32", "fp64"):
            full[op] += count
        else:
            low[(op, *_told(kind, instructions))] += count
    native = sum(count for (_, kind), count in found.products.items() if "int8" in kind)
    for kind, count in sorted(stored.items(), key=lambda item: item[0] != "int8"):
        real = min(native, count)
        native -= real
        if count > real:
            why = f"{kind} weights are expanded to floats before each product"
            low["linear", kind, "emulated", why] += count - real
            full = _without(full, count - real)
    uses = [PrecisionUse(op, kind, n, how, why) for (op, kind, how, why), n in sorted(low.items())]
    return tuple(uses), dict(sorted(full.items()))


def _told(kind: str, instructions: Iterable[str]) -> tuple[str, Execution, str]:
    if kind == "int8":
        return kind, "native", "products of whole numbers, summed in int32"
    if "int8" in kind:
        return "int8", "unknown", f"{kind}: the kernel does not tell what it multiplies"
    offered = [name for name in instructions if name in HALF_INSTRUCTIONS and kind in name]
    has = f"the processor has {', '.join(offered)}" if offered else "no instruction for it is known"
    return kind, "unknown", f"{kind} in; {has}; the kernel does not tell what it used"


def _without(full: Counter[str], count: int) -> Counter[str]:
    """Take products whose weights were expanded out of those in full precision."""
    left = Counter(full)
    for op in sorted(left, key=lambda name: name not in ("linear", "addmm", "mm")):
        taken = min(count, left[op])
        left[op] -= taken
        count -= taken
    return +left
