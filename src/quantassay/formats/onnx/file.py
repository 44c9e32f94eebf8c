"""An ONNX file and its external data: is it whole, is it safe, which bytes is it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from ...plugins.installed import installed
from ...records.artifacts import Artifact
from ..digests import hashed

EXTERNAL = 1


def inspect_onnx(path: Path) -> Artifact:
    """Check an ONNX file and identify it by content.

    The digest is the SHA-256 of the file and, where it has external data, of the name and content
    of each file that holds some. Weights stored outside are never loaded.

    Raises
    ------
    ArtifactError
        If the file is missing, truncated or not ONNX, or its external data is missing, too short,
        absolute or outside its folder.
    """
    if not path.is_file():
        msg = f"{path}: no such model file"
        raise ArtifactError(msg)
    model = parsed(path)
    external = external_files(model, path)
    digest, size = hashed(path, sha256())
    for name in sorted(external):
        digest.update(b"\0" + name.encode())
        digest, more = hashed(external[name], digest)
        size += more
    return Artifact(path, f"sha256:{digest.hexdigest()}", size, _version(model))


def _version(model: Any) -> str:
    """Return what a model says of its version and of what made it; '' where it says nothing."""
    own = f"model version {model.model_version}" if model.model_version else ""
    maker = " ".join(filter(None, [model.producer_name, model.producer_version]))
    return ", ".join(filter(None, [own, maker and f"made by {maker}"]))


def parsed(path: Path) -> Any:
    """Read a model without the weights that it stores outside.

    Raises
    ------
    ArtifactError
        If it is truncated or not ONNX.
    PluginError
        If the package that reads it is not installed.
    """
    with installed(f"{path}: reading ONNX", "onnx"):
        onnx = import_module("onnx")
    try:
        model = onnx.load(str(path), load_external_data=False)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise ArtifactError(msg) from error
    except Exception as error:
        msg = f"{path}: truncated or not an ONNX model; export or copy it again"
        raise ArtifactError(msg) from error
    if not (model.ir_version and model.opset_import and model.graph.output):
        msg = f"{path}: holds no complete ONNX model (truncated?); export or copy it again"
        raise ArtifactError(msg)
    return model


def external_files(model: Any, path: Path) -> dict[str, Path]:
    """Return the files that hold weights outside the model file, by their name in it.

    Raises
    ------
    ArtifactError
        If one is missing, too short, absolute or outside the model's folder.
    """
    folder = path.resolve().parent
    found: dict[str, Path] = {}
    for tensor in tensors(model.graph):
        if tensor.data_location != EXTERNAL:
            continue
        facts = {item.key: item.value for item in tensor.external_data}
        name = facts.get("location", "")
        target = _inside(name, folder, f"{path}: weight {tensor.name!r}")
        end = int(facts.get("offset", 0) or 0) + int(facts.get("length", 0) or 0)
        if target.stat().st_size < end:
            msg = f"{path}: external data {name!r} is truncated; copy it again"
            raise ArtifactError(msg)
        found[name] = target
    return found


def _inside(name: str, folder: Path, where: str) -> Path:
    if Path(name).is_absolute() or name.startswith(("/", "\\")):
        msg = f"{where} is stored at the absolute path {name!r}; store it beside the model"
        raise ArtifactError(msg)
    target = (folder / name).resolve()
    if not target.is_relative_to(folder):
        msg = (
            f"{where} is stored outside the model's folder, in {name!r}; store it beside the model"
        )
        raise ArtifactError(msg)
    if not name or not target.is_file():
        msg = f"{where} is stored in {name!r}, which is missing; copy it beside the model"
        raise ArtifactError(msg)
    return target


def tensors(graph: Any) -> Iterator[Any]:
    """Yield every stored tensor of a graph, those in attributes and subgraphs included."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield sparse.values
        yield sparse.indices
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            for inner in (attribute.g, *attribute.graphs):
                yield from tensors(inner)
