"""Nodes of an ONNX model that options of a scheme name, and whether any was quantized."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ...errors import ArtifactError, PluginError, nearest, some

LAYERS = {"Conv", "ConvTranspose", "Gemm", "MatMul"}


def nodes(graph: Any) -> Iterator[Any]:
    """Yield the nodes of a graph and of all graphs inside it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                yield from nodes(inner)


def excluded(
    reference: Path, model: Any, prepared: Any, names: Iterable[str] | None, option: str
) -> list[str]:
    """Return the names of prepared nodes that stand for nodes of the model.

    Preparing merges some: ``fc`` of a MatMul may then be ``fc/MatMulAddFusion``.

    Raises
    ------
    PluginError
        If the model has no such node, or nothing of it is left to exclude.
    """
    old = [node.name for node in nodes(model.graph) if node.name]
    new = [node.name for node in nodes(prepared.graph) if node.name]
    found: list[str] = []
    for name in names or ():
        if name not in old:
            close = nearest(name, old) or f"; it has {some(old) if old else 'no named nodes'}"
            msg = f"{reference}: {option} names a node {name!r} that the model does not have{close}"
            raise PluginError(msg)
        kept = [name] if name in new else [other for other in new if _source(other, old) == name]
        if not kept:
            msg = (
                f"{reference}: {option} names node {name!r}, which preparing folds into another; "
                f"name one of those that are left: {some(new)}"
            )
            raise PluginError(msg)
        found += kept
    return found


def _source(name: str, old: Sequence[str]) -> str:
    """Return the longest name of the model that a prepared node's name begins with."""
    return max((one for one in old if name.startswith(one)), key=len, default="")


def require_kinds(reference: Path, model: Any, kinds: Iterable[str] | None, option: str) -> None:
    """Make sure that a model has nodes of each kind.

    Raises
    ------
    PluginError
        With the kinds that it has.
    """
    there = sorted({node.op_type for node in nodes(model.graph)})
    for kind in kinds or ():
        if kind not in there:
            close = nearest(kind, there) or f"; it has {', '.join(there)}"
            msg = (
                f"{reference}: {option} names {kind!r}, and the model has no such operation{close}"
            )
            raise PluginError(msg)


def require_supported(kinds: Iterable[str] | None, known: Iterable[str], option: str) -> None:
    """Make sure that ONNX Runtime quantizes each of these kinds, rather than leave it alone.

    Raises
    ------
    PluginError
        With the kinds that it quantizes.
    """
    listed = sorted(known)
    for kind in kinds or ():
        if kind not in listed:
            msg = (
                f"{option} names {kind!r}{nearest(kind, listed)}, which ONNX Runtime does not "
                f"quantize here; it quantizes {', '.join(listed)}"
            )
            raise PluginError(msg)


def require_change(reference: Path, made: Any, signs: Sequence[str], scheme: str) -> None:
    """Refuse a variant without any operation that marks it as quantized.

    Raises
    ------
    ArtifactError
        With the number of layers that were left as they were.
    """
    kinds = [node.op_type for node in nodes(made.graph)]
    if not set(kinds) & set(signs):
        layers = [kind for kind in kinds if kind in LAYERS]
        why = "the model has no layer with weights; take another model"
        if layers:
            why = (
                f"0 of {len(layers)} layers ({', '.join(sorted(set(layers)))}) were quantized; "
                "look up which kinds it takes, check its options 'ops' and 'exclude'"
            )
        msg = f"{reference}: scheme {scheme!r} changed nothing: {why}, or leave the variant out"
        raise ArtifactError(msg)
