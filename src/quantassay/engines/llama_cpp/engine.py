"""GGUF files of language models, run in this process by llama.cpp."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from ...errors import ArtifactError, DataError, reason
from ...plugins.options import read_options
from ...records.executor import EngineUse
from .answers import KINDS, Answering
from .options import CACHES, LlamaCppOptions, require
from .running import Running

LONGEST, AT_ONCE = 4096, 512


class LlamaCpp:
    """Opens a GGUF file on the CPU.

    Inputs are a text column, cut into tokens by the file's tokenizer, or arrays ``input_ids`` and
    ``attention_mask``. Samples run one by one, so none depends on who shares its batch.
    """

    name = "llama-cpp"
    formats = ("gguf",)
    options = LlamaCppOptions

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> LlamaCppSession:
        """Load a model.

        Raises
        ------
        ArtifactError
            If there is no file, or llama.cpp cannot load it.
        PluginError
            If a package or an option is not there.
        """
        asked = read_options(LlamaCppOptions, options, "engine 'llama-cpp'")
        if artifact is None or not artifact.is_file():
            msg = f"engine 'llama-cpp' needs a GGUF file; there is none at {artifact}"
            raise ArtifactError(msg)
        return LlamaCppSession(artifact, asked)


class LlamaCppSession:
    """A model loaded by llama.cpp."""

    fixed_batch: int | None = None

    def __init__(self, artifact: Path, options: LlamaCppOptions) -> None:
        self._library = require("llama_cpp")
        self._artifact, self._options = artifact, options
        started = perf_counter()
        self._asked = self._limit()
        self._native = self._loaded()
        self._answering = self._how()
        self.load_seconds = perf_counter() - started
        self.inputs, self.outputs = self._answering.inputs, self._answering.outputs

    def _loaded(self) -> Any:
        options = self._options
        cache = CACHES[options.cache]
        return self._opened(
            n_ctx=self._asked,
            n_batch=AT_ONCE,
            n_threads=options.threads,
            n_threads_batch=options.threads,
            type_k=cache,
            type_v=cache,
            logits_all=options.output in ("loglikelihood", "choices"),
            n_gpu_layers=0,
            offload_kqv=False,
            op_offload=False,
            flash_attn=False,
        )

    def _opened(self, **options: Any) -> Any:
        """Load the file; what llama.cpp prints becomes part of the error, or is dropped."""
        printed = StringIO()
        try:
            with redirect_stderr(printed):
                return self._library.Llama(str(self._artifact), verbose=False, **options)
        except Exception as error:
            said = " ".join(f"{error}: {printed.getvalue()}".split())[:300]
            msg = f"{self._artifact}: llama.cpp cannot load this model: {said}"
            raise ArtifactError(msg) from error

    def _limit(self) -> int:
        """Return how many tokens a text may have."""
        if self._options.max_length is not None:
            return self._options.max_length
        said = self._opened(vocab_only=True).metadata
        length = said.get(f"{said.get('general.architecture')}.context_length", "")
        return min(int(length), LONGEST) if length.isdigit() and int(length) else LONGEST

    def _how(self) -> Answering:
        model = Running(self._library, self._native)
        limit = min(self._native.n_ctx(), self._asked)
        return KINDS[self._options.output](model, self._artifact, limit, self._options)

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch.

        Raises
        ------
        DataError
            If it is neither text nor tokens that the model takes.
        """
        try:
            return self._answering(batch)
        except DataError:
            raise
        except Exception as error:
            msg = f"{self._artifact}: llama.cpp refused a batch: {reason(error)}"
            raise DataError(msg) from error

    @property
    def deterministic(self) -> bool | None:
        """True on one thread; None on several."""
        return True if self._options.threads == 1 else None

    def use(self) -> EngineUse:
        """Describe library and options, and the precision of products by the types of tensors."""
        from .precision import full_precision, operations, precisions

        said = self._library.llama_print_system_info().decode()
        instructions = re.findall(r"(\w+) = 1", said)
        found, layers = operations(self._artifact), self._layers()
        return EngineUse(
            engine="llama-cpp",
            version=str(self._library.__version__),
            provider="CPU",
            threads=self._options.threads,
            graph_level=None,
            precisions=precisions(found, layers, self._options, instructions),
            options={
                "output": self._options.output,
                "cache": self._options.cache,
                "built for": " ".join(instructions),
            },
            asked=self._options.cache,
            full_precision=full_precision(found, layers, self._options),
        )

    def _layers(self) -> int:
        said = self._native.metadata
        blocks = said.get(f"{said.get('general.architecture')}.block_count", "0")
        return int(blocks) if blocks.isdigit() else 0

    def close(self) -> None:
        """Let go of the model."""
        if self._native is not None:
            self._native.close()
        self._native = None
