"""What is installed, with a line on each."""

from __future__ import annotations

from inspect import getdoc
from typing import cast

from quantassay import plugins


def entries(kind: str) -> dict[str, str]:
    """Return the registered names of a kind and the first line of each docstring."""
    wanted = cast("plugins.Kind", kind)
    return {name: _line(wanted, name) for name in plugins.names(wanted)}


def _line(kind: plugins.Kind, name: str) -> str:
    return (getdoc(plugins.load(kind, name)) or "").partition("\n")[0]
