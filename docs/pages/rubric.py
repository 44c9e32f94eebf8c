"""Every key of the rubric, from its JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from quantassay.rubrics.schema import rubric_schema

from .tables import page, plain, table

WORDS = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "null": "",
    "object": "mapping",
}
LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "above {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "below {}",
}
SCALAR = ["text", "whole number", "number", "true or false"]


def kind(schema: Mapping[str, Any]) -> str:
    """Say in words what a JSON Schema allows."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        kinds = list(dict.fromkeys(filter(None, map(kind, schema["anyOf"]))))
        return " or ".join(["value", *kinds[4:]] if kinds[:4] == SCALAR else kinds)
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return " or ".join(f"`{value}`" for value in values)
    if schema.get("type") == "array":
        items = schema.get("items") or schema["prefixItems"][0]
        return f"list of {kind(items)}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"mapping of names to {kind(schema['additionalProperties'])}"
    limits = [words.format(schema[key]) for key, words in LIMITS.items() if key in schema]
    return f"{WORDS[schema['type']]} {' and '.join(limits)}".strip()


def default(key: str, schema: Mapping[str, Any], required: list[str]) -> str:
    """Say what stands where a key is left out."""
    if key in required:
        return "**required**"
    value = schema.get("default")
    if value is None or value in ({}, []):
        return ""
    return "as described there" if isinstance(value, dict) else f"`{json.dumps(value)}`"


def section(name: str, schema: Mapping[str, Any]) -> str:
    """Describe one part of the rubric."""
    short = ""
    if "anyOf" in schema:
        *forms, schema = schema["anyOf"]
        short = " ".join(
            f"Short form: {kind(form)} ({form['description'].rstrip('.')})." for form in forms
        )
    required = schema.get("required", [])
    rows = [
        [f"`{key}`", kind(value), default(key, value, required), value["description"]]
        for key, value in schema["properties"].items()
    ]
    text = plain(schema["description"])
    keys = table(["key", "type", "default", "meaning"], rows)
    return "\n\n".join(filter(None, [f"## {name}", text, short, keys]))


def reached(schema: Any, parts: Mapping[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
    """Collect the parts that a schema refers to, in the order in which a reader meets them."""
    if isinstance(schema, dict):
        name = schema.get("$ref", "").rpartition("/")[2]
        if name and name not in seen:
            seen[name] = parts[name]
            reached(parts[name], parts, seen)
    inner = schema.values() if isinstance(schema, dict) else schema
    for part in inner if isinstance(schema, (dict, list)) else ():
        reached(part, parts, seen)
    return seen


def rubric_page() -> str:
    """Return the page of every key."""
    schema = rubric_schema()
    parts = reached(schema["properties"], schema["$defs"], {"Rubric": schema})
    intro = (
        "One YAML file, read by the core schema of YAML 1.2 (`no` and `on` are text, `1e-3` is a "
        "number). Relative paths are relative to the file. Unknown keys are errors. A *value* is "
        "text, a number, true or false. The [JSON Schema](schemas/rubric.schema.json) lets "
        "editors complete and explain keys."
    )
    return page("The rubric", intro, *(section(*part) for part in parts.items()))
