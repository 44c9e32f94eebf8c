"""Any OpenAI-compatible server as an engine: vLLM, llama-server, TGI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import Any

from numpy.typing import NDArray

from ...errors import DataError, PluginError, nearest
from ...plugins.options import read_options
from ...records.executor import EngineUse
from .answers import answering
from .client import Client
from .options import EndpointOptions

PATHS = {"completion": "/completions", "chat": "/chat/completions"}
TOLD = ("owned_by", "created")
NOT_TOLD = ("url", "key_env", "choices", "stop", "system")
#: what reading an answer of another shape raises
WRONG = (KeyError, TypeError, IndexError, ValueError, AttributeError, OverflowError)


class Endpoint:
    """Sends each sample to a server, several at a time.

    ``engine: endpoint`` with ``engine_options: {url: ..., model: ...}``; no model file. A request
    that fails is repeated (429 and 5xx, and where no answer came); one that keeps failing stops
    the run, which goes on there when it is started again. What the server computes in is not
    known: declare the ``precision``.
    """

    name = "endpoint"
    formats: tuple[str, ...] = ()
    takes_file = False
    options = EndpointOptions

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> EndpointSession:
        """Ask the server for its models.

        Raises
        ------
        PluginError
            If an option is unknown, wrong or missing, or httpx2 is not installed.
        DataError
            If the server cannot be reached or has no such model.
        """
        if artifact is not None:
            msg = "engine 'endpoint' takes no model file: 'url' and 'model' say what answers"
            raise PluginError(msg)
        return EndpointSession(read_options(EndpointOptions, options, "engine 'endpoint'"))


class EndpointSession:
    """A server and one of its models."""

    inputs: tuple[str, ...] = ()
    fixed_batch: int | None = None

    def __init__(self, options: EndpointOptions) -> None:
        started = perf_counter()
        self._options, self._answering = options, answering(options)
        self._client = Client(options)
        self.outputs = (self._answering.output,)
        self._model, self._server = self._found()
        self._pool = ThreadPoolExecutor(options.concurrency)
        self.load_seconds = perf_counter() - started

    @property
    def deterministic(self) -> bool | None:
        """None: answers may depend on who else asks at the same time."""
        return None

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch of texts.

        Raises
        ------
        DataError
            If inputs are not texts, or the server refuses or garbles one.
        """
        columns = [_texts(name, array) for name, array in batch.items()]
        rows = list(zip(*columns, strict=True))
        values = list(self._pool.map(self._ask, range(len(rows)), rows))
        return {self._answering.output: self._answering.column(values)}

    def _ask(self, row: int, texts: Sequence[str]) -> Any:
        try:
            answer, _ = self._client.post(PATHS[self._options.mode], self._answering.body(texts))
        except DataError as error:
            msg = f"row {row} of a batch: {error}"
            raise DataError(msg) from error
        try:
            return self._answering.read(answer["choices"][0], texts)
        except WRONG as error:
            msg = (
                f"{self._options.url}: the answer to row {row} of a batch holds no "
                f"{self._options.output}: does this server support it in mode "
                f"{self._options.mode!r}?"
            )
            raise DataError(msg) from error

    def _found(self) -> tuple[Mapping[str, Any], str]:
        listed, server = self._client.get("/models")
        models = listed.get("data") if isinstance(listed, dict) else None
        named = {str(one.get("id")): one for one in models or () if isinstance(one, dict)}
        if self._options.model not in named:
            close = nearest(self._options.model, named)
            msg = (
                f"{self._options.url}: serves no model {self._options.model!r}{close}; "
                f"there are: {', '.join(named) or 'none'}"
            )
            raise DataError(msg)
        return named[self._options.model], server

    def use(self) -> EngineUse:
        """Describe the server as far as it tells."""
        told = {key: str(self._model[key]) for key in TOLD if key in self._model}
        given = {
            key: str(getattr(self._options, key))
            for key in EndpointOptions.__dataclass_fields__
            if key not in NOT_TOLD
        }
        return EngineUse(
            engine="endpoint",
            version=self._server or "not told by the server",
            provider=self._options.url,
            threads=None,
            graph_level=None,
            tells=False,
            options={**given, **told},
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.shutdown()
        self._client.close()


def _texts(name: str, array: NDArray[Any]) -> list[str]:
    if array.dtype.kind not in "OU" or array.ndim != 1:
        what = f"input {name!r}" if name else "the input"
        msg = f"engine 'endpoint' is fed texts; {what} is {array.dtype} of shape {array.shape}"
        raise DataError(msg)
    return [str(text) for text in array.tolist()]
