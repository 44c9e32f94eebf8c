"""Noise of each layer: the reference's result and the candidate's, on the same samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import repeat

from quantassay.errors import some
from quantassay.formats.onnx.watched import Watchable, Watched
from quantassay.tendencies.activations import worst
from quantassay.tendencies.definitions import tendency
from quantassay.tendencies.figure import Figure
from quantassay.tendencies.layer_noise import Noise, decibels

from ..variants import Prepared
from .diagnosis import Diagnosis
from .opening import exposing, groups, inside, size
from .padding import unpadded
from .part import Part
from .whole_model import NO_NUMBERS, answers

#: the copy stands for the model where its own noise is so many decibels below the candidate's
CLEARLY = 10.0


@dataclass
class Watching:
    """What was seen so far of one candidate's layers, by tensor."""

    noise: dict[str, Noise] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)
    copy: Noise = field(default_factory=Noise)

    def add(self, name: str, own: object, other: object) -> None:
        """Compare one tensor of one batch; a tensor that cannot be is told apart."""
        kinds = {getattr(getattr(one, "dtype", None), "kind", "O") for one in (own, other)}
        if kinds != {"f"}:
            self.odd[name] = "its result is not a float tensor in both"
            return
        try:
            one = Noise.between(own, other)  # type: ignore[arg-type]
        except ValueError as error:
            self.odd[name] = str(error)
            return
        self.noise[name] = self.noise.get(name, Noise()).merged(one)


def layer_noise(diagnosis: Diagnosis, candidate: Prepared, outputs: float | None) -> Part:
    """Return the noise of every layer that reference and candidate both have by name.

    ``outputs`` is the noise of the candidate's own outputs: that of the copy which shows its layers
    is told where it is not clearly less.
    """
    reference, what = diagnosis.reference, f"layers of {candidate.name}"
    ours, theirs = inside(reference), inside(candidate)
    if ours is None or theirs is None:
        other = reference if ours is None else candidate
        return Part(left_out=(f"{what}: {other.name} is no ONNX model, whose tensors have names",))
    matched = _matched(ours, theirs)
    missing = [layer.title for layer in ours.layers if layer not in matched]
    left = [f"{what}: no tensor of the same name for {some(missing)}"] if missing else []
    if not matched:
        return Part(left_out=tuple(left))
    shown = {name: theirs.computed[name] for name in matched.values()}
    seen = _watched(diagnosis, candidate, shown)
    left += [f"{what}: {layer.title}: {seen.odd[name]}" for layer, name in matched.items()
             if name in seen.odd]  # fmt: skip
    told = {layer: decibels(seen.noise[name]) for layer, name in matched.items()
            if name in seen.noise}  # fmt: skip
    names = candidate.name, reference.name
    each = [
        tendency("layer-noise", names[0], one, layer.title, names[1]) for layer, one in told.items()
    ]
    whole = tendency("layer-noise-worst", names[0], _worst(list(told.values())), "", names[1])
    return Part((whole, *each), tuple(left), tuple(_findings(candidate, seen.copy, outputs, told)))


def _worst(figures: Sequence[Figure]) -> Figure:
    return worst(figures, low=True)


def _findings(
    candidate: Prepared, copy: Noise, outputs: float | None, told: Mapping[Watched, Figure]
) -> Iterator[str]:
    own = decibels(copy).value
    if own is not None and outputs is not None and own < outputs + CLEARLY:
        yield (
            f"{candidate.name}: the copy whose layers were watched gives other outputs than the "
            f"model itself ({own:.1f} dB; the model against the reference: {outputs:.1f} dB), "
            "since the engine cannot fuse across what it shows: its layer noise is of the copy"
        )
    strange = [
        layer.title for layer, one in told.items() if one.value is not None and one.value < 0
    ]
    if strange:
        yield (
            f"{candidate.name}: more noise than signal in {some(strange)}: the layer is ruined, or "
            "a tensor of this name is not the same in both models"
        )


def _matched(ours: Watchable, theirs: Watchable) -> dict[Watched, str]:
    """Return the tensor by which each layer is found in the candidate too."""
    found = {}
    for layer in ours.layers:
        name = next((name for name in layer.results if name in theirs.computed), None)
        if name is not None:
            found[layer] = name
    return found


def _watched(diagnosis: Diagnosis, candidate: Prepared, shown: Mapping[str, str]) -> Watching:
    """Run reference and candidate side by side, once for each group of tensors."""
    seen, cut = Watching(), groups(diagnosis, list(shown))
    for at, names in enumerate(cut, 1):
        text = f"layers of {candidate.name}{f', group {at} of {len(cut)}' * (len(cut) > 1)}"
        tell, done = diagnosis.listen.stage(text, len(diagnosis.rows)), 0
        pairs = {name: shown[name] for name in names}
        with ExitStack() as stack:
            told = at == 1 and diagnosis.exam.rubric.task.outputs.kind not in NO_NUMBERS
            own = stack.enter_context(exposing(diagnosis, diagnosis.reference, names))
            inner = list(dict.fromkeys(pairs.values()))
            other = stack.enter_context(exposing(diagnosis, candidate, inner, own=told))
            real = answers(diagnosis, candidate) if told else repeat(None)
            for (_, feeds), true in zip(diagnosis.batches(), real, strict=told):
                ours, theirs = own.run(feeds), other.run(feeds)
                for name, one in pairs.items():
                    seen.add(name, unpadded(ours[name], feeds), unpadded(theirs[one], feeds))
                if true is not None:
                    copied = diagnosis.output(theirs)
                    seen.copy = seen.copy.merged(Noise.between(true, copied))
                done += size(feeds)
                tell(done)
    return seen
