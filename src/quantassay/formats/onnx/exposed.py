"""A copy of an ONNX model in which tensors inside it are outputs too.

Whoever asks for a tensor keeps the engine from fusing operations across it: the copy computes the
same, but not always in the same operations, and so not always to the last bit.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from ...errors import ArtifactError
from .file import external_files, parsed


def expose(path: Path, tensors: Sequence[str], copy: Path, *, own: bool) -> Path:
    """Write a copy of a model with other outputs.

    Parameters
    ----------
    path : Path
        The model.
    tensors : sequence of str
        Computed by it, or entering it.
    copy : Path
        The file to write, in a folder of its own: what the model stores outside lies beside it.
    own : bool
        Whether its own outputs are kept, before the others; those asked for stand in the order
        asked for, and one that is both stands once.

    Raises
    ------
    ArtifactError
        If the model is not whole, has no such tensor, or the copy cannot be written.
    """
    model = parsed(path)
    _refuse_unknown(model, tensors, path)
    there = {value.name: value for value in model.graph.output}
    inputs = {value.name for value in model.graph.input} - there.keys()
    wanted = dict.fromkeys([*(there if own else ()), *tensors])
    outputs = [there.get(name) or _output(model, name, inputs) for name in wanted]
    del model.graph.output[:]
    model.graph.output.extend(outputs)
    try:
        copy.parent.mkdir(parents=True, exist_ok=True)
        for name, file in external_files(model, path).items():
            _beside(file, copy.parent / name)
        copy.write_bytes(model.SerializeToString())
    except (OSError, ValueError) as error:
        msg = f"{path}: its copy cannot be written: {error}"
        raise ArtifactError(msg) from error
    return copy


def _output(model: Any, tensor: str, inputs: Collection[str]) -> Any:
    """Return what makes a tensor an output; an input is passed on, since it cannot be both."""
    from onnx import ValueInfoProto

    if tensor not in inputs:
        return ValueInfoProto(name=tensor)
    passed = f"{tensor} watched"
    model.graph.node.add(op_type="Identity", input=[tensor], output=[passed])
    return ValueInfoProto(name=passed)


def _refuse_unknown(model: Any, tensors: Sequence[str], path: Path) -> None:
    known = {value.name for value in model.graph.input}
    known |= {name for node in model.graph.node for name in node.output}
    unknown = [name for name in tensors if name not in known]
    if unknown:
        msg = f"{path}: computes no tensor {unknown[0]!r}"
        raise ArtifactError(msg)


def _beside(file: Path, place: Path) -> None:
    """Link a file of weights into another folder, or copy it where that cannot be."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        return
    try:
        os.link(file, place)
    except OSError:
        shutil.copyfile(file, place)
