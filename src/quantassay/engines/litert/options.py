"""The options of LiteRT, and the version of it that is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from ...errors import PluginError

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

    threads: int = field(default=1, metadata={"least": 1})
    delegate: str = field(default="xnnpack", metadata={"choices": tuple(RESOLVERS)})
    raw_io: bool = False
