"""OpenVINO IR going into a scheme and coming out of it."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from ...plugins.installed import installed
from ...plugins.unreported import import_without

TELEMETRY = "openvino_telemetry"


def require_openvino(module: str = "openvino") -> Any:
    """Import OpenVINO, or say how to get it."""
    with installed("making this variant", "openvino"):
        return import_without(module, TELEMETRY)


def load(reference: Path) -> Any:
    """Load OpenVINO IR with its weights.

    Raises
    ------
    ArtifactError
        If it is missing or damaged.
    """
    if not reference.is_file():
        msg = f"{reference}: no such model file"
        raise ArtifactError(msg)
    frontends = require_openvino("openvino.frontend").FrontEndManager()
    try:
        reader = frontends.load_by_framework("ir")
        return reader.convert(reader.load(str(reference)))
    except Exception as error:
        msg = f"{reference}: damaged, without its .bin, or not OpenVINO IR; export or copy it again"
        raise ArtifactError(msg) from error


def write(model: Any, kept: Set[str], folder: Path, out: Path) -> None:
    """Write a graph and its weights from their workplace, both or neither.

    The same model makes the same bytes: OpenVINO numbers what has no name in the order of its
    making, over the whole process, so names that are not ``kept`` are given by place.

    Raises
    ------
    ArtifactError
        If a file cannot be written.
    """
    for at, node in enumerate(model.get_ordered_ops()):
        if node.get_friendly_name() == node.get_name() and node.get_name() not in kept:
            node.set_friendly_name(f"{node.get_type_name()}/{at}")
    graph = folder / "out.xml"
    weights = out.with_suffix(".bin")
    try:
        require_openvino().save_model(model, str(graph), compress_to_fp16=False)
        graph.with_suffix(".bin").replace(folder.parent / weights.name)
        graph.replace(folder.parent / out.name)
    except OSError as error:
        (folder.parent / weights.name).unlink(missing_ok=True)
        msg = f"{out}: cannot be written: {error.strerror}"
        raise ArtifactError(msg) from error
