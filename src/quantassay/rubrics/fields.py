"""Kinds of value that several parts of the rubric share."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Name = Annotated[str, Field(min_length=1, max_length=200)]
Scalar = str | int | float | bool
Where = dict[Name, Scalar | list[Scalar]]

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min)")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0}


class Strict(BaseModel):
    """A part of the rubric: unknown keys are errors, values are never converted."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


def _in_seconds(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        msg = f"{value!r} is not a duration: write '2s', '500ms' or a number of seconds"
        raise ValueError(msg)
    return float(match[1]) * _SECONDS[match[2]]


Seconds = Annotated[
    float,
    Field(gt=0),
    BeforeValidator(_in_seconds),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0},
                {"type": "string", "pattern": f"^{_DURATION.pattern}$"},
            ]
        }
    ),
]


def or_text(schema: dict[str, Any], meaning: str) -> dict[str, Any]:
    """Say in a part's JSON Schema that plain text may stand in its place."""
    return {"anyOf": [{"type": "string", "minLength": 1, "description": meaning}, schema]}
