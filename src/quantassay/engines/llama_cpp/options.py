"""The options of the llama-cpp engine, and the packages that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any, get_args, get_type_hints

from ...errors import PluginError, nearest

OUTPUTS = ("next", "loglikelihood", "choices", "text")
CACHES = {"f32": 0, "f16": 1}
CHOICES = {"output": OUTPUTS, "cache": tuple(CACHES)}
LARGEST = 1 << 24


@dataclass(frozen=True)
class LlamaCppOptions:
    """What a rubric asks of the engine; ``max_length`` None: as the file says, at most 4,096."""

    threads: int = 1
    output: str = "next"
    max_length: int | None = None
    max_new_tokens: int = 64
    cache: str = "f32"


def read_options(given: Mapping[str, Any]) -> LlamaCppOptions:
    """Check the names and values of options.

    Raises
    ------
    PluginError
        If one is unknown or wrong.
    """
    known = [field.name for field in fields(LlamaCppOptions)]
    types = get_type_hints(LlamaCppOptions)
    for key, value in given.items():
        if key not in known:
            msg = f"engine 'llama-cpp' has no option {key!r}{nearest(key, known)}; there are: "
            raise PluginError(msg + ", ".join(known))
        wanted = CHOICES.get(key)
        if wanted and value not in wanted:
            listed = ", ".join(wanted)
            msg = f"option {key!r} of engine 'llama-cpp' is one of {listed}; got {value!r}"
            raise PluginError(msg)
        kinds = get_args(types[key]) or (types[key],)
        if type(value) not in kinds or (type(value) is int and not 1 <= value <= LARGEST):
            what = "a whole number of at least 1"
            msg = f"option {key!r} of engine 'llama-cpp' is {what}; got {value!r}"
            raise PluginError(msg)
    return LlamaCppOptions(**given)


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
