"""The options of LiteRT, read and checked, and the version of it that is there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from ...errors import PluginError, nearest

KNOWN = ("threads", "delegate", "raw_io")
# the delegate is applied by the resolver of operations, where it can take some
RESOLVERS = {"xnnpack": "AUTO", "none": "BUILTIN_WITHOUT_DEFAULT_DELEGATES"}


def require_runtime() -> Any:
    """Import LiteRT's interpreter, or say how to get it."""
    try:
        return import_module("ai_edge_litert.interpreter")
    except ModuleNotFoundError as error:
        if not str(error.name).startswith("ai_edge_litert"):
            raise
        msg = "engine 'litert' is not installed: pip install 'quantassay[litert]'"
        raise PluginError(msg) from error


@cache
def runtime_version() -> str:
    """Return the version of ai-edge-litert."""
    return version("ai-edge-litert")


@dataclass(frozen=True)
class LiteRtOptions:
    """Threads, the delegate, and whether quantized inputs and outputs stay as they are."""

    threads: int = 1
    delegate: str = "xnnpack"
    raw_io: bool = False


def read_options(options: Mapping[str, Any]) -> LiteRtOptions:
    """Check an engine's options.

    Raises
    ------
    PluginError
        If an option is unknown or wrong.
    """
    for key in options:
        if key not in KNOWN:
            msg = f"engine 'litert' has no option {key!r}{nearest(key, KNOWN)}; there are: " + (
                ", ".join(KNOWN)
            )
            raise PluginError(msg)
    read = LiteRtOptions(**options)
    if not isinstance(read.threads, int) or isinstance(read.threads, bool) or read.threads < 1:
        _wrong("threads", "a whole number from 1", read.threads)
    if read.delegate not in RESOLVERS:
        _wrong("delegate", f"one of {', '.join(RESOLVERS)}", read.delegate)
    if not isinstance(read.raw_io, bool):
        _wrong("raw_io", "true or false", read.raw_io)
    return read


def _wrong(option: str, wanted: str, got: Any) -> None:
    msg = f"option {option!r} of engine 'litert' is {wanted}; got {got!r}"
    raise PluginError(msg)
