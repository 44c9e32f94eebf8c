"""Every registered plugin, from its docstring and what it declares of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from inspect import getdoc
from typing import Any, get_args, get_origin, get_type_hints

from quantassay import plugins
from quantassay.exports.parts import PARTS
from quantassay.metrics.needs import NEEDS
from quantassay.plugins.spelled import shown

from .tables import page, plain, table

# reports hold the version of a scorer; a page does not change with what is installed
TRAITS = {
    "formats": "opens",
    "opens": "reads",
    "unit": "counts",
    "tells": "tells of model and executor",
    "suffixes": "names end in",
    "precision": "makes",
    "needs_calibration": "calibration",
    "methods": "ranges by `method`",
    "procedure": "ranges",
    "reads": "starts from",
    "writes": "writes",
    "engine": "runs in, where no engine is named",
    "packages": "made with",
    "differs": "not the same bytes twice",
}
VERSION = re.compile(r"\|version:[^|)]+")
# a numpydoc heading, which Markdown would take for one of its own
HEADING = re.compile(r"^Notes\n-+\n", re.MULTILINE)
# a scheme writes what it was given
WRITES = {"same": "the format that it starts from"}


def described(found: Any) -> tuple[str, dict[str, str]]:
    """Split a numpydoc docstring into its text and what it says of each parameter."""
    text, _, below = (getdoc(found) or "").partition("Parameters\n----------\n")
    meanings: dict[str, str] = {}
    named: list[str] = []
    for line in below.splitlines():
        if line and not line.startswith(" "):
            named = [name.strip() for name in line.partition(":")[0].split(",")]
        elif line.strip():
            for name in named:
                meanings[name] = f"{meanings.get(name, '')} {line.strip()}".strip()
    return plain(HEADING.sub("", text)).strip(), meanings


def meanings_of(found: Any) -> dict[str, str]:
    """Return what a plugin, or what it is built on, says of each parameter."""
    said: dict[str, str] = {}
    for part in reversed(getattr(found, "__mro__", (found,))):
        said |= described(part)[1]
    return said


def options(found: Any) -> str:
    """Return the table of a plugin's options."""
    if not is_dataclass(found):
        return ""
    meanings = meanings_of(found)
    hints = get_type_hints(found)
    rows = [
        [
            f"`{field.name}`",
            chosen(field.metadata.get("choices")) or allowed(hints[field.name], field.metadata),
            preset(field.default),
            meanings.get(field.name, ""),
        ]
        for field in fields(found)
        if field.init and not field.metadata.get("set_by_run")
    ]
    return table(["option", "type", "default", "meaning"], rows) if rows else ""


def preset(value: Any) -> str:
    """Say what an option is where it is left out."""
    if value is MISSING:
        return "**required**"
    return "" if value is None else f"`{json.dumps(value)}`"


def chosen(choices: Any) -> str:
    """Return the values that an option may have; '' where it may have any."""
    return " or ".join(f"`{each}`" for each in choices or ())


def allowed(hint: Any, said: Mapping[str, Any]) -> str:
    """Name a type with the range that its values lie in, where there is one."""
    least, most = said.get("least"), said.get("most")
    if least is None and most is None:
        return type_words(hint)
    ends = f"from {least:,}" if most is None else f"from {least:,} to {most:,}"
    return f"{type_words(hint)} {ends}"


def type_words(hint: Any) -> str:
    """Name a Python type in the rubric's words."""
    if get_origin(hint) is tuple:
        return "list of " + " or ".join(f"{type_words(part)}s" for part in get_args(hint)[:1])
    parts = [part for part in get_args(hint) if part is not type(None)]
    if len(parts) == 1:
        return type_words(parts[0])
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    if hint is Any:
        return "text, list or mapping"
    parts = parts or [hint]
    return " or ".join(names.get(part, getattr(part, "__name__", str(part))) for part in parts)


def metric_section(name: str, found: Any) -> str:
    """Describe one metric or agreement; an option that must be given reads as its own name."""
    made = plugins.example(found)
    facts = {
        "definition": VERSION.sub("", getattr(made, "definition", "")),
        "needs": needs_words(getattr(made, "needs", ())),
        "better": getattr(made, "direction", None),
        "unit": getattr(made, "unit", None),
        "evidence": getattr(getattr(made, "evidence", None), "name", None),
        "why not judged": getattr(getattr(made, "evidence", None), "why", None),
        "source": getattr(made, "source", None),
    }
    # what only an instance knows is left out where none can be made
    rows = [[key, value] for key, value in facts.items() if value and isinstance(value, str)]
    text, _ = described(found)
    head = f"## {shown(name)}"
    return "\n\n".join(filter(None, [head, text, table(["", ""], rows), options(found)]))


def needs_words(needs: Any) -> str:
    """Say which columns a metric reads, and what they hold."""
    if not isinstance(needs, tuple):
        return ""
    return "; ".join(
        f"`{name}` ({NEEDS[name]})" if name in NEEDS else f"`{name}`" for name in needs
    )


def plugin_section(name: str, found: Any) -> str:
    """Describe any other plugin: what it says of itself, what it takes, its options."""
    text, _ = described(found)
    rows = [[words, traits(value)] for key, words in TRAITS.items() if (value := said(found, key))]
    own = options(getattr(found, "options", None)) or options(found)
    facts = table(["", ""], rows) if rows else ""
    return "\n\n".join(filter(None, [f"## {shown(name)}", text, facts, own]))


def said(found: Any, key: str) -> Any:
    """Return what a plugin declares under a name; '' where it declares nothing."""
    value = getattr(found, key, "")
    if key == "needs_calibration" and isinstance(value, bool):
        return "needed" if value else "none needed"
    if key == "writes":
        return WRITES.get(value, value)
    return value if isinstance(value, str | tuple) else ""


def traits(value: str | tuple[str, ...]) -> str:
    """Return a declared value in words; the empty suffix is a folder's."""
    if isinstance(value, str):
        return value
    return ", ".join(f"`{one}`" if one else "a folder" for one in value)


def held_parts() -> str:
    """Return the table of what each export holds of a claim."""
    found = {name: plugins.load("exports", name) for name in plugins.names("exports")}
    rows = [
        [part.words, *("" if name in one.drops else "yes" for one in found.values())]
        for name, part in PARTS.items()
    ]
    return table(["part of a claim", *(f"`{name}`" for name in found)], rows)


def plugin_page(title: str, intro: str, what: plugins.Kind) -> str:
    """Return the page of one kind of plugin, every registered name a section."""
    write = metric_section if what in ("metrics", "agreements") else plugin_section
    sections = (write(n, plugins.load(what, n)) for n in plugins.names(what))
    return page(title, intro, held_parts() if what == "exports" else "", *sections)
