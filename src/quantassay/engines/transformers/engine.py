"""Local folders of causal, embedding and classification models, run by transformers."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from ...errors import ArtifactError, DataError, PluginError, reason
from ...plugins.options import read_options
from ...records.executor import EngineUse
from ..frameworks import torch_build
from .answering import Answering
from .answers import answering_of
from .folder import ModelFolder, read_folder, task_of
from .options import TransformersOptions, require
from .tokens import open_tokenizer

CLASSES = {
    "causal": "AutoModelForCausalLM",
    "embedding": "AutoModel",
    "classification": "AutoModelForSequenceClassification",
}
#: parts of a model whose weights no answer of this engine depends on
UNUSED = ("pooler.",)


class Transformers:
    """Opens a local folder of a model: ``config.json`` and safetensors; code in it is never run.

    Inputs are a text column, cut into tokens by the folder's tokenizer, or arrays ``input_ids``
    and ``attention_mask``. Padding changes no answer beyond rounding.
    """

    name = "transformers"
    formats = ("transformers",)
    options = TransformersOptions
    layers = staticmethod(torch_build)

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> TransformersSession:
        """Load a model.

        Raises
        ------
        ArtifactError
            If the folder is not whole, not safe, or holds another kind of model.
        PluginError
            If a package or an option is not there.
        """
        asked = read_options(TransformersOptions, options, "engine 'transformers'")
        if artifact is None:
            msg = "engine 'transformers' needs a folder of a model: set 'model'"
            raise ArtifactError(msg)
        return TransformersSession(read_folder(artifact), asked)


class TransformersSession:
    """A model loaded by transformers."""

    fixed_batch: int | None = None

    def __init__(self, folder: ModelFolder, options: TransformersOptions) -> None:
        self._torch, self._library = require("torch", "transformers")
        self._folder, self._options = folder, options
        self._task = task_of(options, folder)
        started = perf_counter()
        with self._threads(), _quiet(self._library):
            self._model = self._loaded()
            self._unpack()
            self._answering = self._how()
        self.load_seconds = perf_counter() - started
        self.inputs, self.outputs = self._answering.inputs, self._answering.outputs

    def _loaded(self) -> Any:
        """Load the model; weights that are missing are an error, never drawn at random."""
        path, options = self._folder.path, self._options
        self._refuse_quantized()
        try:
            model, facts = getattr(self._library, CLASSES[self._task]).from_pretrained(
                path,
                dtype=getattr(self._torch, options.dtype),
                use_safetensors=True,
                trust_remote_code=False,
                local_files_only=True,
                output_loading_info=True,
            )
        except Exception as error:
            msg = f"{path}: transformers cannot load this model as {self._task}: {reason(error)}"
            raise ArtifactError(msg) from error
        lacking = [*facts.get("missing_keys", ()), *facts.get("mismatched_keys", ())]
        lacking = [str(key) for key in lacking if not str(key).startswith(UNUSED)]
        if lacking:
            msg = (
                f"{path}: as {self._task} the model has weights that the folder lacks, such as "
                f"{sorted(lacking)[0]}: they would be random; name another 'task'"
            )
            raise ArtifactError(msg)
        return model.eval()

    def _refuse_quantized(self) -> None:
        method, path = self._folder.quantized, self._folder.path
        if method not in ("", "compressed-tensors"):
            msg = f"{path}: weights quantized by {method} are not run here: compressed-tensors are"
            raise ArtifactError(msg)
        if method:
            try:
                require("compressed_tensors")
            except PluginError as error:
                msg = f"{path}: holds compressed-tensors: pip install 'quantassay[llm-quant]'"
                raise PluginError(msg) from error

    def _unpack(self) -> None:
        """Run quantized layers once: they unpack their weights at the first batch."""
        if self._folder.quantized:
            with self._torch.inference_mode(), redirect_stderr(StringIO()):
                self._model(input_ids=self._torch.zeros((1, 1), dtype=self._torch.int64))

    def _how(self) -> Answering:
        most = getattr(self._model.config, "max_position_embeddings", None)
        limit = self._options.max_length or self._folder.max_length
        auto = self._library.AutoTokenizer
        return answering_of(
            self._torch,
            self._model,
            lambda: open_tokenizer(self._folder.path, auto, limit, most),
            self._folder,
            self._options,
            self._task,
        )

    @contextmanager
    def _threads(self) -> Iterator[None]:
        """Compute on as many threads as asked for, and leave others as they were."""
        before = self._torch.get_num_threads()
        self._torch.set_num_threads(self._options.threads)
        try:
            yield
        finally:
            self._torch.set_num_threads(before)

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch.

        Raises
        ------
        DataError
            If it is neither text nor tokens that the model takes.
        """
        try:
            with self._threads(), self._torch.inference_mode():
                return self._answering(batch)
        except DataError:
            raise
        except Exception as error:
            msg = f"{self._folder.path}: transformers refused a batch: {reason(error)}"
            raise DataError(msg) from error

    @property
    def deterministic(self) -> bool | None:
        """True on one thread; None on several."""
        return True if self._options.threads == 1 else None

    def use(self) -> EngineUse:
        """Describe libraries and options, and the precision of every layer."""
        from ..executor import machine
        from .precision import full_precision, options_of, precisions

        return EngineUse(
            engine="transformers",
            version=str(self._library.__version__),
            provider=f"torch {self._torch.__version__} on the CPU",
            threads=self._options.threads,
            graph_level=None,
            precisions=precisions(self._model, machine().instructions),
            options={**options_of(self._model, self._folder), **self._answering.told},
            asked=self._options.dtype,
            full_precision=full_precision(self._model),
        )

    def close(self) -> None:
        """Let go of the model."""
        self._model = None
        del self._answering


@contextmanager
def _quiet(library: Any) -> Iterator[None]:
    """Load without progress bars and advice; what goes wrong comes as an exception."""
    logging = library.utils.logging
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
