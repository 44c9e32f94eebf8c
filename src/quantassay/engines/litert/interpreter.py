"""LiteRT's interpreter with one model in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from ...errors import ArtifactError, reason
from ...plugins.quiet import no_native_logs
from .options import RESOLVERS, LiteRtOptions, require_runtime

# what LiteRT raises: ValueError and RuntimeError on models, MemoryError on shapes
REFUSALS = (ValueError, RuntimeError, MemoryError)
STDERR = 2


class LoadedModel:
    """A model in an interpreter, with room for the batch that it was given last.

    ``Interpreter`` checks the structure of a file before it reads it, and tells which delegate
    took what; the newer ``CompiledModel`` of ai-edge-litert 2.3 does not.

    Raises
    ------
    ArtifactError
        If LiteRT cannot load it.
    """

    def __init__(self, artifact: Path, options: LiteRtOptions) -> None:
        runtime = require_runtime()
        resolver = getattr(runtime.OpResolverType, RESOLVERS[options.delegate])
        try:
            with no_native_logs():
                self.native = runtime.Interpreter(
                    model_path=str(artifact),
                    num_threads=options.threads,
                    experimental_op_resolver_type=resolver,
                )
                self.native.allocate_tensors()
        except REFUSALS as error:
            msg = f"{artifact}: LiteRT cannot load this model: {reason(error)}"
            raise ArtifactError(msg) from error
        self.inputs: list[dict[str, Any]] = self.native.get_input_details()
        self.outputs: list[dict[str, Any]] = self.native.get_output_details()
        self._shapes = {item["index"]: tuple(item["shape"].tolist()) for item in self.inputs}

    @property
    def own_batch(self) -> int:
        """The batch size that the model was exported with."""
        return int(self.inputs[0]["shape"][0])

    def answer(self, feeds: Mapping[int, NDArray[Any]]) -> dict[int, NDArray[Any]]:
        """Return a copy of each output by tensor index; inputs are given alike.

        Raises
        ------
        ValueError, RuntimeError, MemoryError
            If LiteRT refuses types, shapes or values.
        """
        changed = {i: array.shape for i, array in feeds.items() if array.shape != self._shapes[i]}
        if changed:
            self._resize(changed)
        for index, array in feeds.items():
            self.native.set_tensor(index, array)
        self.native.invoke()
        return {item["index"]: self.native.get_tensor(item["index"]) for item in self.outputs}

    def _resize(self, shapes: Mapping[int, tuple[int, ...]]) -> None:
        for index, shape in shapes.items():
            self._shapes[index] = ()  # unknown until there is room for it
            self.native.resize_tensor_input(index, shape)
        with no_native_logs():
            self.native.allocate_tensors()
        self._shapes.update(shapes)


def signature_names(native: Any) -> tuple[dict[int, str], dict[int, str]]:
    """Return the names of inputs and outputs by tensor index, where the model has one signature."""
    if len(native.get_signature_list()) != 1:
        return {}, {}
    runner = native.get_signature_runner()
    found = (runner.get_input_details(), runner.get_output_details())
    names = [{int(item["index"]): name for name, item in side.items()} for side in found]
    return names[0], names[1]
