"""Values and lines of YAML that read back as what was meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from .tree import parse

WIDEST = 44
LONGEST = 100


def yaml_text(value: Any) -> str:
    """Write a scalar, in quotes only where YAML 1.1 or 1.2 would read it as something else."""
    if not isinstance(value, str):
        return json.dumps(value)
    plain = re.fullmatch(r"[A-Za-z_.][\w./+ -]*", value, re.ASCII) and not value.endswith(" ")
    if plain and yaml.safe_load(value) == value == parse(f"a: {value}", "").values["a"]:
        return value
    return '"' + "".join(map(_escaped, value)) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def aligned(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Write lines with their comments one under the other."""
    width = max((len(line) for line, _ in rows if len(line) <= WIDEST), default=0)
    for line, comment in rows:
        yield f"{line.ljust(width)}  # {comment}" if comment else line


def wrapped(head: str, items: Sequence[str], tail: str) -> Iterator[str]:
    """Write a list over lines of up to 100 characters, those after the first indented."""
    line = head
    for at, item in enumerate(items):
        piece = item + (tail if at == len(items) - 1 else ",")
        if line.strip() and line != head and len(line) + 1 + len(piece) > LONGEST:
            yield line
            line = " " * len(head) + piece
        else:
            line += piece if line == head else f" {piece}"
    yield line
