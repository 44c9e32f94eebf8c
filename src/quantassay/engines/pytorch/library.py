"""PyTorch, imported without its noise."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ...plugins.installed import installed
from ...plugins.quiet import quietly


def require_torch(module: str = "torch") -> Any:
    """Import torch or what goes with it, or say how to get it."""
    with installed("engine 'pytorch'", "torch"), quietly():
        return import_module(module)
