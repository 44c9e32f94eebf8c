"""The weights of a TFLite model, with the scales and zero points that belong to its tensors."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from ...records.contents import Weight
from .graph import BITS, KINDS, Model, Tensor

SCALE_BITS, ZERO_BITS = 32, 64


def weights(model: Model) -> list[Weight]:
    """Return each stored tensor that holds numbers once, and each tensor's parameters."""
    return [*_stored(model), *_parameters(model)]


def _stored(model: Model) -> Iterator[Weight]:
    seen = set()
    for tensor in _tensors(model):
        if tensor.data is None or not tensor.number or tensor.buffer in seen:
            continue
        seen.add(tensor.buffer)
        yield Weight(
            kind=KINDS.get(tensor.kind, tensor.kind.lower().removeprefix("u")),
            dimensions=len(tensor.shape),
            elements=tensor.elements,
            bits=tensor.elements * BITS[tensor.kind],
            parameter=False,
            digest=content_digest(tensor),
        )


def _parameters(model: Model) -> Iterator[Weight]:
    for tensor in _tensors(model):
        for kind, stored, bits in (
            ("fp32", tensor.scales, SCALE_BITS),
            ("int64", tensor.zeros, ZERO_BITS),
        ):
            if stored:
                count = len(stored) * 8 // bits
                yield Weight(kind, 1, count, len(stored) * 8, True, sha256(stored).hexdigest())


def _tensors(model: Model) -> Iterator[Tensor]:
    return (tensor for graph in model.graphs for tensor in graph.tensors)


def content_digest(tensor: Tensor) -> str:
    """Return the SHA-256 of a stored tensor's type, shape and values."""
    digest = sha256(f"{tensor.kind} {list(tensor.shape)} ".encode())
    digest.update(tensor.data or b"")
    return digest.hexdigest()
