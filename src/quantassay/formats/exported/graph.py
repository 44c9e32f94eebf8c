"""Operations and weights of an exported program, read off its graph."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from ...records.contents import Contents, Weight
from .archive import CONSTANTS, PROGRAM, WEIGHTS
from .products import Graph, multiplications

#: element types by their number in the file: name and bits
KINDS = {
    1: ("int8", 8), 2: ("int8", 8), 3: ("int16", 16), 4: ("int32", 32), 6: ("fp16", 16),
    7: ("fp32", 32), 8: ("fp64", 64), 13: ("bf16", 16), 29: ("fp8", 8), 30: ("fp8", 8),
}  # fmt: skip
LOW = (2, 6, 13, 29, 30)
ASIDE = ("aten._assert_tensor_metadata", "aten.sym_size")
MOVES = ("aten.t", "aten.reshape", "aten.view", "aten.transpose", "aten.permute", "aten.flatten")
PARAMETER = re.compile(r"(scales?|zero_points?|parametrizations\.\w+\.original[1-9])$")


def read(path: Path, members: Mapping[str, bytes]) -> Contents:
    """Read what a program computes, with which weights.

    Raises
    ------
    ArtifactError
        If its graph is not one that PyTorch writes.
    """
    try:
        return _read(members)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        msg = f"{path}: its graph cannot be read ({type(error).__name__}); export it again"
        raise ArtifactError(msg) from error


def _read(members: Mapping[str, bytes]) -> Contents:
    module = json.loads(members[PROGRAM])["graph_module"]
    graph = Graph(module)
    found = {**_weights(members, WEIGHTS), **_weights(members, CONSTANTS)}
    layers = [one for one in found.values() if one.dimensions >= 2 and not one.parameter]
    low_names = {name for name, one in found.items() if one.low}
    nodes = [node for node in graph.nodes if _kind(node) not in ASIDE]
    ops = Counter(_kind(node) for node in nodes)
    low = Counter(_kind(node) for node in nodes if _is_low(node, graph))
    return Contents(
        format="exported",
        ops=dict(sorted(ops.items())),
        low_ops=dict(sorted(low.items())),
        weights=tuple(found.values()),
        layers=(sum(one.low for one in layers), len(layers)),
        structure=_structure(graph, found),
        macs=multiplications(graph, low_names),
    )


def _kind(node: Mapping[str, Any]) -> str:
    return ".".join(str(node["target"]).removeprefix("torch.ops.").split(".")[:2])


def _is_low(node: Mapping[str, Any], graph: Graph) -> bool:
    """Return whether an operation takes or gives eight-bit numbers or half floats."""
    if _kind(node) in MOVES:
        return False
    names = [*graph.inputs_of(node), *graph.outputs_of(node)]
    return any(graph.values[name]["dtype"] in LOW for name in names if name in graph.values)


def _weights(members: Mapping[str, bytes], config: str) -> dict[str, Weight]:
    folder = config.rpartition("/")[0]
    found = {}
    for name, payload in json.loads(members[config])["config"].items():
        meta, data = payload["tensor_meta"], members[f"{folder}/{payload['path_name']}"]
        sizes = [size["as_int"] for size in meta["sizes"]]
        if meta["dtype"] in KINDS:
            kind, bits = KINDS[meta["dtype"]]
            found[name] = _weight(kind, sizes, bits, _told(meta), data, name)
    return found


def _weight(kind: str, sizes: list[int], bits: int, told: str, data: bytes, name: str) -> Weight:
    elements = 1
    for size in sizes:
        elements *= size
    digest = sha256(f"{kind} {sizes} {told}".encode() + data).hexdigest()
    parameter = PARAMETER.search(name) is not None
    return Weight(kind, len(sizes), elements, elements * bits, parameter, f"sha256:{digest}")


def _told(meta: Mapping[str, Any]) -> str:
    """Describe how values lie in their record; '' where row by row from its beginning."""
    step, plain = 1, []
    for size in reversed(meta["sizes"]):
        plain.append(step)
        step *= max(size["as_int"], 1)
    strides = [stride["as_int"] for stride in meta["strides"]]
    offset = meta["storage_offset"]["as_int"]
    return "" if strides == plain[::-1] and offset == 0 else f"{strides} {offset}"


def _structure(graph: Graph, weights: Mapping[str, Weight]) -> str:
    """Digest operations with their arguments; names are replaced by the order they appear in."""
    order: dict[str, str] = {name: weights[one].digest for name, one in graph.weights.items()
                             if one in weights}  # fmt: skip

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items() if key != "metadata"}
        if isinstance(value, list):
            return [plain(part) for part in value]
        return order.setdefault(value, f"#{len(order)}") if value in graph.names else value

    nodes = [
        [node["target"], plain([one["arg"] for one in node["inputs"]]), plain(node["outputs"])]
        for node in graph.nodes
    ]
    text = json.dumps([nodes, plain(graph.returned)], sort_keys=True)
    return f"sha256:{sha256(text.encode()).hexdigest()}"
