"""ONNX models in ONNX Runtime, whichever distribution of it is installed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from ...errors import ArtifactError, DataError, reason
from ...records.executor import EngineUse
from ..feeds import named
from ..frameworks import onnxruntime_build
from .feeds import feeds_of
from .options import Asked, OnnxOptions, require_runtime, resolved, runtime_version
from .provider_files import recorded
from .providers import allowed

RANDOM = {"RandomNormal", "RandomUniform", "Multinomial", "Bernoulli"}


class OnnxRuntime:
    """Opens ONNX models in ONNX Runtime.

    TensorRT and CUDA: the options are those that ONNX Runtime publishes, and the engine has not
    yet run on the hardware. What float32 products are rounded to there is recorded: CUDA's TF32 is
    off unless ``use_tf32: true``.
    """

    name = "onnxruntime"
    formats = ("onnx",)
    options = Asked
    layers = staticmethod(onnxruntime_build)

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> OnnxSession:
        """Load a model; a provider that is not really used is an error, never a fall-back.

        Raises
        ------
        ArtifactError
            If there is no such file or ONNX Runtime cannot load it.
        PluginError
            If ONNX Runtime, a provider or an option is not there.
        """
        if artifact is None:
            msg = "engine 'onnxruntime' needs a model file: set 'model'"
            raise ArtifactError(msg)
        if not artifact.is_file():
            msg = f"{artifact}: no such model file"
            raise ArtifactError(msg)
        return OnnxSession(artifact, resolved(options, require_runtime()))


class OnnxSession:
    """A model loaded in ONNX Runtime."""

    def __init__(self, artifact: Path, options: OnnxOptions) -> None:
        self._artifact, self._options = artifact, options
        started = perf_counter()
        self._native = options.create(artifact)
        self.load_seconds = perf_counter() - started
        try:
            self._feeds = feeds_of(self._native.get_inputs())
            self.outputs = tuple(node.name for node in self._native.get_outputs())
        except UnicodeDecodeError as error:
            msg = f"{artifact}: damaged: a name in it is not UTF-8; export or copy it again"
            raise ArtifactError(msg) from error
        self.inputs = tuple(self._feeds)
        fixed = {feed.fixed_batch for feed in self._feeds.values()} - {None}
        self.fixed_batch = next(iter(fixed)) if len(fixed) == 1 else None

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch.

        Raises
        ------
        DataError
            If names, types or shapes are not those of the model.
        """
        feeds = self._checked(batch)
        try:
            return dict(zip(self.outputs, self._native.run(None, feeds), strict=True))
        except Exception as error:
            msg = f"{self._artifact}: ONNX Runtime refused a batch: {reason(error)}"
            raise DataError(msg) from error

    def _checked(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        feeds = named(batch, self.inputs, self._artifact)
        for name, array in feeds.items():
            feed = self._feeds[name]
            if array.dtype != feed.dtype or array.ndim != feed.ndim or feed.fixed_batch is not None:
                feed.check(array, self._artifact)
        return feeds

    @cached_property
    def _graphs(self) -> tuple[Any, Any]:
        return self._options.graphs(self._artifact)

    @property
    def deterministic(self) -> bool | None:
        """True on the CPU with one thread and no random operation; else False or None."""
        source = self._graphs[0]
        if any(node.op_type.removesuffix("Like") in RANDOM for node in source.graph.node):
            return False
        known = self._options.names == ("CPUExecutionProvider",) and self._options.threads == 1
        return True if known else None

    def use(self) -> EngineUse:
        """Describe engine and options, and what became of each low-precision operation."""
        from ..executor import machine
        from .element_types import float_kind
        from .precision import full_precision, precisions

        source, optimized = self._graphs
        provider = self._native.get_providers()[0]
        lower = allowed(*self._options.providers[0])
        told = optimized if provider == "CPUExecutionProvider" else None
        return EngineUse(
            engine="onnxruntime",
            version=runtime_version(),
            provider=provider,
            threads=self._options.threads,
            graph_level=self._options.graph,
            precisions=precisions(source, optimized, provider, machine().instructions, lower),
            options=recorded(self._options.providers),
            asked=", ".join((float_kind(source), *(f"{kind} allowed" for kind in lower))),
            full_precision=full_precision(told) if told is not None else {},
            tells=told is not None,
        )

    def close(self) -> None:
        """Let go of the model."""
        self.__dict__.pop("_graphs", None)
        self._native = None
