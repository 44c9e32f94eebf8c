"""What a TFLite model computes, as one digest that does not depend on names."""

from __future__ import annotations

from hashlib import sha256

from .graph import Graph, Model, Operation, Tensor
from .weights import content_digest


def structure(model: Model) -> str:
    """Return a digest of operations, attributes, wiring, constants and quantization parameters.

    Names, versions of operations and unused operations make no difference.
    """
    return _digest(*map(_graph, model.graphs))


def _graph(graph: Graph) -> str:
    known = {
        at: _digest(content_digest(tensor), _parameters(tensor))
        for at, tensor in enumerate(graph.tensors)
        if tensor.data is not None
    }
    for place, at in enumerate(graph.inputs):
        known[at] = _digest("input", place, _parameters(graph.tensors[at]))
    for operation in graph.operations:
        made = _operation(operation, known)
        for place, at in enumerate(operation.outputs):
            if at >= 0:
                known[at] = _digest(made, place, _parameters(graph.tensors[at]))
    return _digest(*(known.get(at, "") for at in graph.outputs))


def _operation(operation: Operation, known: dict[int, str]) -> str:
    read = [known.get(at, "") for at in operation.inputs]
    return _digest(operation.kind, operation.options, read)


def _parameters(tensor: Tensor) -> str:
    return _digest(tensor.kind, tensor.scales, tensor.zeros, tensor.axis if tensor.scales else 0)


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()
