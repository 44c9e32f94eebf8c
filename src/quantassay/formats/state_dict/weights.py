"""Weights of a state dict, those that torchao quantized taken apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from ...records.contents import Weight

KINDS = {
    "float64": "fp64", "float32": "fp32", "float16": "fp16", "bfloat16": "bf16",
    "float8_e4m3fn": "fp8", "float8_e5m2": "fp8", "uint8": "int8",
}  # fmt: skip
INDICES = ("int64", "bool")
PARTS = ("scale", "zero_point")


def weights(state: Mapping[str, Any]) -> tuple[Weight, ...]:
    """Return what the tensors of a state dict hold; indices and flags are left out."""
    return tuple(one for _, value in sorted(state.items()) for one in _taken_apart(value))


def layers(state: Mapping[str, Any]) -> Counter[str]:
    """Count weights of two dimensions and more by how they are computed with."""
    return Counter(_told(value) for value in state.values() if value.ndim >= 2)


def _told(value: Any) -> str:
    stored = getattr(value, "qdata", value)
    kind = _kind(getattr(value, "target_dtype", stored.dtype))
    activation = getattr(value, "act_quant_kwargs", getattr(value, "activation_quantization", None))
    rounded = ", activations rounded while it runs" if activation is not None else ""
    return f"{kind} weight{rounded}"


def _taken_apart(value: Any) -> Iterator[Weight]:
    stored = getattr(value, "qdata", None)
    if stored is None:
        if _kind(value.dtype) not in INDICES:
            yield _weight(value, _kind(value.dtype), parameter=False)
        return
    yield _weight(stored, _kind(getattr(value, "target_dtype", stored.dtype)), parameter=False)
    for name in PARTS:
        part = getattr(value, name, None)
        if part is not None:
            yield _weight(part, _kind(part.dtype), parameter=True)


def _weight(tensor: Any, kind: str, *, parameter: bool) -> Weight:
    import torch

    # bytes as they stand: numpy has no bfloat16
    data = tensor.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
    digest = sha256(f"{kind} {list(tensor.shape)} ".encode() + data).hexdigest()
    bits = tensor.numel() * tensor.element_size() * 8
    return Weight(kind, tensor.ndim, tensor.numel(), bits, parameter, f"sha256:{digest}")


def _kind(dtype: Any) -> str:
    name = str(dtype).removeprefix("torch.")
    return KINDS.get(name, name)
