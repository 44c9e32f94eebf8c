"""Values and lines of YAML that read back as what was meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from .tree import parse

WIDEST = 44


def yaml_text(value: Any) -> str:
    """Write a scalar, in quotes only where it would otherwise be read as something else."""
    if not isinstance(value, str):
        return json.dumps(value)
    plain = re.fullmatch(r"[A-Za-z0-9_./][\w./+ -]*", value) and value == value.strip()
    if plain and len(value) < 200 and parse(f"a: {value}", "").values["a"] == value:
        return value
    return json.dumps(value, ensure_ascii=not value.isprintable())


def aligned(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Write lines with their comments one under the other."""
    width = max((len(line) for line, _ in rows if len(line) <= WIDEST), default=0)
    for line, comment in rows:
        yield f"{line.ljust(width)}  # {comment}" if comment else line
