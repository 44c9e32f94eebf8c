"""Layers of an ONNX model that can be watched: what enters them, and the names of what leaves.

Quantizing a model renames and fuses. A layer is found again by the name of its result, or of what
its result becomes: after its bias, its normalization, its activation.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any

from .file import parsed
from .layers import PASSING, READS, Layer, find_layers
from .packed import integer, packed
from .wiring import Wiring

#: where the exporter of PyTorch says which module an operation is of
SCOPES = "pkg.torch.onnx.name_scopes"
LINEAR = {"Add", "BatchNormalization"}
# where a layer's channels stand: in what enters it, and in its weight
ENTRY = {"Conv": 1, "ConvTranspose": 1, "MatMul": -1, "Gemm": -1, "LSTM": -1, "GRU": -1, "RNN": -1}
WEIGHT = {"Conv": 0, "ConvTranspose": 1, "MatMul": -1, "Gemm": -1, "LSTM": 1, "GRU": 1, "RNN": 1}
NORMALIZING = {
    "BatchNormalization", "LayerNormalization", "InstanceNormalization", "GroupNormalization",
    "RMSNormalization", "SimplifiedLayerNormalization", "SkipLayerNormalization",
    "SkipSimplifiedLayerNormalization", "EmbedLayerNormalization", "GroupNorm", "SkipGroupNorm",
}  # fmt: skip


@dataclass(frozen=True)
class Watched:
    """A layer with weights, outside inner graphs.

    Attributes
    ----------
    name : str
        Of the operation, else of its result.
    title : str
        Where it stands in the module that was exported, where the file tells; else its name.
    kind : str
        Of the operation.
    entry : str
        The tensor that enters it.
    axis : int or None
        Of the channels of that tensor; None where the operation does not tell.
    results : tuple of str
        Its result after a bias and a normalization, that before them, that after an activation.
    weight, weight_axis : str, int or None
        The stored weight, '' where it is computed from others, and the axis of output channels.
    """

    name: str
    title: str
    kind: str
    entry: str
    axis: int | None
    results: tuple[str, ...]
    weight: str
    weight_axis: int | None


@dataclass(frozen=True)
class Watchable:
    """What of a model can be watched: its layers, and the names of all that it computes.

    ``computed`` maps each name to the tensor that shows it. Where a tensor is only quantized, that
    is what comes out of it: an activation may have been left to the quantizer's limits.
    ``normalizations`` of its ``operations`` normalize; one that was folded into the weights of the
    layer before is not seen. ``computed_weights`` operations multiply by what is computed from
    several constants: these are no layers, since no stored tensor is their weight.
    """

    layers: tuple[Watched, ...]
    computed: Mapping[str, str]
    normalizations: int
    operations: int
    computed_weights: int = 0


def watchable(path: Path) -> Watchable:
    """Return what can be watched of an ONNX model; weights stored outside are not loaded.

    Raises
    ------
    ArtifactError
        If it is truncated or not ONNX.
    """
    model = parsed(path)
    nodes = list(model.graph.node)
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    found = find_layers(model, nodes, packed(nodes, stored))
    graph = Wiring(nodes, stored)
    taken = {id(layer.node) for layer in found}
    layers = [one for layer in found if (one := _watched(layer, graph)) is not None]
    return Watchable(
        tuple(_titled(layers)),
        {name: graph.shown(name) for name in graph.maker},
        _normalizations(nodes, graph),
        len(nodes),
        sum(_computes_its_weight(node, graph) for node in nodes if id(node) not in taken),
    )


def _watched(layer: Layer, graph: Wiring) -> Watched | None:
    """Return a layer; None of one that looks rows up instead of multiplying."""
    node = layer.node
    entry = next((name for name in node.input if name and name not in layer.weights), None)
    if entry is None or node.op_type in {"Gather", "GatherBlockQuantized"} or not node.output[0]:
        return None
    first = node.input[0] != entry  # the weight stands first
    weight, turned = _stored(layer.weights[0], graph)
    return Watched(
        node.name or node.output[0],
        _scope(node),
        node.op_type,
        entry,
        _entry_axis(node, first),
        _results(node.output[0], graph),
        weight,
        None if turned else _weight_axis(node, first),
    )


def _computes_its_weight(node: Any, graph: Wiring) -> bool:
    """Return whether an operation that is no layer multiplies by what is made of constants."""
    if node.op_type not in ENTRY:
        return False
    read = [node.input[at] for at in READS[node.op_type] if at < len(node.input)]
    makers = (graph.maker.get(name) for name in read if graph.constant(name))
    return any(maker is not None and maker.op_type != "Constant" for maker in makers)


def _scope(node: Any) -> str:
    """Return the path of the module that a node was exported from; '' where it does not tell."""
    told = next((item.value for item in node.metadata_props if item.key == SCOPES), "")
    scopes = re.findall(r"'([^']*)'", told)
    return scopes[-2] if len(scopes) > 1 else ""


def _titled(layers: Sequence[Watched]) -> list[Watched]:
    """Give layers their names as titles where their modules do not tell them apart."""
    times = Counter(layer.title for layer in layers)
    return [
        layer if layer.title and times[layer.title] == 1 else replace(layer, title=layer.name)
        for layer in layers
    ]


def _entry_axis(node: Any, first: bool) -> int | None:
    if node.op_type == "Gemm" and integer(node, "transB" if first else "transA") != first:
        return 0
    return -2 if first and node.op_type == "MatMul" else ENTRY.get(node.op_type)


def _weight_axis(node: Any, first: bool) -> int | None:
    if node.op_type == "Gemm":
        turned = integer(node, "transA" if first else "transB")
        return -1 if bool(turned) == first else 0
    return -2 if first and node.op_type == "MatMul" else WEIGHT.get(node.op_type)


def _stored(name: str, graph: Wiring) -> tuple[str, bool]:
    """Return the stored tensor that a weight is made of, and whether it is turned on the way."""
    turned = False
    while name not in graph.stored:
        node = graph.maker.get(name)
        if node is None or node.op_type not in {*PASSING, "DequantizeLinear"} or not node.input:
            return "", True
        turned |= node.op_type in {"Transpose", "Reshape"}
        name = node.input[0]
    return name, turned


def _results(name: str, graph: Wiring) -> tuple[str, ...]:
    """Return what a layer gives: after its bias if it has one, where a scheme may mend errors.

    Next come what it gives before that, and after an activation, where a scheme has left only that.
    """
    found = graph.becomes(name)
    linear = list(takewhile(lambda one: graph.maker[one].op_type in LINEAR, found[1:]))
    return (*reversed(linear), name, *found[1 + len(linear) :])


def _normalizations(nodes: Collection[Any], graph: Wiring) -> int:
    """Count operations that normalize, and square roots of a mean that are part of one."""
    return sum(
        node.op_type in NORMALIZING or (node.op_type == "Sqrt" and _of_a_mean(node, graph))
        for node in nodes
    )


def _of_a_mean(node: Any, graph: Wiring) -> bool:
    added = graph.maker.get(node.input[0])
    if added is None or added.op_type != "Add":
        return False
    makers = [graph.maker.get(name) for name in added.input]
    return any(maker is not None and maker.op_type == "ReduceMean" for maker in makers)
