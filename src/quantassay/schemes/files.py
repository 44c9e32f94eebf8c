"""Model files going in and coming out of a scheme."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import ArtifactError
from .quiet import require

LIMIT = (1 << 31) - (1 << 20)


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """Yield a temporary folder beside ``out`` and work in it; what leaves it appears whole.

    onnxruntime's tools write files of their own into the current folder.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent.resolve()) as folder,
        chdir(folder),
    ):
        yield Path(folder)


def load(reference: Path) -> Any:
    """Load a model with its weights.

    Raises
    ------
    ArtifactError
        If it is missing, not ONNX, or too large for a single file.
    """
    onnx = require("onnx")
    if not reference.is_file():
        msg = f"{reference}: no such model file"
        raise ArtifactError(msg)
    try:
        model = onnx.load(str(reference))
    except Exception as error:
        msg = f"{reference}: truncated or not an ONNX model; export or copy it again"
        raise ArtifactError(msg) from error
    if model.ByteSize() > LIMIT:
        msg = (
            f"{reference}: larger than 2 GB; quantize it elsewhere and declare the file as 'model'"
        )
        raise ArtifactError(msg)
    return model


def write(model: Any, folder: Path, out: Path) -> None:
    """Write a model from its workplace to ``out``, whole or not at all.

    The same model makes the same bytes.

    Raises
    ------
    ArtifactError
        If the file cannot be written.
    """
    path = folder / "out.onnx"
    try:
        path.write_bytes(model.SerializeToString(deterministic=True))
        path.replace(folder.parent / out.name)
    except OSError as error:
        msg = f"{out}: cannot be written: {error.strerror}"
        raise ArtifactError(msg) from error


def only_input(model: Any) -> str | None:
    """Return the name of a model's input where it has just one."""
    stored = {tensor.name for tensor in model.graph.initializer}
    names = [value.name for value in model.graph.input if value.name not in stored]
    return names[0] if len(names) == 1 else None


def operations(model: Any) -> set[str]:
    """Return the kinds of operation in a model's graph."""
    return {node.op_type for node in model.graph.node}
