"""A model in which one layer alone is in low precision: the candidate's own, in the reference."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from quantassay.errors import ArtifactError
from quantassay.formats.onnx.altered import Alterable, Array
from quantassay.formats.onnx.donor import STAYS, Donor
from quantassay.formats.onnx.graft import Graft
from quantassay.formats.onnx.weighted import WeightedLayer
from quantassay.records.contents import StoredWeight
from quantassay.schemes.rounding import as_stored


@dataclass(frozen=True)
class Alone:
    """Puts layers of a candidate into the reference, one at a time.

    ``donor`` is None where the candidate is no ONNX model: then only what its ``stored`` weights
    stand for can be put there.
    """

    reference: Alterable
    stored: Sequence[StoredWeight]
    donor: Donor | None

    @contextmanager
    def copy(self, layer: WeightedLayer) -> Iterator[tuple[Path, bool]]:
        """Write the reference with this layer as the candidate has it; removed afterwards.

        Yields
        ------
        Path
            The file.
        bool
            Whether all of the layer is there; else its weights alone are rounded, and not what it
            reads.

        Raises
        ------
        ArtifactError
            If the candidate keeps the layer as it is, or stores other weights.
        """
        rounded = self._rounded(layer)
        grafts = self._grafts(layer, rounded)
        if not (grafts or rounded):
            msg = "the candidate stores no rounded copy of its weights"
            raise ArtifactError(msg)
        if grafts:
            with self.reference.copy(grafts=grafts) as path:
                yield path, True
        else:
            with self.reference.copy(rounded, lambda name, _: rounded[name]) as path:
                yield path, False

    def _grafts(self, layer: WeightedLayer, rounded: Collection[str]) -> list[Graft]:
        """Return the candidate's operations of a layer; none where they cannot be cut out."""
        if self.donor is None:
            return []
        try:
            grafts = self.donor.grafts(layer)
        except ArtifactError as error:
            if str(error) == STAYS:
                raise
            return []
        return grafts if rounded or all(_is_same(graft, layer) for graft in grafts) else []

    def _rounded(self, layer: WeightedLayer) -> dict[str, Array]:
        """Return the layer's weights as the candidate stores them, those that it rounds."""
        found = {
            name: as_stored(name, self.reference.read(name), self.stored) for name in layer.weights
        }
        return {name: values for name, values in found.items() if values is not None}


def _is_same(graft: Graft, layer: WeightedLayer) -> bool:
    """Return whether a graft does a layer's work although its weights are other numbers.

    Those of a look-up are scaled only after it; those of a smoothed layer are divided by what
    enters is multiplied by.
    """
    named = any(own in name for own in layer.weights for name in graft.reads)
    return graft.rescales or (layer.kind == "Gather" and named)
