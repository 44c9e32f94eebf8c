"""The options of the llama-cpp engine, and the packages that it needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from ...plugins.installed import installed

OUTPUTS = ("next", "loglikelihood", "choices", "text")
CACHES = {"f32": 0, "f16": 1}
COUNT = {"least": 1, "most": 1 << 24}


@dataclass(frozen=True)
class LlamaCppOptions:
    """Options of the engine ``llama-cpp``.

    Parameters
    ----------
    threads
        Processor threads.
    output
        ``next``: logits of the token after the text. ``loglikelihood``: of the input
        ``continuation`` after the input ``context``, the sum over its tokens, and their number.
        ``choices``: the sum for each of a list of continuations. ``text``: greedy text.
    max_length
        Tokens of a text, longer ones are refused; by default what the file says, at most 4,096.
    max_new_tokens
        Where greedy text ends.
    cache
        What keys and values are kept in; llama.cpp's own default is ``f16``.
    """

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
    with installed("engine 'llama-cpp'", "gguf"):
        return import_module(module)
