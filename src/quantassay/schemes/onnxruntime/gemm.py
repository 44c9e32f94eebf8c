"""A Gemm as MatMul and Add, which quantizers that know only MatMul can then take."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ..quiet import require
from .nodes import nodes

PLAIN = {"alpha": 1.0, "beta": 1.0, "transA": 0}


def split_gemms(model: Any, keep: Collection[str] = ()) -> None:
    """Write each Gemm with stored weights as MatMul, of the same name, and Add.

    The numbers that come out are the same. A Gemm that scales or transposes its input stays, and
    so does one named in ``keep``. ONNX Runtime's own version transposes a weight that two layers
    share twice.

    Parameters
    ----------
    model : onnx.ModelProto
        It is changed.
    keep : collection of str
        Names of nodes.
    """
    graph = model.graph
    stored = {tensor.name: tensor for tensor in graph.initializer}
    made: list[Any] = []
    for node in graph.node:
        plain = node.op_type == "Gemm" and node.input[1] in stored and _is_plain(node)
        made += _split(node, stored, graph) if plain and node.name not in keep else [node]
    graph.ClearField("node")
    graph.node.extend(made)
    drop_unused(graph)


def lift_constants(graph: Any) -> None:
    """Store the tensors of Constant nodes as initializers, where quantizers look for weights."""
    kept = []
    for node in graph.node:
        value = next((item.t for item in node.attribute if item.name == "value"), None)
        if (
            node.op_type == "Constant"
            and value is not None
            and node.output[0] not in _outputs(graph)
        ):
            graph.initializer.add().CopyFrom(value)
            graph.initializer[-1].name = node.output[0]
        else:
            kept.append(node)
    graph.ClearField("node")
    graph.node.extend(kept)


def drop_unused(graph: Any) -> None:
    """Remove initializers that nothing reads, and all but the first of one name."""
    read = {name for node in nodes(graph) for name in node.input} | set(_outputs(graph))
    kept = {tensor.name: tensor for tensor in reversed(graph.initializer) if tensor.name in read}
    tensors = list(reversed(kept.values()))
    graph.ClearField("initializer")
    graph.initializer.extend(tensors)


def _outputs(graph: Any) -> Iterator[str]:
    return (value.name for value in graph.output)


def _is_plain(node: Any) -> bool:
    given = {
        item.name: item.f if item.name in ("alpha", "beta") else item.i for item in node.attribute
    }
    return all(given.get(name, usual) == usual for name, usual in PLAIN.items())


def _split(node: Any, stored: dict[str, Any], graph: Any) -> list[Any]:
    helper = require("onnx.helper")
    biased = len(node.input) > 2 and bool(node.input[2])
    product = f"{node.output[0]}_product" if biased else node.output[0]
    weight = _weight(node, stored, graph)
    parts = [helper.make_node("MatMul", [node.input[0], weight], [product], name=node.name)]
    if biased:
        name = f"{node.name}_Add" if node.name else ""
        parts.append(
            helper.make_node("Add", [product, node.input[2]], list(node.output), name=name)
        )
    return parts


def _weight(node: Any, stored: dict[str, Any], graph: Any) -> str:
    """Return the name of the weight as MatMul wants it; it is transposed once for all layers."""
    source = str(node.input[1])
    if not any(item.name == "transB" and item.i for item in node.attribute):
        return source
    name = f"{source}_transposed"
    if name not in stored:
        arrays = require("onnx.numpy_helper")
        values = arrays.to_array(stored[source]).T
        graph.initializer.append(arrays.from_array(values.copy(), name))
        stored[name] = graph.initializer[-1]
    return name
