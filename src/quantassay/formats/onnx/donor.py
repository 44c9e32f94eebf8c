"""One layer of a candidate, cut out to be put into the reference in place of its own.

A layer is what a candidate computes between two values that both models have by name: what enters
the reference's layer, and its result, or what that becomes after a bias, a normalization or an
activation. All else stays the reference's, so that one layer alone is in low precision.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from .altered import Alterable
from .file import EXTERNAL
from .graft import Graft
from .layers import find_layers
from .packed import packed
from .structure import STANDARD
from .weighted import WeightedLayer
from .wiring import Wiring

HALF = {10, 16}
#: operations of a layer that may change what enters it, other than by rounding
SCALING = {"Mul", "Div"}
#: what a range of codes can do as well
BENDING = {"Relu", "Clip"}
STAYS = "the candidate keeps it as it is"
MOST = 64


class Donor:
    """A candidate that layers are cut out of.

    Parameters
    ----------
    path
        Its file.
    reference
        The model that they are put into.

    Raises
    ------
    ArtifactError
        If it is damaged.
    """

    def __init__(self, path: Path, reference: Alterable) -> None:
        self._reference = reference
        self._outermost = {node.name: node for node in reference.model.graph.node}
        self._whole = Alterable(path)
        graph = self._whole.model.graph
        self._stored = {tensor.name: tensor for tensor in graph.initializer}
        self._nodes = list(graph.node)
        self._wiring = Wiring(self._nodes, self._stored)
        layers = find_layers(self._whole.model, self._nodes, packed(self._nodes, self._stored))
        self._low = {id(layer.node): layer.low for layer in layers}

    def grafts(self, layer: WeightedLayer) -> list[Graft]:
        """Return what replaces the operations of a layer that the candidate lowered.

        Raises
        ------
        ArtifactError
            If it lowered none of them, or they cannot be told from others.
        """
        found: list[Graft] = []
        refused: dict[str, None] = {}
        for at, name in enumerate(layer.nodes):
            try:
                found.append(self._graft(name, f"graft {at}: "))
            except ArtifactError as error:
                refused[str(error)] = None
        if set(refused) - {STAYS} or not found:
            raise ArtifactError("; ".join([one for one in refused if one != STAYS] or [STAYS]))
        return found

    def _graft(self, name: str, prefix: str) -> Graft:
        own = self._reference.wiring
        node = self._outermost.get(name)
        if node is None:
            msg = "it lies in an inner graph"
            raise ArtifactError(msg)
        entries = {each for each in node.input if each and not own.constant(each)}
        chain = own.becomes(node.output[0])
        result = next((each for each in chain if each in self._wiring.maker), None)
        if result is None:
            msg = "the candidate has no value of the name of its result"
            raise ArtifactError(msg)
        cut = self._cut(result, entries)
        passed = (own.maker[each] for each in chain[1 : chain.index(result) + 1])
        bent = {each.op_type for each in passed} & BENDING
        end = result if bent <= {each.op_type for each in cut} else self._rounded(result)
        cut = self._cut(end, entries)
        self._refuse(cut)
        return self._renamed(cut, (end, result), entries, prefix)

    def _rounded(self, result: str) -> str:
        """Return a value once it is rounded: quantizers let the range of codes do what Relu did."""
        end = self._wiring.shown(result)
        if end == result:
            msg = "the candidate leaves out an activation after it"
            raise ArtifactError(msg)
        return end

    def _cut(self, result: str, entries: Collection[str]) -> list[Any]:
        """Return the candidate's operations between what enters and a result, in order."""
        taken: dict[int, Any] = {}
        wanted = [result]
        while wanted:
            name = wanted.pop()
            if not name or name in self._stored or (name in entries and name != result):
                continue
            node = self._wiring.maker.get(name)
            if node is None or len(taken) > MOST:
                msg = "the candidate computes it from other values than the reference"
                raise ArtifactError(msg)
            if id(node) not in taken:
                taken[id(node)] = node
                wanted += node.input
        return [node for node in self._nodes if id(node) in taken]

    def _refuse(self, cut: list[Any]) -> None:
        """Refuse what holds several layers, or none in low precision."""
        low = [self._low[id(node)] for node in cut if id(node) in self._low]
        if len(low) > 1:
            msg = "the candidate computes it together with other layers"
            raise ArtifactError(msg)
        if not any(low):
            raise ArtifactError(STAYS)
        halves = any(
            self._stored[name].data_type in HALF and len(self._stored[name].dims) > 1
            for node in cut
            for name in node.input
            if name in self._stored
        )
        if halves or any(item.g.node or item.graphs for node in cut for item in node.attribute):
            msg = "the candidate computes it on halves, or in inner graphs"
            raise ArtifactError(msg)

    def _renamed(
        self, cut: list[Any], ends: tuple[str, str], entries: Collection[str], prefix: str
    ) -> Graft:
        """Return operations under names of their own, but for what enters and what comes out."""
        own, result = ends
        kept = {"": "", **{name: name for name in entries}, own: result}

        def called(name: str) -> str:
            return kept.get(name, prefix + name)

        nodes, tensors = [], dict[str, Any]()
        for node in cut:
            copy = type(node)()
            copy.CopyFrom(node)
            copy.name = prefix + node.name
            copy.input[:] = [called(name) for name in node.input]
            copy.output[:] = [called(name) for name in node.output]
            nodes.append(copy)
            for name in node.input:
                if name in self._stored and called(name) not in tensors:
                    tensors[called(name)] = self._copied(name, called(name))
        opsets = {item.domain: item.version for item in self._whole.model.opset_import}
        used = {each: opsets[each] for each in opsets if any(n.domain == each for n in cut)}
        used |= {each: opsets[each] for each in STANDARD if each in opsets}
        rescales = any(node.op_type in SCALING and self._scales(node, entries) for node in cut)
        parts = tuple(nodes), tuple(tensors.values())
        reads = frozenset(name for node in cut for name in node.input if name in self._stored)
        return Graft(result, *parts, used, self._whole.model.ir_version, rescales, reads)

    def _copied(self, name: str, called: str) -> Any:
        from onnx import numpy_helper

        tensor = self._stored[name]
        if tensor.data_location == EXTERNAL:
            return numpy_helper.from_array(self._whole.read(name), called)
        copy = type(tensor)()
        copy.CopyFrom(tensor)
        copy.name = called
        return copy

    def _scales(self, node: Any, entries: Collection[str]) -> bool:
        """Return whether a node multiplies what enters by a stored vector."""
        by = [self._stored[name] for name in node.input if name in self._stored]
        return any(name in entries for name in node.input) and any(
            max(t.dims, default=1) > 1 for t in by
        )
