"""What the reference's stored weights tell, and its layers that normalize."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

from quantassay import plugins
from quantassay.formats.onnx.watched import Watchable, Watched
from quantassay.records.contents import StoredWeight
from quantassay.records.tendencies import Tendency
from quantassay.tendencies.activations import worst
from quantassay.tendencies.definitions import tendency
from quantassay.tendencies.figure import Figure
from quantassay.tendencies.weights import weight_concentration, weight_kurtosis, weight_outliers

from .diagnosis import Diagnosis
from .opening import inside
from .part import Part

OUTLIERS = "weight-outliers"
ANY_AXIS: Mapping[str, Callable[[NDArray[Any]], Figure]] = {
    "weight-concentration": weight_concentration,
    "weight-kurtosis": weight_kurtosis,
}


def stored(diagnosis: Diagnosis) -> Part:
    """Return what the weights of the reference tell, one matrix in memory at a time."""
    reference = diagnosis.reference
    listed = _weights(diagnosis)
    if listed is None:
        why = (
            f"format {reference.format!r}" if reference.format else "no model file of known format"
        )
        return Part(left_out=(f"weights of {reference.name}: not told by its {why}",))
    there = inside(reference)
    tell = diagnosis.listen.stage(f"weights of {reference.name}", len(listed))
    found: dict[str, list[tuple[str, Figure]]] = {OUTLIERS: [], **{name: [] for name in ANY_AXIS}}
    for at, (layer, weight, axis) in enumerate(listed, 1):
        for name, one in _told(weight, axis):
            found[name].append((layer, one))
        tell(at)
    whole = [one for name, figures in found.items() for one in _as_told(name, diagnosis, figures)]
    return Part((*whole, *_normalizations(diagnosis, there)), tuple(_left(diagnosis, there)))


def _weights(diagnosis: Diagnosis) -> list[tuple[str, StoredWeight, int | None]] | None:
    """Return each layer's weight, and the axis of its output channels where that is known."""
    reference = diagnosis.reference
    if reference.artifact is None or not reference.format:
        return None
    form = plugins.load("formats", reference.format)
    if not hasattr(form, "stored_weights"):
        return None
    weights = {weight.name: weight for weight in form.stored_weights(reference.artifact.path)}
    there = inside(reference)
    if there is None:
        return [(name, weight, None) for name, weight in weights.items()]
    first = {layer.weight: layer for layer in reversed(there.layers)}
    return [
        (layer.title, weights[name], layer.weight_axis)
        for name, layer in _in_order(first, there) if name in weights
    ]  # fmt: skip


def _in_order(first: Mapping[str, Watched], there: Watchable) -> Iterator[tuple[str, Watched]]:
    """Yield each stored weight once, with the first layer that reads it."""
    for layer in there.layers:
        if first.get(layer.weight) is layer:
            yield layer.weight, layer


def _told(weight: StoredWeight, axis: int | None) -> Iterator[tuple[str, Figure]]:
    read = weight.read()
    if read is None:
        broken = Figure(None, 0, "weights", "the file contradicts itself")
        yield from ((name, broken) for name in (OUTLIERS, *ANY_AXIS))
        return
    if axis is not None:
        yield OUTLIERS, weight_outliers(read.values, axis)
    for name, figure in ANY_AXIS.items():
        yield name, figure(read.values)


def _as_told(
    name: str, diagnosis: Diagnosis, figures: list[tuple[str, Figure]]
) -> Iterator[Tendency]:
    of = diagnosis.reference.name
    yield tendency(name, of, worst([one for _, one in figures]))
    yield from (tendency(name, of, one, layer) for layer, one in figures)


def _normalizations(diagnosis: Diagnosis, there: Watchable | None) -> Iterator[Tendency]:
    if there is not None:
        found = Figure(float(there.normalizations), there.operations, "operations")
        yield tendency("normalization-layers", diagnosis.reference.name, found)


def _left(diagnosis: Diagnosis, there: Watchable | None) -> Iterator[str]:
    name = diagnosis.reference.name
    if there is None:
        yield f"normalization layers of {name}: counted in ONNX models only"
        yield f"outliers by output channel of {name}: the axis is known in ONNX models only"
    elif there.computed_weights:
        yield (
            f"weights of {name}: {there.computed_weights:,} of its operations multiply by what is "
            "computed from several constants; they are not looked at as layers"
        )
