"""Names to objects, by entry point: ours are registered as a stranger's would be."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from ..errors import PluginError
from .unknown import unknown

Kind = Literal[
    "metrics", "agreements", "engines", "formats", "schemes", "readers", "throughput_logs",
    "exports", "backends",
]  # fmt: skip


@cache
def _registered(kind: Kind) -> dict[str, EntryPoint]:
    points: dict[str, EntryPoint] = {}
    for point in entry_points(group=f"quantassay.{kind}"):
        other = points.setdefault(point.name, point)
        if other.value != point.value:
            msg = (
                f"two packages register {kind[:-1]} {point.name!r}: "
                f"{other.value} and {point.value}; uninstall one"
            )
            raise PluginError(msg)
    return points


def names(kind: Kind) -> list[str]:
    """Return every registered name of a kind, sorted."""
    return sorted(_registered(kind))


def load(kind: Kind, name: str) -> Any:
    """Return the object registered under a name.

    Raises
    ------
    PluginError
        If nothing has this name, or what it needs is not installed.
    """
    points = _registered(kind)
    if name not in points:
        raise PluginError(unknown(kind, name, points))
    try:
        return points[name].load()
    except ModuleNotFoundError as error:
        msg = f"{kind[:-1]} {name!r} needs the package {error.name!r}, which is not installed"
        raise PluginError(msg) from error
