"""One layer at a time in low precision: which of them the answers of a model depend on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from quantassay.formats.onnx.altered import Alterable
from quantassay.formats.onnx.donor import Donor
from quantassay.formats.recognized import stored_weights
from quantassay.records.tendencies import Tendency
from quantassay.tendencies.activations import worst
from quantassay.tendencies.definitions import tendency
from quantassay.tendencies.figure import Figure
from quantassay.tendencies.sensitivity import concentration

from ..variants import Prepared
from .alone import Alone
from .baseline import Baseline, Compared
from .budget import Queue, alternating
from .diagnosis import Diagnosis
from .part import Part

SENSITIVITY, CHANGED = "layer-sensitivity", "layer-changed-answers"
CONCENTRATION = "sensitivity-concentration"
WEIGHTS_ALONE = ", weights alone rounded"
CUT = "the budget was over before the other layers were looked at"


@dataclass
class OneLayer:
    """What was found so far of one candidate's layers."""

    diagnosis: Diagnosis
    candidate: Prepared
    reference: Alterable
    baseline: Baseline
    alone: Alone
    seen: dict[str, Compared] = field(default_factory=dict)
    partly: set[str] = field(default_factory=set)

    def queue(self) -> Queue:
        """Return its layers, waiting to be looked at."""
        sizes = {one.name: (one.kind, one.elements) for one in self.reference.layers}
        title = f"layers of {self.candidate.name}, one at a time"
        return Queue(title, alternating(sizes), self.look, self.part)

    def look(self, name: str) -> None:
        """Put one layer in low precision, and run the drawn samples."""
        layer = next(one for one in self.reference.layers if one.name == name)
        with self.alone.copy(layer) as (made, whole):
            self.seen[name] = self.baseline.compare(made)
        if not whole:
            self.partly.add(name)

    def part(self, whole: bool) -> Part:
        """Return the figures of each layer, and of the model: where not of all, that says so."""
        order = [one.name for one in self.reference.layers if one.name in self.seen]
        noise = {name: self.seen[name].noise for name in order}
        changed = {name: self.seen[name].changed for name in order}
        figures = {
            SENSITIVITY: (noise, worst([*noise.values()], low=True)),
            CHANGED: (changed, worst([*changed.values()])),
            CONCENTRATION: ({}, concentration(noise)),
        }
        return Part(
            tuple(
                tendency
                for name, (each, model) in figures.items()
                for tendency in self._told(name, each, model if whole else self._cut(model))
            )
        )

    def _cut(self, model: Figure) -> Figure:
        """Return a figure of the model that is one of the layers seen alone."""
        counted = f"of {len(self.reference.layers):,} {model.counted}"
        return replace(model, counted=counted, reason=model.reason or CUT)

    def _told(self, name: str, found: Mapping[str, Figure], whole: Figure) -> Iterator[Tendency]:
        of, against = self.candidate.name, self.diagnosis.reference.name
        for layer, one in {"": whole, **found}.items():
            partly = layer in self.partly or (not layer and self.partly)
            counted = one.counted + WEIGHTS_ALONE * bool(partly)
            yield tendency(name, of, Figure(one.value, one.n, counted, one.reason), layer, against)


def one_layer(
    diagnosis: Diagnosis, candidate: Prepared, reference: Alterable, baseline: Baseline
) -> Queue | Part:
    """Return the layers of a candidate, waiting to be looked at, or why they cannot be.

    Parameters
    ----------
    diagnosis
        What is looked at.
    candidate
        Made of the reference, by a scheme or elsewhere.
    reference
        The reference's weights.
    baseline
        The reference in its own engine.
    """
    what = f"layers of {candidate.name}, one at a time"
    if candidate.artifact is None or not candidate.format:
        return Part(left_out=(f"{what}: it has no model file that can be read",))
    path = candidate.artifact.path
    donor = Donor(path, reference) if candidate.format == "onnx" else None
    stored = stored_weights(path)
    if not stored:
        why = f"{candidate.format!r} does not tell which numbers its weights stand for"
        return Part(left_out=(f"{what}: {why}",))
    alone = Alone(reference, stored, donor)
    return OneLayer(diagnosis, candidate, reference, baseline, alone).queue()
