"""Every registered plugin, from its docstring and what it declares of itself."""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from inspect import getdoc
from typing import Any, get_args, get_type_hints

from quantassay import plugins

from .tables import page, plain, table


def described(found: Any) -> tuple[str, dict[str, str]]:
    """Split a numpydoc docstring into its text and what it says of each parameter."""
    text, _, below = (getdoc(found) or "").partition("Parameters\n----------\n")
    meanings: dict[str, str] = {}
    name = ""
    for line in below.splitlines():
        if line and not line.startswith(" "):
            name = line.partition(":")[0].strip()
        elif name and line.strip():
            meanings[name] = f"{meanings.get(name, '')} {line.strip()}".strip()
    return plain(text).strip(), meanings


def options(found: Any) -> str:
    """Return the table of a plugin's options."""
    if not is_dataclass(found):
        return ""
    _, meanings = described(found)
    hints = get_type_hints(found)
    rows = [
        [
            f"`{field.name}`",
            type_words(hints[field.name]),
            preset(field.default),
            meanings.get(field.name, ""),
        ]
        for field in fields(found)
        if field.init
    ]
    return table(["option", "type", "default", "meaning"], rows) if rows else ""


def preset(value: Any) -> str:
    """Say what an option is where it is left out."""
    if value is MISSING:
        return "**required**"
    return "" if value is None else f"`{json.dumps(value)}`"


def type_words(hint: Any) -> str:
    """Name a Python type in the rubric's words."""
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    parts = [part for part in get_args(hint) or (hint,) if part is not type(None)]
    return " or ".join(names.get(part, getattr(part, "__name__", str(part))) for part in parts)


def metric_section(name: str, found: Any) -> str:
    """Describe one metric or agreement."""
    made = found()
    facts = {
        "definition": made.definition,
        "better": getattr(made, "direction", None),
        "unit": made.unit,
        "evidence": getattr(getattr(made, "evidence", None), "name", None),
        "why not judged": getattr(getattr(made, "evidence", None), "why", None),
        "source": getattr(made, "source", None),
    }
    rows = [[key, str(value)] for key, value in facts.items() if value]
    text, _ = described(found)
    return "\n\n".join(filter(None, [f"## {name}", text, table(["", ""], rows), options(found)]))


def plugin_section(name: str, found: Any) -> str:
    """Describe any other plugin."""
    text, _ = described(found)
    return "\n\n".join(filter(None, [f"## {name}", text, options(found)]))


def plugin_page(title: str, intro: str, what: plugins.Kind) -> str:
    """Return the page of one kind of plugin, every registered name a section."""
    write = metric_section if what in ("metrics", "agreements") else plugin_section
    return page(title, intro, *(write(n, plugins.load(what, n)) for n in plugins.names(what)))
