"""TFLite models in LiteRT, on the processor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from ...errors import ArtifactError, DataError, reason
from ...plugins.options import read_options
from ...records.executor import EngineUse
from ..feeds import named
from .interpreter import REFUSALS, LoadedModel, signature_names
from .options import LiteRtOptions, require_runtime, runtime_version
from .precision import executed, operations
from .tensors import ModelTensor, tensors_of
from .trial import tried

RANDOM = {"RANDOM_STANDARD_NORMAL", "RANDOM_UNIFORM", "MULTINOMIAL"}


class LiteRt:
    """Opens TFLite models in LiteRT; quantized ones take and give real numbers.

    A model is first run once, on made-up inputs, in a process of its own: a file that ends it is
    refused, and one that cannot take batches of any size is found out.
    """

    name = "litert"
    formats = ("tflite",)
    options = LiteRtOptions

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> LiteRtSession:
        """Load a model.

        Raises
        ------
        ArtifactError
            If there is no such file, or LiteRT cannot load or run it.
        PluginError
            If LiteRT or an option is not there.
        """
        if artifact is None:
            msg = "engine 'litert' needs a model file: set 'model'"
            raise ArtifactError(msg)
        if not artifact.is_file():
            msg = f"{artifact}: no such model file"
            raise ArtifactError(msg)
        chosen = read_options(LiteRtOptions, options, "engine 'litert'")
        require_runtime()
        return LiteRtSession(artifact, chosen)


class LiteRtSession:
    """A model loaded in LiteRT."""

    def __init__(self, artifact: Path, options: LiteRtOptions) -> None:
        self._artifact, self._options = artifact, options
        self._trial = tried(artifact, options)
        started = perf_counter()  # the trial is ours, and no part of what loading costs
        self._model = LoadedModel(artifact, options)
        self.load_seconds = perf_counter() - started
        names = signature_names(self._model.native)
        self._inputs = tensors_of(self._model.inputs, names[0], artifact)
        self._outputs = tensors_of(self._model.outputs, names[1], artifact)
        self.inputs, self.outputs = tuple(self._inputs), tuple(self._outputs)
        self.fixed_batch = None if self._trial.batches else self._model.own_batch

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch in one call of the model.

        Raises
        ------
        DataError
            If names, types or shapes are not those of the model.
        """
        raw = self._options.raw_io
        feeds = {
            tensor.index: tensor.fed(array, self._artifact, raw=raw)
            for tensor, array in self._matched(batch)
        }
        try:
            found = self._model.answer(feeds)
        except REFUSALS as error:
            msg = f"{self._artifact}: LiteRT refused a batch: {reason(error)}"
            raise DataError(msg) from error
        return {
            name: tensor.numbers(found[tensor.index], raw=raw)
            for name, tensor in self._outputs.items()
        }

    def _matched(self, batch: Mapping[str, NDArray[Any]]) -> list[tuple[ModelTensor, NDArray[Any]]]:
        feeds = named(batch, self.inputs, self._artifact)
        rows = len(next(iter(feeds.values())))
        if self.fixed_batch not in (None, rows):
            msg = (
                f"{self._artifact}: takes batches of exactly {self.fixed_batch}, got {rows} "
                f"({self._trial.why}); set 'inference: {{batch: {self.fixed_batch}}}'"
            )
            raise DataError(msg)
        return [(tensor, feeds[name]) for name, tensor in self._inputs.items()]

    @property
    def deterministic(self) -> bool | None:
        """True with one thread and no random operation; else False or None."""
        if any(item.name in RANDOM for item in operations(self._model.native)):
            return False
        return True if self._options.threads == 1 else None

    def use(self) -> EngineUse:
        """Describe the runtime and its options, and in what each operation ran."""
        ran = executed(self._model.native)
        return EngineUse(
            engine="litert",
            version=runtime_version(),
            provider=ran.provider,
            threads=self._options.threads,
            graph_level=None,
            precisions=ran.precisions,
            full_precision=ran.full_precision,
            tells=ran.tells,
            options={
                "delegate": self._options.delegate,
                "delegated": ran.taken,
                "batches": "of any size"
                if self._trial.batches
                else f"of {self.fixed_batch}: {self._trial.why}",
                "raw_io": str(self._options.raw_io).lower(),
                **{f"input {name}": item.describe() for name, item in self._inputs.items()},
                **{f"output {name}": item.describe() for name, item in self._outputs.items()},
            },
        )

    def close(self) -> None:
        """Let go of the model."""
        del self._model
