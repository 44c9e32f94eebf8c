"""The user's own functions, imported from beside the rubric."""

from __future__ import annotations

import sys
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from ..errors import UserCodeError, nearest

STAMP = "__quantassay_stamp__"


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


def called(function: Callable[..., Any], where: str, *given: Any) -> Any:
    """Call the user's own function.

    Raises
    ------
    UserCodeError
        If it raises, or would end the process; it starts with ``where``.
    """
    try:
        return function(*given)
    except (Exception, SystemExit) as error:
        msg = f"{where}: raised {type(error).__name__}: {' '.join(str(error).split())}"
        raise UserCodeError(msg) from error
