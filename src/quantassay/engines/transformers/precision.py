"""In which precision the layers of a loaded model compute, read off the layers themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ...records.executor import Execution, PrecisionUse
from .folder import ModelFolder

NAMES = {"torch.float32": "fp32", "torch.float64": "fp64", "torch.bfloat16": "bf16",
         "torch.float16": "fp16"}  # fmt: skip
NATIVE = {"bf16": {"avx512_bf16", "amx_bf16", "bf16"}, "fp16": {"avx512_fp16", "asimdhp"}}
PACKAGES = ("tokenizers", "safetensors", "compressed-tensors")


def full_precision(model: Any) -> dict[str, int]:
    """Count the layers with weights in float32 or more, by class."""
    found = Counter(kind for kind, name, _ in _layers(model) if name in ("fp32", "fp64"))
    return dict(sorted(found.items()))


def precisions(model: Any, instructions: Collection[str]) -> tuple[PrecisionUse, ...]:
    """Say of every class of layers below float32 how often, and whether it really ran so."""
    found = Counter(
        (kind, name, activations)
        for kind, name, activations in _layers(model)
        if name not in ("fp32", "fp64")
    )
    return tuple(
        PrecisionUse(kind, name, count, *_execution(kind, name, activations, instructions))
        for (kind, name, activations), count in sorted(found.items())
    )


def options_of(model: Any, folder: ModelFolder) -> dict[str, str]:
    """Return versions, attention, and what weights were stored as."""
    found = {"attention": str(getattr(model.config, "_attn_implementation", "unknown"))}
    stored = folder.config.get("dtype") or folder.config.get("torch_dtype")
    if stored:
        found["stored as"] = str(stored)
    if folder.quantized:
        found["quantized by"] = folder.quantized
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _layers(model: Any) -> Iterator[tuple[str, str, str]]:
    """Yield class, precision of weights, and that of activations, of layers with weights."""
    for layer in model.modules():
        scheme: Any = getattr(layer, "quantization_scheme", None)
        own = next((each for name, each in layer.named_parameters(recurse=False)), None)
        weights = getattr(scheme, "weights", None)
        if weights is not None:
            yield type(layer).__name__, _width(weights), _width(scheme.input_activations)
        elif own is not None:
            yield type(layer).__name__, NAMES.get(str(own.dtype), str(own.dtype)), ""


def _width(numbers: Any) -> str:
    """Name the kind of quantized numbers, such as ``int8``; '' for none."""
    if numbers is None:
        return ""
    kind = getattr(numbers.type, "value", numbers.type)
    return f"{'int' if kind == 'int' else 'fp'}{numbers.num_bits}"


def _execution(
    kind: str, name: str, activations: str, instructions: Collection[str]
) -> tuple[Execution, str]:
    if name not in NATIVE:
        rounded = f", and its inputs are rounded to {activations}" if activations else ""
        return "emulated", f"weights are unpacked to floating point{rounded}; that is multiplied"
    if kind != "Linear":
        return "unknown", "torch does not tell"
    if NATIVE[name] & set(instructions):
        return "native", f"the processor multiplies {name}"
    return "emulated", f"the processor has no instructions for {name}"
