"""Options of a plugin: known ones only, each of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import PluginError, nearest

T = TypeVar("T")


def read_options(kind: type[T], options: Mapping[str, Any], owner: str) -> T:
    """Build a dataclass of options from a rubric's mapping.

    A field's metadata may hold ``choices``, and ``least`` for the smallest number. Lists become
    tuples.

    Parameters
    ----------
    kind
        A dataclass; a field without a default must be given.
    options
        As the rubric has them.
    owner
        What errors call their owner, such as ``engine 'openvino'``.

    Raises
    ------
    PluginError
        If an option is unknown, missing, or not of the type that the dataclass declares.
    """
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    types = get_type_hints(kind)
    for key, value in options.items():
        if key not in known:
            there = ", ".join(known)
            msg = f"{owner} has no option {key!r}{nearest(key, known)}; there are: {there}"
            raise PluginError(msg)
        _check(key, value, types[key], known[key].metadata, owner)
    try:
        return kind(**{key: _frozen(value) for key, value in options.items()})
    except TypeError as error:
        missing = [name for name in known if name not in options and repr(name) in str(error)]
        msg = f"{owner} needs the option {', '.join(map(repr, missing))}"
        raise PluginError(msg) from error


def _check(key: str, value: Any, kind: Any, said: Mapping[str, Any], owner: str) -> None:
    choices, least = said.get("choices"), said.get("least")
    if choices and value not in choices and not (value is None and _optional(kind)):
        listed = ", ".join(map(str, choices))
        msg = f"option {key!r} of {owner} is one of {listed}; got {value!r}"
        raise PluginError(msg)
    if not _fits(value, kind):
        msg = f"option {key!r} of {owner} must be {_words(kind)}, got {value!r}"
        raise PluginError(msg)
    if least is not None and value is not None and value < least:
        msg = f"option {key!r} of {owner} is at least {least}, got {value!r}"
        raise PluginError(msg)


def _optional(kind: Any) -> bool:
    return type(None) in get_args(kind)


def _fits(value: Any, kind: Any) -> bool:
    if get_origin(kind) in (Union, UnionType):
        return any(_fits(value, part) for part in get_args(kind))
    if kind is type(None):
        return value is None
    if kind in (int, float):
        numbers = (int, float) if kind is float else (int,)
        return isinstance(value, numbers) and not isinstance(value, bool)
    if kind in (bool, str):
        return isinstance(value, kind)
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _words(kind: Any) -> str:
    names = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
    parts = [part for part in get_args(kind) or (kind,) if part is not type(None)]
    if get_origin(kind) is tuple:
        return "a list of texts"
    return " or ".join(names.get(part, "a list of texts") for part in parts)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
