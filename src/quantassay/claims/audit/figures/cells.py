"""The numbers of a table's cell."""

from __future__ import annotations

import re
from functools import lru_cache

from quantassay.claims.sources.document import Table, TableCell

from .numbers import Printed, numbers

_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[A-Za-z]")
_RESULT = re.compile(r"=\s?([-+]?[\d.]{1,20}%?)\s*$")
_PARENTHESIS = re.compile(r"\(([^()]{1,40})\)")


def is_numeric(cell: TableCell) -> bool:
    """Return whether a cell states a number, rather than a name with digits in it."""
    return _numeric(cell.text[:120])


@lru_cache(maxsize=8192)
def _numeric(words: str) -> bool:
    text = words.strip()[:60]
    if not _DIGIT.search(words):
        return text.lower() in ("-", "–", "—", "n/a", "na", "nan", "tbd", "")
    if _RESULT.search(words):
        return True
    first = next(numbers(text), None)
    if first is None:
        return False
    letters = len(_WORDS.findall(text[: first.start] + text[first.end :]))
    return first.start <= 24 and letters <= 16


def label_columns(table: Table) -> tuple[int, ...]:
    """Return the columns that name the rows: those in which few cells state a number."""
    width = len(table.rows[0]) if table.rows else 0
    chosen = []
    for column in range(width):
        cells = [row[column] for row in table.rows[:400] if row[column].text.strip()]
        stated = [cell for cell in cells if _states(cell)]
        if 2 * len(stated) <= len(cells):
            chosen.append(column)
    return tuple(chosen)


def _states(cell: TableCell) -> bool:
    """Return whether a cell states a number, and no placeholder for one."""
    return _DIGIT.search(cell.text) is not None and is_numeric(cell)


def values(cell: TableCell) -> tuple[Printed | None, Printed | None]:
    """Return the number of a cell, and one in parentheses behind it.

    Of several numbers the first counts: what follows is a spread or a condition.
    """
    return _values(cell.text[:120])


@lru_cache(maxsize=8192)
def _values(text: str) -> tuple[Printed | None, Printed | None]:
    result = _RESULT.search(text)
    if result is not None:
        return next(numbers(result[1]), None), None
    inside = _PARENTHESIS.search(text)
    if inside is None:
        return next(numbers(text), None), None
    body = text[: inside.start()] + " " * len(inside[0]) + text[inside.end() :]
    main = next(numbers(body), None)
    aside = next(numbers(inside[1]), None) if main else None
    return main, aside
