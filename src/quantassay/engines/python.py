"""The user's own function as an engine: batch in, outputs out."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import PluginError, UserCodeError, nearest
from ..plugins import called, load_function, source_digest
from ..records.executor import EngineUse

KNOWN = ("function", "folder")


class Python:
    """Opens ``module:function``, looked up beside the rubric first.

    ``engine: "python:module:function"``; it has no options. The function is given an array, or a
    mapping where preprocessing made several, and returns an array or a mapping of arrays with the
    same number of rows. Each call gets a copy that it may write to.
    """

    name = "python"
    formats: tuple[str, ...] = ()

    @staticmethod
    def open(artifact: Path | None, options: Mapping[str, Any]) -> PythonSession:
        """Import the function.

        Raises
        ------
        UserCodeError
            If it cannot be imported.
        PluginError
            If an option is unknown or missing.
        """
        for key in options:
            if key not in KNOWN:
                msg = f"engine 'python' has no option {key!r}{nearest(key, KNOWN)}; configure the "
                msg += "function in its own module"
                raise PluginError(msg)
        spec = options.get("function")
        if not isinstance(spec, str) or artifact is not None:
            msg = "engine 'python' is named as 'python:module:function' and takes no model file"
            raise PluginError(msg)
        return PythonSession(spec, Path(options.get("folder", ".")))


class PythonSession:
    """A user's function, called batch by batch.

    ``inputs`` is empty: the function takes what preprocessing makes. ``outputs`` is ``output``
    until a mapping has come back.
    """

    fixed_batch: int | None = None

    def __init__(self, spec: str, folder: Path) -> None:
        started = perf_counter()
        self._spec = spec
        self._function: Callable[..., Any] = load_function(spec, folder)
        self.load_seconds = perf_counter() - started
        self.inputs: tuple[str, ...] = ()
        self.outputs: tuple[str, ...] = ("output",)
        self._calls = 0

    @property
    def deterministic(self) -> bool | None:
        """None: nobody can know."""
        return None

    def run(self, batch: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Answer one batch.

        Raises
        ------
        UserCodeError
            If the function raises, or returns anything but arrays of the batch's length.
        """
        rows = len(next(iter(batch.values())))
        given: Any = {name: np.array(array) for name, array in batch.items()}
        place = f"{self._spec}, batch {self._calls} ({rows} rows)"
        self._calls += 1
        returned = called(self._function, place, given[""] if list(given) == [""] else given)
        outputs = self._named(returned, place)
        for name, array in outputs.items():
            _check(name, array, rows, place)
        self.outputs = tuple(outputs)
        return outputs

    @staticmethod
    def _named(returned: Any, place: str) -> dict[str, NDArray[Any]]:
        named = returned if isinstance(returned, Mapping) else {"output": returned}
        if not named:
            msg = f"{place}: returned an empty mapping; expected at least one array"
            raise UserCodeError(msg)
        try:
            # a copy: the function may fill the same buffer at every call
            return {str(name): np.array(value) for name, value in named.items()}
        except ValueError as error:
            msg = f"{place}: returned rows of unequal length; expected an array"
            raise UserCodeError(msg) from error

    def use(self) -> EngineUse:
        """Describe the engine; what runs inside the function is not known."""
        return EngineUse(
            engine="python",
            version=platform.python_version(),
            provider=self._spec,
            threads=None,
            graph_level=None,
            tells=False,
            options={"source sha256": source_digest(self._function)},
        )

    def close(self) -> None:
        """Do nothing: the function stays imported."""


def _check(name: str, array: NDArray[Any], rows: int, place: str) -> None:
    if array.dtype.kind not in "biufUS":
        got = type(array.item()).__name__ if array.ndim == 0 else f"dtype {array.dtype}"
        msg = f"{place}: returned {got} as {name!r}; expected numbers or strings in an array"
        raise UserCodeError(msg)
    if array.ndim == 0 or len(array) != rows:
        got = f"shape {array.shape}" if array.ndim else "a single value"
        msg = f"{place}: returned {got} as {name!r}; expected {rows} rows, one for each sample"
        raise UserCodeError(msg)
