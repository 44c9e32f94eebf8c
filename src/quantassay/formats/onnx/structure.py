"""What an ONNX model computes, as one digest that does not depend on names."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from .weights import content_digest, stored_digests

STANDARD = ("", "ai.onnx")


def structure(model: Any, digests: Mapping[str, str]) -> str:
    """Return a digest of operations, attributes, wiring and constants.

    ``digests``: those of the tensors that the outermost graph stores, by name.

    Names of nodes and tensors, documentation, shape annotations, ``Identity``, unused nodes,
    constants held in nodes rather than beside them, and attributes that spell out the operator's
    default make no difference.
    """
    versions = {item.domain: item.version for item in model.opset_import}
    functions = sorted(item.SerializeToString(deterministic=True) for item in model.functions)
    return _digest(_graph(model.graph, {}, versions, digests), *functions)


def _graph(
    graph: Any,
    outer: Mapping[str, str],
    versions: Mapping[str, int],
    digests: Mapping[str, str] | None = None,
) -> str:
    stored = stored_digests(graph) if digests is None else digests
    known = {**outer, **stored}
    inputs = [value for value in graph.input if value.name not in stored]
    for at, value in enumerate(inputs):
        known[value.name] = _digest("input", at, value.type.tensor_type.elem_type)
    for node in graph.node:
        made = _node(node, known, versions)
        for at, name in enumerate(node.output):
            known[name] = made if node.op_type in ("Identity", "Constant") else _digest(made, at)
    return _digest(*(known.get(value.name, "") for value in graph.output))


def _node(node: Any, known: Mapping[str, str], versions: Mapping[str, int]) -> str:
    if node.op_type == "Identity":
        return known.get(node.input[0], "")
    if node.op_type == "Constant" and node.attribute[0].name == "value":
        return content_digest(node.attribute[0].t)
    defaults = _defaults(node, versions)
    attributes = sorted(
        (item.name, _attribute(item, known, versions))
        for item in node.attribute
        if defaults.get(item.name) != _plain(item)
    )
    domain = "" if node.domain in STANDARD else node.domain
    return _digest(domain, node.op_type, attributes, [known.get(name, "") for name in node.input])


def _attribute(item: Any, known: Mapping[str, str], versions: Mapping[str, int]) -> str:
    if item.HasField("g"):
        return _graph(item.g, known, versions)
    if item.graphs:
        return _digest(*(_graph(graph, known, versions) for graph in item.graphs))
    return content_digest(item.t) if item.HasField("t") else _digest(_plain(item))


def _defaults(node: Any, versions: Mapping[str, int]) -> dict[str, bytes]:
    """Return the attributes that the operator's definition fills in."""
    from onnx import defs

    domain = "" if node.domain in STANDARD else node.domain
    version = versions.get(node.domain, versions.get(domain, 1))
    try:
        schema = defs.get_schema(node.op_type, version, domain)
    except (defs.SchemaError, TypeError):  # no such version can be meant
        return {}
    return {name: _plain(item.default_value) for name, item in schema.attributes.items()}


def _plain(item: Any) -> bytes:
    copy = type(item)()
    copy.CopyFrom(item)
    copy.ClearField("doc_string")
    plain: bytes = copy.SerializeToString(deterministic=True)
    return plain


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()
