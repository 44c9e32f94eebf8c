"""Options of a plugin: known ones only, each of its type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from math import isfinite
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import PluginError, nearest

T = TypeVar("T")
#: metadata of the field for the folder of the rubric, which the run sets and no rubric says
SET_BY_RUN = {"set_by_run": True}


def read_options(kind: type[T], options: Mapping[str, Any], owner: str) -> T:
    """Build a dataclass of options from a rubric's mapping.

    A field's metadata may hold ``choices``, and ``least`` and ``most`` for a number. Its type is a
    number, text, bool, path or tuple of texts, ``None`` allowed or not; where it is ``Any``, the
    plugin checks the value. Lists become tuples.

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
            raise PluginError(_unknown(key, known, owner))
        wrong = _wrong(value, types[key], known[key].metadata)
        if wrong:
            msg = f"option {key!r} of {owner} {wrong} {value!r}"
            raise PluginError(msg)
    missing = [name for name, field in known.items() if _needed(field) and name not in options]
    if missing:
        msg = f"{owner} needs the option {', '.join(map(repr, missing))}"
        raise PluginError(msg)
    return kind(**{key: _frozen(value, types[key]) for key, value in options.items()})


def _unknown(key: str, known: Mapping[str, Field[Any]], owner: str) -> str:
    there = [name for name, field in known.items() if not field.metadata.get("set_by_run")]
    listed = ", ".join(there) or "none"
    return f"{owner} has no option {key!r}{nearest(key, there)}; there are: {listed}"


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _wrong(value: Any, kind: Any, said: Mapping[str, Any]) -> str:
    """Return what an option should be, up to what was got; '' where it is right."""
    fits = any(_fits(value, part) for part in _parts(kind))
    if "choices" in said:
        right = fits and (value is None or value in said["choices"])
        return "" if right else f"is one of {', '.join(map(str, said['choices']))}; got"
    least, most = said.get("least"), said.get("most")
    if fits and (value is None or _within(value, least, most)):
        return ""
    return f"must be {_words(kind)}{_range(least, most)}; got"


def _within(value: Any, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)


def _range(least: float | None, most: float | None) -> str:
    if most is not None:
        return f" from {least} to {most}"
    return "" if least is None else f" of at least {least}"


def _parts(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _fits(value: Any, kind: Any) -> bool:
    if kind is Any:
        return True
    if kind is type(None):
        return value is None
    if kind in (int, float):
        numbers = (int, float) if kind is float else (int,)
        return isinstance(value, numbers) and not isinstance(value, bool) and isfinite(value)
    if kind is Path:
        return isinstance(value, str | Path)
    if kind in (bool, str):
        return isinstance(value, kind)
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _words(kind: Any) -> str:
    names = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
    names[Path] = "a path"
    parts = (part for part in _parts(kind) if part is not type(None))
    return " or ".join(names.get(part, "a list of texts") for part in parts)


def _frozen(value: Any, kind: Any) -> Any:
    return Path(value) if kind is Path else tuple(value) if isinstance(value, list) else value
