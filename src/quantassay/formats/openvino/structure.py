"""What an OpenVINO model computes, as one digest that does not depend on names."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from .graph import bodies, is_constant
from .weights import content_digest, id_of

NAMES = {"variable_id", "layout"}


def structure(model: Any) -> str:
    """Return a digest of operations, attributes, wiring and constants; names do not count."""
    known: dict[str, str] = {}
    places = {id_of(port.get_node()): at for at, port in enumerate(model.inputs)}
    results = []
    for node in model.get_ordered_ops():
        told = _node(node, known, places)
        known[id_of(node)] = told
        if node.get_type_name() in ("Result", "Assign"):
            results.append(told)
    return _digest(*results)


def _node(node: Any, known: dict[str, str], places: dict[str, int]) -> str:
    if is_constant(node):
        return content_digest(node)
    facts = sorted(
        (key, str(value)) for key, value in node.get_attributes().items() if key not in NAMES
    )
    fed = [
        (known.get(id_of(output.get_node()), ""), output.get_index())
        for output in (item.get_source_output() for item in node.inputs())
    ]
    inner = [structure(body) for body in bodies(node)]
    return _digest(node.get_type_name(), places.get(id_of(node)), facts, fed, inner)


def _digest(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()
