"""What enters the reference's layers: quantization acts on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from quantassay.formats.onnx.watched import Watched
from quantassay.records.tendencies import Tendency
from quantassay.tendencies.activations import (
    Activations,
    activation_kurtosis,
    outlier_channels,
    range_stability,
    seen,
    worst,
)
from quantassay.tendencies.definitions import tendency
from quantassay.tendencies.figure import Figure

from .diagnosis import Diagnosis
from .opening import exposing, groups, inside, size
from .padding import owned
from .part import Part

TOLD: Mapping[str, Callable[[Activations], Figure]] = {
    "activation-kurtosis": activation_kurtosis,
    "outlier-channels": outlier_channels,
    "range-stability": range_stability,
}
Place = tuple[str, int]


def entering(diagnosis: Diagnosis) -> Part:
    """Return what the activations of the reference tell, layer by layer and of the whole."""
    reference = diagnosis.reference
    there = inside(reference)
    if there is None:
        return Part(left_out=(f"activations of {reference.name}: only ONNX models show them",))
    layers = [layer for layer in there.layers if layer.axis is not None]
    if not layers:
        return Part(left_out=(f"activations of {reference.name}: it has no layers with weights",))
    kept, odd = _watched(diagnosis, layers)
    found = [one for layer in layers if (one := kept.get(_place(layer)))]
    named = [layer for layer in layers if _place(layer) in kept]
    return Part(
        tuple(
            one
            for name, tell in TOLD.items()
            for one in _told(name, reference.name, named, [tell(each) for each in found])
        ),
        tuple(f"activations of {layer.title}: {odd[layer.entry]}" for layer in layers
              if layer.entry in odd),
    )  # fmt: skip


def _told(
    name: str, of: str, layers: Sequence[Watched], figures: Sequence[Figure]
) -> list[Tendency]:
    whole = tendency(name, of, worst(figures))
    pairs = zip(layers, figures, strict=True)
    return [whole, *(tendency(name, of, one, layer.title) for layer, one in pairs)]


def _place(layer: Watched) -> Place:
    assert layer.axis is not None
    return layer.entry, layer.axis


def _watched(
    diagnosis: Diagnosis, layers: Sequence[Watched]
) -> tuple[dict[Place, Activations], dict[str, str]]:
    """Run the samples once for each group of tensors; what is no float array is told apart."""
    reference = diagnosis.reference
    wanted: dict[str, list[int]] = {}
    for layer in layers:
        entry, axis = _place(layer)
        wanted[entry] = [*dict.fromkeys([*wanted.get(entry, []), axis])]
    kept: dict[Place, Activations] = {}
    odd: dict[str, str] = {}
    cut = groups(diagnosis, list(wanted))
    for at, tensors in enumerate(cut, 1):
        text = f"activations of {reference.name}{f', group {at} of {len(cut)}' * (len(cut) > 1)}"
        tell, done = diagnosis.listen.stage(text, len(diagnosis.rows)), 0
        with exposing(diagnosis, reference, tensors) as session:
            for first, feeds in diagnosis.batches():
                found = session.run(feeds)
                for name, array in zip(tensors, found.values(), strict=True):
                    if array.dtype.kind != "f":
                        odd[name] = f"{array.dtype} numbers, already quantized"
                        continue
                    for axis in wanted[name]:
                        rows, owner = owned(array, feeds, axis)
                        # padding may have made two dimensions one: only from the end is it the same
                        place = axis % array.ndim - array.ndim
                        one = seen(rows, place, None if owner is None else first + owner)
                        before = kept.get((name, axis))
                        kept[name, axis] = one if before is None else before.merged(one)
                done += size(feeds)
                tell(done)
    return kept, odd
