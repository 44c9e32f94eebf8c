"""Figures of a log by name: finite, not negative, and at one with each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import inf
from typing import Any

from quantassay.errors import DataError
from quantassay.readers.files.json_documents import number

AGAIN = "measure it again, or name another file"
LONGEST = 200
MOST_COUNT = 1 << 53
#: no figure of a log is larger, and none above zero smaller: sums and quotients stay finite
LARGEST, SMALLEST = 1e30, 1e-30
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


class Fields:
    """Values of one measurement by the names that its program gives them.

    Parameters
    ----------
    values
        As they were read; a number must be one, not a text in digits (see `written`).
    where
        File and place in it, which open every message.
    """

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self._values, self.where = values, where

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._values if key in self)

    def number(self, key: str) -> float:
        """Return a number from zero to 1e30."""
        given = self._values.get(key)
        value = None if isinstance(given, bool) else number(given)
        if value is None or not 0 <= value < inf:
            raise self._wrong(key, "no figure of zero or more")
        if value > LARGEST:
            raise self._wrong(key, "larger than anything that was measured")
        return value

    def positive(self, key: str) -> float:
        """Return a number above zero, from 1e-30 to 1e30."""
        value = self.number(key)
        if value < SMALLEST:
            raise self._wrong(key, "not above zero")
        return value

    def count(self, key: str) -> int:
        """Return a whole number above zero."""
        value = self.positive(key)
        if value != int(value) or value > MOST_COUNT:
            raise self._wrong(key, "no count")
        return int(value)

    def numbers(self, key: str) -> list[float]:
        """Return a list of finite numbers above zero."""
        given = self._values.get(key)
        if not isinstance(given, list):
            raise self._wrong(key, "no list of figures")
        return [
            Fields({f"{key}[{at}]": value}, self.where).positive(f"{key}[{at}]")
            for at, value in enumerate(given)
        ]

    def text(self, key: str) -> str:
        """Return a text in printable characters, cut to 200; '' where there is none."""
        given = self._values.get(key)
        return printable(given) if isinstance(given, str | int | float) else ""

    def agree(self, key: str, said: float, found: float, how: str, within: float = 0.01) -> None:
        """Refuse a figure that others of the same log contradict.

        ``within`` is the largest relative difference, ``how`` says what ``found`` is made of.
        """
        if abs(said - found) > within * max(abs(said), abs(found)):
            msg = f"{self.where}: {key!r} is {said:g}, but {how} is {found:g}; {AGAIN}"
            raise DataError(msg)

    def rising(self, figures: Mapping[str, float]) -> None:
        """Refuse figures of which a later one is smaller, such as percentiles."""
        before = ("", 0.0)
        for key, value in figures.items():
            if value < before[1]:
                below = f"below {before[0]!r}, {before[1]:g}"
                msg = f"{self.where}: {key!r} is {value:g}, {below}; {AGAIN}"
                raise DataError(msg)
            before = (key, value)

    def _wrong(self, key: str, what: str) -> DataError:
        if key not in self:
            return DataError(f"{self.where}: does not tell {key!r}; {AGAIN}")
        shown = printable(repr(self._values[key]))[:40]
        return DataError(f"{self.where}: {key!r} is {shown}, {what}; {AGAIN}")


def written(text: str) -> float | str:
    """Return a number where a text is one in plain digits, else the text."""
    return float(text) if len(text) < LONGEST and PLAIN.fullmatch(text) else text


def printable(value: object) -> str:
    """Return a value in one line of printable characters, cut to 200."""
    text = str(value)[: 4 * LONGEST]
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]
