"""A tree of plain values to a Rubric, with pydantic's errors said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ..errors import RubricError, nearest
from .model import Rubric
from .problems import Path, Problem, line_of, listed
from .tree import Tree

File = TypeVar("File", bound=BaseModel)
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "scalar": "text, a number, true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
}
_SCALAR = {"string_type", "int_type", "float_type", "bool_type"}
_LIMITS = {
    "greater_than": ("gt", "must be above {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than": ("lt", "must be below {}"),
    "less_than_equal": ("le", "must be at most {}"),
}


def validate(tree: Tree, file: str) -> Rubric:
    """Check keys and types.

    Raises
    ------
    RubricError
        One line for each thing that is wrong: file, line, key path, what, mend.
    """
    return validated(tree, file, Rubric)


def validated(tree: Tree, file: str, root: type[File]) -> File:
    """Check keys and types of a file of any kind, which ``root`` describes.

    Raises
    ------
    RubricError
        One line for each thing that is wrong: file, line, key path, what, mend.
    """
    try:
        return root.model_validate(tree.values)
    except ValidationError as error:
        found = problems(error.errors(), tree, root)
    raise RubricError(listed(file, found))


def problems(
    errors: Sequence[ErrorDetails], tree: Tree, root: type[BaseModel] = Rubric
) -> list[Problem]:
    """Say every pydantic error in words, the branches of one union as one."""
    located = [(_written(error["loc"], tree.lines), error) for error in errors]
    around = {path[:end] for path, _ in located for end in range(len(path))}
    grouped: dict[Path, list[ErrorDetails]] = {}
    for path, error in located:
        if not (path in around and error["type"] in _WANTED):
            grouped.setdefault(path, []).append(error)
    return [
        problem for path, group in grouped.items() for problem in _said(path, group, tree, root)
    ]


def _written(loc: Path, lines: Mapping[Path, int]) -> Path:
    """Reduce pydantic's location to the keys that stand in the file."""
    path: Path = ()
    for part in loc:
        if (*path, part) in lines:
            path = (*path, part)
    return path


#: what a percentage is not turned into: 20 % faster is 1.2, and 0.2 would pass nearly anything
_MULTIPLE: dict[Path, str] = {
    ("timing", "speedup"): " (a multiple of the reference's throughput: 1.2 is 20 % more)",
}


def _said(
    path: Path, group: Sequence[ErrorDetails], tree: Tree, root: type[BaseModel]
) -> Iterator[Problem]:
    line = line_of(tree.lines, path)
    if any(error["type"] in _WANTED for error in group):
        value = _at(tree.values, path)
        hint = _MULTIPLE.get(path) or _inside(path, group, root)
        yield Problem(line, path, in_words(group, value, _shorthand(path), hint))
    for error in group:
        if error["type"] == "missing":
            key = str(error["loc"][-1])
            yield Problem(line, (*path, key), f"missing{_meaning(path, key, root)}")
        elif error["type"] not in _WANTED:
            yield Problem(line, path, _wrong_value(path, error, root))


def in_words(
    group: Sequence[ErrorDetails], value: Any, or_else: Sequence[str] = (), hint: str = ""
) -> str:
    """Say in one line what was wanted instead of a value, whichever branches were tried."""
    kinds = dict.fromkeys(error["type"] for error in group if error["type"] in _WANTED)
    if not kinds:
        return _wrong_value((), group[0], Rubric)
    if kinds.keys() >= _SCALAR:
        kinds = dict.fromkeys(["scalar", *(kind for kind in kinds if kind not in _SCALAR)])
    wanted = list(dict.fromkeys([*(_WANTED[kind] for kind in kinds), *or_else]))
    return f"wanted {' or '.join(wanted)}, got {shown(value)}{hint or _mend(wanted, value)}"


def _inside(path: Path, group: Sequence[ErrorDetails], root: type[BaseModel]) -> str:
    """Name the keys where nothing but a mapping will do."""
    if any(error["type"] not in ("model_type", "model_attributes_type") for error in group):
        return ""
    keys = _keys(path, root)
    return f" (its keys: {', '.join(keys)})" if keys else ""


def _shorthand(path: Path) -> list[str]:
    return ["just a name"] if len(path) == 2 and path[0] in ("metrics", "strata") else []


def _mend(wanted: list[str], value: Any) -> str:
    """Return what was probably meant."""
    if wanted[0] in ("a number", "a whole number") and isinstance(value, str):
        match = re.fullmatch(r"\s*([\d.]+)\s*(%|pp)?\s*", value)
        if match and match[1].count(".") <= 1 and match[1] != ".":
            number = float(match[1]) / (100 if match[2] else 1)
            return f" (did you mean {number:.10g}?)"
    if wanted == ["text"] and isinstance(value, (int, float)):
        return f" (write '{str(value).lower()}' in quotes)"
    return ""


def _wrong_value(path: Path, error: ErrorDetails, root: type[BaseModel]) -> str:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return "unknown key" + _belongs(path, root)
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return words.format(f"{context[name]:.10g}") + f", is {value}{_percent(path, value)}"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context["expected"]))
        close = nearest(value, choices) if isinstance(value, str) else ""
        return f"must be {context['expected']}, is {shown(value)}{close}"
    if kind == "finite_number":
        return f"must be a finite number, is {value}"
    if kind in ("string_too_short", "too_short"):
        least = context["min_length"]
        return "must not be empty" if least == 1 else f"needs at least {least} entries"
    if kind in ("string_too_long", "too_long"):
        return f"is too long: at most {context['max_length']}"
    return str(error["msg"]).removeprefix("Value error, ")


def _percent(path: Path, value: Any) -> str:
    percentage = path == ("confidence",) and 50 <= value < 100
    return f" (did you mean {value / 100:.10g}?)" if percentage else ""


def _belongs(path: Path, root: type[BaseModel]) -> str:
    """Return the nearest key that is valid there, or where the key as written belongs."""
    key = str(path[-1])
    here = nearest(key, _keys(path[:-1], root))
    if here:
        return here
    for parent in ("", "task", "inference", "timing"):
        around: Path = (parent,) if parent else ()
        if around != path[:-1] and key in _keys(around, root):
            return f" (it belongs {f'under {parent!r}' if parent else 'at the top level'})"
    return f" (known here: {', '.join(_keys(path[:-1], root))})"


def _keys(path: Path, root: type[BaseModel]) -> list[str]:
    model = _model_at(path, root)
    return list(model.model_fields) if model else []


def _meaning(path: Path, key: str, root: type[BaseModel]) -> str:
    model = _model_at(path, root)
    field = model.model_fields.get(key) if model else None
    text = (field.description or "").rstrip(".") if field else ""
    return f" ({text[:1].lower() + text[1:]})" if text else ""


def _model_at(path: Path, root: type[BaseModel]) -> type[BaseModel] | None:
    """Return the part of a file that stands at a key path, if one does."""
    kind: Any = root
    for part in path:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            field = kind.model_fields.get(str(part))
            kind = _part(field.annotation) if field else None
        else:
            kind = _part(next(iter(get_args(kind)[-1:]), None))
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _part(annotation: Any) -> Any:
    """Drop ``None`` and annotations from a type."""
    if get_origin(annotation) in (list, dict) or isinstance(annotation, type):
        return annotation
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return _part(parts[0]) if parts else None


def _at(values: Any, path: Path) -> Any:
    for part in path:
        values = values[part]
    return values


def shown(value: Any) -> str:
    """Name a value as its writer would: ``the number 3``, ``nothing``, ``a list``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    return "a list" if isinstance(value, list) else "a mapping"
