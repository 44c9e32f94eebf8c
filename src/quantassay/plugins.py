"""Names to objects, by entry point: ours are registered as a stranger's would be."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib import import_module, invalidate_caches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, cast

from .errors import PluginError, UserCodeError, nearest

Kind = Literal["metrics", "agreements", "engines", "schemes", "readers", "exports"]


STAMP = "__quantassay_stamp__"


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
        msg = f"no {kind[:-1]} is called {name!r}{nearest(name, points)}; there are: " + ", ".join(
            sorted(points)
        )
        raise PluginError(msg)
    try:
        return points[name].load()
    except ModuleNotFoundError as error:
        msg = f"{kind[:-1]} {name!r} needs the package {error.name!r}, which is not installed"
        raise PluginError(msg) from error


def source_digest(function: Callable[..., Any]) -> str:
    """Return the SHA-256 of the file that defines a function; of its name where there is none.

    What that file imports is not covered.
    """
    file = getattr(sys.modules.get(function.__module__), "__file__", None)
    if file is None:
        return sha256(repr(function).encode()).hexdigest()
    return sha256(Path(file).read_bytes()).hexdigest()


def _imported(name: str, folder: Path) -> ModuleType:
    """Import a module from a folder, anew where its file is not the one that was loaded."""
    path = folder.joinpath(*name.split("."))
    own = next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)
    loaded = sys.modules.get(name)
    if own is not None and loaded is not None:
        stamp = vars(loaded).get(STAMP)
        if loaded.__file__ != str(own) or (stamp is not None and stamp != own.stat().st_mtime_ns):
            del sys.modules[name]
    sys.path[:] = [str(folder), *(each for each in sys.path if each != str(folder))]
    invalidate_caches()
    module = import_module(name)
    if own is not None:
        setattr(module, STAMP, own.stat().st_mtime_ns)
    return module


def load_function(spec: str, folder: Path) -> Callable[..., Any]:
    """Import the user's own ``module:function``, looked up beside the rubric first.

    Raises
    ------
    UserCodeError
        If the spec is malformed, the module cannot be imported or has no such function.
    """
    module_name, _, name = spec.partition(":")
    if not module_name or not name:
        msg = f"{spec!r} is not of the form 'module:function'"
        raise UserCodeError(msg)
    try:
        module = _imported(module_name, folder.resolve())
    except (Exception, SystemExit) as error:  # an exit code of its own would pass for a verdict
        msg = f"{spec}: importing {module_name!r} raised {type(error).__name__}: {error}"
        raise UserCodeError(msg) from error
    function = getattr(module, name, None)
    if not callable(function):
        known = [key for key, value in vars(module).items() if callable(value)]
        msg = f"{spec}: {module_name!r} has no function {name!r}{nearest(name, known)}"
        raise UserCodeError(msg)
    return cast("Callable[..., Any]", function)
