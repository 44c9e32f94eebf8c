"""The rubric of a cell as the file that `run` takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..yaml_text import yaml_text
from .cell import CellRubric
from .places import folder_from

#: whose own keys are names, each on a line of its own
NAMED = ("variants", "calibrations", "task")


def cell_text(cell: CellRubric, folder: Path) -> str:
    """Return the rubric of a cell as YAML that stands in a folder."""
    at = cell.at
    values = dict(cell.values)
    name = values.pop("rubric")
    whole = {"rubric": name, "folder": folder_from(folder, cell.base), **values}
    head = f"# {at.task}, {at.model}, {at.scheme}: written by `quantassay study`, at every call."
    return "\n".join([head, *_lines(whole), ""])


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        if key in NAMED and isinstance(value, Mapping):
            yield f"{key}:"
            yield from (f"  {yaml_text(name)}: {_flow(one)}" for name, one in value.items())
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            yield f"{key}:"
            yield from (f"  - {_flow(one)}" for one in value)
        else:
            yield f"{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        parts = (f"{yaml_text(key)}: {_flow(one)}" for key, one in value.items())
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return yaml_text(value)
