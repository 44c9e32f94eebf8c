"""Which layers of a TFLite model keep their weights in low precision, and how much they compute."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from .graph import Graph, Model, Operation, Tensor

# where an operation keeps its weights
LAYERS = {
    "CONV_2D": (1,), "CONV_3D": (1,), "DEPTHWISE_CONV_2D": (1,), "TRANSPOSE_CONV": (1,),
    "CONV_3D_TRANSPOSE": (1,), "FULLY_CONNECTED": (1,), "BATCH_MATMUL": (0, 1), "SVDF": (1, 2),
    "GATHER": (0,), "EMBEDDING_LOOKUP": (1,), "LSTM": (1, 2, 3, 4),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": (1, 2, 3, 4), "UNIDIRECTIONAL_SEQUENCE_RNN": (1, 2),
    "BIDIRECTIONAL_SEQUENCE_LSTM": (1, 2, 3, 4), "BIDIRECTIONAL_SEQUENCE_RNN": (1, 2), "RNN": (1,),
}  # fmt: skip
LOOKUPS = {"GATHER", "EMBEDDING_LOOKUP"}
PASSING = {"DEQUANTIZE", "TRANSPOSE", "RESHAPE", "QUANTIZE", "CAST", "DENSIFY"}


def count_layers(model: Model) -> tuple[int, int]:
    """Return how many layers have weights in 16 bits or less, and how many have weights at all.

    A layer is an operation that multiplies by a constant, or looks a row up in it.
    """
    found = [weight.low for graph in model.graphs for _, weight in _layers(graph)]
    return sum(found), len(found)


def count_macs(model: Model) -> tuple[int, int] | None:
    """Return multiplications of one sample in layers of 16 bits or less, and in all layers.

    None where the model has branches, or a shape or an operation does not tell.
    """
    if len(model.graphs) != 1:
        return None
    graph, low, total = model.graphs[0], 0, 0
    for operation, weight in _layers(graph):
        count = _macs(graph, operation)
        if count is None:
            return None
        low, total = low + count * weight.low, total + count
    return low, total


def _layers(graph: Graph) -> Iterator[tuple[Operation, Tensor]]:
    """Yield each layer with its weights as they are stored."""
    makers = {at: one for one in graph.operations for at in one.outputs}
    for operation in graph.operations:
        for place in LAYERS.get(operation.kind, ()):
            at = operation.inputs[place] if place < len(operation.inputs) else -1
            weight = _source(graph, makers, at)
            if weight is not None:
                yield operation, weight
                break


def _source(graph: Graph, makers: dict[int, Operation], at: int) -> Tensor | None:
    """Return the stored numbers that a tensor is made of, moved or widened at most."""
    for _ in range(len(graph.operations) + 1):
        if at < 0:
            return None
        tensor = graph.tensors[at]
        if tensor.data is not None:
            return tensor if tensor.number else None
        maker = makers.get(at)
        if maker is None or maker.kind not in PASSING:
            return None
        at = maker.inputs[0] if maker.inputs else -1
    return None  # a damaged file: it goes round in a circle


def _macs(graph: Graph, operation: Operation) -> int | None:
    """Count multiplications for one sample; None where nothing tells."""
    if operation.kind in LOOKUPS:
        return 0
    read, written = list(graph.read(operation)), list(graph.written(operation))
    if not written or len(read) < 2:
        return None
    made, taken, weight = written[0].shape, read[0].shape, read[1].shape
    if any(size <= 0 for size in (*made, *taken, *weight)):
        return None
    batch = graph.tensors[graph.inputs[0]].shape[:1] if graph.inputs else ()
    whole = _multiplied(operation.kind, made, taken, weight)
    return None if whole is None or not batch else whole // max(1, batch[0])


def _multiplied(
    kind: str, made: tuple[int, ...], taken: tuple[int, ...], weight: tuple[int, ...]
) -> int | None:
    """Count multiplications in a batch; filters are (out, height, width, in) in TFLite."""
    if kind == "CONV_2D":
        return prod(made) * prod(weight[1:])
    if kind == "DEPTHWISE_CONV_2D":
        return prod(made) * prod(weight[1:3])
    if kind == "FULLY_CONNECTED":
        return prod(made) * weight[-1]
    if kind == "BATCH_MATMUL":
        return prod(made) * taken[-1]
    return None
