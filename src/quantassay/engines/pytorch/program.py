"""Exported programs (.pt2), loaded by PyTorch from what their format found harmless."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import plugins
from ...errors import ArtifactError, DataError, one_line
from ...plugins.quiet import quietly
from .library import require_torch
from .options import TorchOptions

WEIGHTED = {"linear": 1, "conv1d": 1, "conv2d": 1, "conv3d": 1, "convolution": 1, "mm": 1,
            "addmm": 2, "_int_mm": 1, "matmul": 1, "bmm": 1}  # fmt: skip


@dataclass(frozen=True)
class Feed:
    """Element type and sizes of one input; None for a size that may vary."""

    name: str
    dtype: str
    sizes: tuple[int | None, ...]

    def check(self, array: NDArray[Any], artifact: Path) -> None:
        """Raise DataError where an array is not what this input takes."""
        given = array.shape
        fits = len(given) == len(self.sizes) and all(
            want is None or want == got for want, got in zip(self.sizes, given, strict=True)
        )
        if array.dtype.name == self.dtype and fits:
            return
        sizes = ", ".join("any" if size is None else str(size) for size in self.sizes)
        msg = (
            f"{artifact}: input {self.name!r} takes {self.dtype} of shape ({sizes}), got "
            f"{array.dtype} of {given}; declare it in 'preprocess', or export with dynamic sizes"
        )
        raise DataError(msg)


class Program:
    """An exported program that can be called with arrays by name."""

    def __init__(self, artifact: Path, options: TorchOptions) -> None:
        torch = require_torch()
        program = _loaded(artifact, torch)
        if options.device != "cpu":
            program = torch.export.passes.move_to_device_pass(program, options.device)
        self.artifact = artifact
        self.feeds = _feeds(program, artifact)
        self._positional, self._named = _call(program, artifact)
        self.stored = _stored(program, torch)
        with quietly():
            self.module: Any = program.module(check_guards=False)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs, in the program's order."""
        return tuple(self.feeds)

    @property
    def fixed_batch(self) -> int | None:
        """The only batch size that it was exported for; None where any will do."""
        sizes = {feed.sizes[0] if feed.sizes else None for feed in self.feeds.values()}
        return next(iter(sizes)) if len(sizes) == 1 else None

    def arguments(self, batch: Mapping[str, NDArray[Any]]) -> tuple[list[str], dict[str, str]]:
        """Check a batch; say which input goes to which place and name.

        Raises
        ------
        DataError
            If names, types or shapes are not those of the program.
        """
        if batch.keys() != self.feeds.keys():
            wanted = ", ".join(map(repr, self.feeds))
            given = ", ".join(map(repr, batch))
            msg = f"{self.artifact}: the program's inputs are {wanted}, got {given}; "
            raise DataError(msg + "map them in 'input: {model input: column}'")
        for name, feed in self.feeds.items():
            feed.check(np.asarray(batch[name]), self.artifact)
        return self._positional, self._named


def _loaded(artifact: Path, torch: Any) -> Any:
    """Hand PyTorch a copy of the archive that holds only what the format checked."""
    members = plugins.load("formats", "exported").checked(artifact)
    copy = io.BytesIO()
    archives = require_torch("torch.export.pt2_archive")
    with archives.PT2ArchiveWriter(copy) as writer:
        for name, data in members.items():
            writer.write_bytes(name, data)
        writer.write_bytes("data/sample_inputs/model.pt", b"")
    copy.seek(0)
    _register_operators(members["models/model.json"])
    try:
        with quietly():
            return torch.export.load(copy)
    except Exception as error:
        msg = f"{artifact}: torch {torch.__version__} cannot load this program: {one_line(error)}"
        raise ArtifactError(msg) from error


def _register_operators(graph: bytes) -> None:
    """Import what registers the operators that a program uses beyond PyTorch's own."""
    if b"torch.ops.torchao." in graph:
        require_torch("torchao")
    if b"torch.ops.quantized_decomposed." in graph:
        require_torch("torch.ao.quantization.fx._decomposed")


def _feeds(program: Any, artifact: Path) -> dict[str, Feed]:
    torch = require_torch()
    values = {node.name: node.meta.get("val") for node in program.graph.nodes}
    found = {}
    for name in program.graph_signature.user_inputs:
        value = values.get(name) if isinstance(name, str) else None
        if not isinstance(value, torch.Tensor):
            msg = f"{artifact}: takes an input that is no tensor: {str(name)[:60]!r}; export it so"
            raise ArtifactError(msg)
        sizes = tuple(size if isinstance(size, int) else None for size in value.shape)
        found[name] = Feed(name, str(value.dtype).removeprefix("torch."), sizes)
    return found


def _call(program: Any, artifact: Path) -> tuple[list[str], dict[str, str]]:
    """Return the inputs given by place, and those given by name."""
    names = list(program.graph_signature.user_inputs)
    args, kwargs = program.call_spec.in_spec.children()
    if not all(child.is_leaf() for child in (*args.children(), *kwargs.children())):
        msg = f"{artifact}: takes tensors in lists or mappings; export it with plain tensors"
        raise ArtifactError(msg)
    places = len(args.children())
    keywords = dict(zip(kwargs.context or [], names[places:], strict=True))
    return names[:places], keywords


def _stored(program: Any, torch: Any) -> Counter[str]:
    """Count products whose weight is stored in whole numbers, by kind, such as ``int8``."""
    signature = program.graph_signature
    weights = {*signature.inputs_to_parameters, *signature.inputs_to_buffers}
    found: Counter[str] = Counter()
    for node in program.graph.nodes:
        operator = str(node.target).split(".")[1:2] if node.op == "call_function" else []
        place = WEIGHTED.get("".join(operator), len(node.args))
        source: Any = node.args[place] if place < len(node.args) else None
        bits = 8
        while isinstance(source, torch.fx.Node) and source.op == "call_function":
            bits = _bits(source) or bits
            source = source.args[0] if source.args else None
        value = source.meta.get("val") if getattr(source, "name", "") in weights else None
        if value is not None and value.dtype in (torch.int8, torch.uint8):
            found[f"int{bits}"] += 1
    return found


def _bits(node: Any) -> int | None:
    """Return in how many bits the values that torchao expands lie."""
    if "dequantize_affine" not in str(node.target) or len(node.args) < 7:
        return None
    least, most = node.args[5:7]
    return int(most - least).bit_length() if isinstance(least, int) else None
