"""Options of a scheme: known ones only, each of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

from ..errors import PluginError, nearest

T = TypeVar("T")


def read_options(kind: type[T], options: Mapping[str, Any], scheme: str) -> T:
    """Build a dataclass of options from a rubric's mapping.

    Raises
    ------
    PluginError
        If an option is unknown, or not of the type that the dataclass declares.
    """
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    types = get_type_hints(kind)
    for key, value in options.items():
        if key not in known:
            msg = f"scheme {scheme!r} has no option {key!r}{nearest(key, known)}; there are: " + (
                ", ".join(known)
            )
            raise PluginError(msg)
        choices = known[key].metadata.get("choices")
        if choices and value not in choices:
            listed = ", ".join(map(str, choices))
            msg = f"option {key!r} of scheme {scheme!r} is one of {listed}; got {value!r}"
            raise PluginError(msg)
        if not _fits(value, types[key]):
            wanted = getattr(types[key], "__name__", str(types[key]))
            msg = f"option {key!r} of scheme {scheme!r} must be {wanted}, got {value!r}"
            raise PluginError(msg)
    return kind(**{key: _frozen(value) for key, value in options.items()})


def _fits(value: Any, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in (bool, str):
        return isinstance(value, kind)
    listed = isinstance(value, list | tuple)
    return value is None or (listed and all(isinstance(item, str) for item in value))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
