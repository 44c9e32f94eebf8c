"""The options of LiteRT, and the version of it that is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import version
from typing import Any

from ...plugins.installed import installed

# the delegate is applied by the resolver of operations, where it can take some
RESOLVERS = {"xnnpack": "AUTO", "none": "BUILTIN_WITHOUT_DEFAULT_DELEGATES"}


def require_runtime() -> Any:
    """Import LiteRT's interpreter, or say how to get it."""
    with installed("engine 'litert'", "litert"):
        return import_module("ai_edge_litert.interpreter")


@cache
def runtime_version() -> str:
    """Return the version of ai-edge-litert."""
    return version("ai-edge-litert")


@dataclass(frozen=True)
class LiteRtOptions:
    """Options of the engine ``litert``.

    Parameters
    ----------
    threads
        Processor threads.
    delegate
        ``xnnpack`` takes the operations that it can; ``none`` leaves all to LiteRT's own kernels.
    raw_io
        Whether quantized inputs and outputs are integers, as the model stores them.
    """

    threads: int = field(default=1, metadata={"least": 1})
    delegate: str = field(default="xnnpack", metadata={"choices": tuple(RESOLVERS)})
    raw_io: bool = False
