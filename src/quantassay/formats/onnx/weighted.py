"""Layers of an ONNX model by the stored weights that they share, and names for all operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from .layers import PASSING, find_layers
from .numbers import FLOATS
from .weights import nodes_of


@dataclass(frozen=True)
class WeightedLayer:
    """The operations that read the same stored weights, directly or only moved.

    Attributes
    ----------
    name : str
        That of its first operation; of its result where the operation has none.
    weights : tuple of str
        Names of the stored tensors.
    nodes : tuple of str
        Names of the operations.
    kind : str
        Of the first operation.
    elements : int
        How many weights there are.
    """

    name: str
    weights: tuple[str, ...]
    nodes: tuple[str, ...]
    kind: str
    elements: int


def name_nodes(model: Any) -> None:
    """Give each operation a name of its own, where it has none or shares one."""
    nodes = list(nodes_of(model.graph))
    taken, seen = {node.name for node in nodes}, {""}
    for at, node in enumerate(nodes):
        if node.name in seen:
            first = next((output for output in node.output if output), node.op_type)
            name = f"{node.name}/{at}" if node.name else first
            while name in taken:
                name += "+"
            node.name = name
            taken.add(name)
        seen.add(node.name)


def stored_tensors(model: Any) -> dict[str, Any]:
    """Return the tensors of all graphs by name; names that stand for two are left out."""
    found: dict[str, Any] = {}
    twice = set()
    for name, tensor in _named(model.graph):
        twice |= {name} & found.keys()
        found[name] = tensor
    return {name: tensor for name, tensor in found.items() if name not in twice}


def _named(graph: Any) -> Iterator[tuple[str, Any]]:
    yield from ((tensor.name, tensor) for tensor in graph.initializer)
    for node in graph.node:
        for item in node.attribute:
            if node.op_type == "Constant" and node.output and item.name == "value":
                yield node.output[0], item.t
            for inner in (item.g, *item.graphs):
                yield from _named(inner)


def weighted_layers(model: Any, stored: Mapping[str, Any]) -> list[WeightedLayer]:
    """Return the layers whose weights are stored as floats; those that share one are the same."""
    nodes = list(nodes_of(model.graph))
    origin = _origins(nodes, stored)
    groups: list[tuple[dict[str, None], list[Any]]] = []
    for layer in find_layers(model, nodes, ()):
        own = dict.fromkeys(origin[name] for name in layer.weights if name in origin)
        if not own or any(stored[name].data_type not in FLOATS for name in own):
            continue
        operations: list[Any] = []
        for group in [group for group in groups if own.keys() & group[0].keys()]:
            groups.remove(group)
            own, operations = group[0] | own, operations + group[1]
        groups.append((own, [*operations, layer.node]))
    return [_layer(tuple(weights), operations, stored) for weights, operations in groups]


def _layer(weights: tuple[str, ...], nodes: list[Any], stored: Mapping[str, Any]) -> WeightedLayer:
    return WeightedLayer(
        name=nodes[0].name,
        weights=weights,
        nodes=tuple(node.name for node in nodes),
        kind=str(nodes[0].op_type),
        elements=sum(prod(stored[name].dims) for name in weights),
    )


def _origins(nodes: Iterable[Any], stored: Mapping[str, Any]) -> dict[str, str]:
    """Map the names of weights, and of what only moves them, to the stored tensor."""
    origin = {name: name for name in stored}
    for node in nodes:
        if node.op_type in PASSING and node.input and node.input[0] in origin:
            origin[node.output[0]] = origin[node.input[0]]
    return origin
