"""The options of the llama-cpp engine, and the packages that it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from ...errors import PluginError

OUTPUTS = ("next", "loglikelihood", "choices", "text")
CACHES = {"f32": 0, "f16": 1}
COUNT = {"least": 1, "most": 1 << 24}


@dataclass(frozen=True)
class LlamaCppOptions:
    """What a rubric asks of the engine; ``max_length`` None: as the file says, at most 4,096."""

    threads: int = field(default=1, metadata=COUNT)
    output: str = field(default="next", metadata={"choices": OUTPUTS})
    max_length: int | None = field(default=None, metadata=COUNT)
    max_new_tokens: int = field(default=64, metadata=COUNT)
    cache: str = field(default="f32", metadata={"choices": tuple(CACHES)})


def require(module: str) -> Any:
    """Import a package of the ``gguf`` extra, or say how to get it.

    Raises
    ------
    PluginError
        If it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        msg = f"engine 'llama-cpp' needs {module}: pip install 'quantassay[gguf]'"
        raise PluginError(msg) from error
