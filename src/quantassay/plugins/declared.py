"""What a plugin says of itself, whatever its options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from inspect import getdoc
from typing import Any, get_args, get_type_hints

# an option of that name says something else
OTHERS = (("direction", "both"),)


class _OpenNumber:
    """A number that is written as the option that it stands for."""

    option = ""

    def __format__(self, spec: str) -> str:
        return self.option

    def __repr__(self) -> str:
        return self.option

    __str__ = __repr__


class _OpenInt(_OpenNumber, int):
    pass


class _OpenFloat(_OpenNumber, float):
    pass


def example(found: Any) -> Any:
    """Return a plugin whose required options are left open: they read as their own names.

    ``recall_at_k`` then defines itself with ``k`` where the number would stand. A plugin that
    cannot be made so is returned as it is.
    """
    hints = get_type_hints(found) if is_dataclass(found) else {}
    try:
        return found(
            **{field.name: _open(field.name, hints[field.name]) for field in required(found)}
        )
    except Exception:
        return found


def facts(found: Any) -> dict[str, Any]:
    """Return what a plugin declares: first line of its docstring, options, and what it measures."""
    made = example(found)
    said: dict[str, Any] = {"line": (getdoc(found) or "").partition("\n")[0]}
    for name in ("direction", "unit", "needs", "definition", "source"):
        value = getattr(made, name, None)
        if isinstance(value, str | tuple) and value and (name, value) not in OTHERS:
            said[name] = list(value) if isinstance(value, tuple) else value
    kind = getattr(made, "evidence", None)
    for name, attribute in (("evidence", "name"), ("why", "why")):
        if isinstance(getattr(kind, attribute, None), str):
            said[name] = getattr(kind, attribute)
    return {**said, "options": options(found)}


def options(found: Any) -> Mapping[str, Any]:
    """Return the default of each option; ``required`` of those that have none."""
    return {
        field.name: "required" if field in required(found) else _preset(field)
        for field in fields_of(found)
    }


def fields_of(found: Any) -> list[Field[Any]]:
    """Return the options that a plugin takes: its own fields, or those of its ``options``."""
    kind = found if is_dataclass(found) else getattr(found, "options", None)
    own = fields(kind) if is_dataclass(kind) else ()
    return [field for field in own if field.init and not field.metadata.get("set_by_run")]


def required(found: Any) -> list[Field[Any]]:
    """Return the options that a plugin cannot do without."""
    return [
        field
        for field in fields_of(found)
        if field.default is MISSING and field.default_factory is MISSING
    ]


def _preset(field: Field[Any]) -> Any:
    made: Any = field.default_factory
    value = made() if field.default is MISSING else field.default
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _open(name: str, hint: Any) -> Any:
    kinds = get_args(hint) or (hint,)
    if int in kinds or float in kinds:
        number: Any = _OpenInt(1) if int in kinds else _OpenFloat(0.5)
        number.option = name
        return number
    return name
