"""Walks an OpenVINO graph: operations, constants, and which constant feeds what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from ...plugins.installed import installed
from ...plugins.unreported import import_without

# what moves or rescales weights on their way to the layer that they belong to
PASSING = {
    "Convert", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "FakeQuantize", "Multiply",
    "Subtract",
}  # fmt: skip
BODIES = {"If": 2, "Loop": 1, "TensorIterator": 1}


def read(path: Path) -> Any:
    """Read OpenVINO IR.

    Raises
    ------
    ArtifactError
        If OpenVINO cannot.
    PluginError
        If OpenVINO is not installed.
    """
    with installed(f"{path}: reading OpenVINO IR", "openvino"):
        frontends = import_without("openvino.frontend", "openvino_telemetry")
    try:
        reader = frontends.FrontEndManager().load_by_framework("ir")
        return reader.convert(reader.load(str(path)))
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        msg = f"{path}: OpenVINO cannot read this model: {(lines or [''])[-1][:300]}"
        raise ArtifactError(msg) from error


def nodes(model: Any) -> Iterator[Any]:
    """Yield operations in the order of computation, those inside branches and loops included."""
    for node in model.get_ordered_ops():
        yield node
        for body in bodies(node):
            yield from nodes(body)


def bodies(node: Any) -> Iterator[Any]:
    """Yield the graphs inside a branch or a loop."""
    for at in range(BODIES.get(node.get_type_name(), 0)):
        yield node.get_function(at)


def source(item: Any) -> Any:
    """Return the operation that feeds an input."""
    return item.get_source_output().get_node()


def is_constant(node: Any) -> bool:
    """Return whether an operation is a stored constant."""
    return bool(node.get_type_name() == "Constant")


def stored(item: Any) -> tuple[Any, bool] | None:
    """Return the constant that an input comes from, moved or scaled, and whether it is rounded.

    None where something that is computed feeds the input.
    """
    node, rounded = source(item), False
    while not is_constant(node):
        if node.get_type_name() not in PASSING:
            return None
        rounded |= node.get_type_name() == "FakeQuantize"
        node = source(node.inputs()[0])
    return node, rounded
