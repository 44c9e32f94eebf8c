"""The lines of a text, as places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """Where the text of a line begins and ends, without its end-of-line characters."""

    start: int
    end: int
    code: bool = False


def lines_of(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    """Return the lines between two places."""
    found, at = [], start
    end = len(text) if end is None else end
    for line in text[start:end].split("\n"):
        after = at + len(line)
        found.append(Line(at, after - 1 if line.endswith("\r") else after))
        at = after + 1
    return found


def without(lines: Iterable[Line], places: Sequence[tuple[int, int]]) -> list[Line]:
    """Return what is left of the lines outside of some places, which are in order."""
    left, waiting = [], list(places[::-1])
    for line in lines:
        start = line.start
        while waiting and waiting[-1][0] < line.end:
            first, last = waiting[-1]
            if first > start:
                left.append(line._replace(start=start, end=first))
            start = max(start, min(last, line.end))
            if last > line.end:
                break
            waiting.pop()
        left.append(line._replace(start=min(start, line.end)))
    return left
