"""Products of an exported program: which weights they multiply by, and how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from math import prod
from typing import Any

#: operations that multiply by a weight: which argument it is
WEIGHTED = {
    "linear": "weight", "conv1d": "weight", "conv2d": "weight", "conv3d": "weight",
    "convolution": "weight", "mm": "mat2", "_int_mm": "mat2", "addmm": "mat2", "bmm": "mat2",
    "matmul": "other",
}  # fmt: skip
CONVOLUTIONS = ("conv1d", "conv2d", "conv3d", "convolution")


class Graph:
    """Nodes of a program, the types and sizes of what they give, and its weights by name."""

    def __init__(self, module: Mapping[str, Any]) -> None:
        graph, signature = module["graph"], module["signature"]
        self.nodes: list[dict[str, Any]] = graph["nodes"]
        self.values: dict[str, Any] = graph["tensor_values"]
        self.returned: Any = graph["outputs"]
        self.weights: dict[str, str] = dict(_weights(signature["input_specs"]))
        self.fed: list[str] = [
            spec["user_input"]["arg"]["as_tensor"]["name"]
            for spec in signature["input_specs"]
            if "as_tensor" in spec.get("user_input", {}).get("arg", {})
        ]
        self.names = {*self.values, *graph["sym_int_values"], *graph["sym_bool_values"]}
        self._makers = {name: node for node in self.nodes for name in self.outputs_of(node)}

    @staticmethod
    def inputs_of(node: Mapping[str, Any]) -> list[str]:
        """Return the names of the tensors that a node takes."""
        return [name for one in node["inputs"] for name in _tensors(one["arg"])]

    @staticmethod
    def outputs_of(node: Mapping[str, Any]) -> list[str]:
        """Return the names of the tensors that a node gives."""
        return [name for one in node["outputs"] for name in _tensors(one)]

    def weight_behind(self, name: str) -> str | None:
        """Return the weight that a tensor is made of, through operations on it alone."""
        for _ in range(len(self.nodes) + 1):
            if name in self.weights:
                return self.weights[name]
            taken = self.inputs_of(self._makers[name]) if name in self._makers else []
            if not taken:
                return None
            name = taken[0]
        return None


def multiplications(graph: Graph, low: Set[str]) -> tuple[int, int] | None:
    """Count multiplications by weights for one sample: by weights among ``low``, and in all.

    None where a size that varies, other than the batch, takes part.
    """
    counts = [0, 0]
    for node in graph.nodes:
        operation = str(node["target"]).rpartition("aten.")[2].split(".")[0]
        given = {one["name"]: one["arg"] for one in node["inputs"]}
        names = list(_tensors(given.get(WEIGHTED.get(operation, ""), {})))
        weight = graph.weight_behind(names[0]) if names else None
        if weight is None:
            continue
        rows = _per_sample(graph, graph.outputs_of(node)[0])
        if rows is None:
            return None
        sizes = [size["as_int"] for size in graph.values[names[0]]["sizes"]]
        depth = prod(sizes[1:]) if operation in CONVOLUTIONS else sizes[-1]
        depth = depth if operation in (*CONVOLUTIONS, "linear") else sizes[-2]
        counts[0] += rows * depth if weight in low else 0
        counts[1] += rows * depth
    return counts[0], counts[1]


def _per_sample(graph: Graph, name: str) -> int | None:
    """Count the elements of a tensor that belong to one sample."""
    sizes = graph.values[name]["sizes"]
    batch = next(iter(graph.values[graph.fed[0]]["sizes"]), None) if graph.fed else None
    if not sizes or batch is None:
        return None
    rest = sizes[1:] if sizes[0] == batch else sizes
    if any("as_int" not in size for size in rest):
        return None
    elements: int = prod(size["as_int"] for size in rest)
    if sizes[0] == batch:
        return elements
    return elements // int(batch["as_int"]) if "as_int" in batch else None


def _tensors(argument: Mapping[str, Any]) -> Iterator[str]:
    for key, value in argument.items():
        if key in ("as_tensor", "as_optional_tensor") and isinstance(value, dict):
            yield from [value["name"]] if "name" in value else _tensors(value)
        elif key in ("as_tensors", "as_optional_tensors"):
            for one in value:
                yield from [one["name"]] if "name" in one else _tensors(one)


def _weights(specs: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    kinds = {"parameter": "parameter_name", "buffer": "buffer_name",
             "tensor_constant": "tensor_constant_name"}  # fmt: skip
    for spec in specs:
        for kind, name in kinds.items():
            if kind in spec:
                yield spec[kind]["arg"]["name"], spec[kind][name]
