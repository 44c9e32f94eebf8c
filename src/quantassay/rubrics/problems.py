"""What is wrong with a rubric, said in one line each: file, line, key path, what, mend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..errors import RubricError

Path = tuple[str | int, ...]

SHOWN = 10


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, at a line and a key path."""

    line: int
    path: Path
    what: str

    def __str__(self) -> str:
        where = f"{dotted(self.path)}: " if self.path else ""
        return f"{self.line}: {where}{self.what}"


def dotted(path: Path) -> str:
    """Write a key path as in ``metrics[0].by.digit``; unusual keys in quotes."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[\w<>@/+-]+", part):
            text += f".{part}" if text else part
        else:
            text += f"[{part!r}]"
    return text


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a key path, or of the nearest part around it that was written."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def listed(file: str, problems: Iterable[Problem]) -> str:
    """Write one line for each problem, in the order of the file; beyond ten they are counted."""
    found = sorted(dict.fromkeys(problems), key=lambda problem: problem.line)
    lines = [f"{file}:{problem}" for problem in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"{file}: and {len(found) - SHOWN} more")
    return "\n".join(lines)


def raise_all(file: str, problems: Iterable[Problem]) -> None:
    """Raise one error that lists the problems, or do nothing where there is none.

    Raises
    ------
    RubricError
        One line for each problem.
    """
    if text := listed(file, problems):
        raise RubricError(text)
