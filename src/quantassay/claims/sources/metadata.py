"""Scalars of YAML and JSON under their dotted paths, each at its exact place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

import yaml

from .document import Entry

DEEPEST = 64
MOST = 50_000
LARGEST = 1 << 20
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
JSON_TOKEN = re.compile(
    r'"(?P<text>[^"\\\n]*+(?:\\.[^"\\\n]*+)*+)"|(?P<bare>[^\s{}\[\]:,"]++)|(?P<mark>[{}\[\],])'
)


class Level:
    """An open mapping or list: where in it the next value goes."""

    def __init__(self, path: str, listed: bool) -> None:
        self.path = path
        self.listed = listed
        self.index = 0
        self.key: str | None = None

    def place(self) -> str:
        """Return the path of the next value, and step on."""
        name = str(self.index) if self.listed else self.key or ""
        self.index += 1
        self.key = None
        return f"{self.path}.{name}" if self.path else name


def yaml_entries(text: str, offset: int = 0) -> tuple[Entry, ...]:
    """Return the scalars of YAML; none where it does not parse, is too deep or too long.

    Aliases are not unfolded: the value stands once, where it is written.
    """
    if len(text) > LARGEST:
        return ()
    try:
        return tuple(_walk(yaml.parse(text, Loader=LOADER), text, offset))
    except (yaml.YAMLError, TooMuch):
        return ()


class TooMuch(Exception):
    """The nesting or the number of values passes the bound."""


def _walk(events: Iterable[yaml.Event], text: str, offset: int) -> Iterator[Entry]:
    levels = [Level("", listed=False)]
    found = 0
    for event in events:
        top = levels[-1]
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            listed = isinstance(event, yaml.SequenceStartEvent)
            if not top.listed and top.key is None and len(levels) > 1:
                top.key = "?"
            levels.append(Level(top.place() if len(levels) > 1 else "", listed))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            levels.pop()
        elif isinstance(event, yaml.AliasEvent) and (top.listed or top.key is not None):
            top.place()
        elif isinstance(event, yaml.ScalarEvent) and len(levels) > 1:
            if not top.listed and top.key is None:
                top.key = event.value
            else:
                yield _scalar(event, top.place(), text, offset)
                found += 1
        if len(levels) > DEEPEST or found > MOST:
            raise TooMuch


def _scalar(event: yaml.ScalarEvent, path: str, text: str, offset: int) -> Entry:
    assert event.start_mark is not None and event.end_mark is not None
    start, end = event.start_mark.index, event.end_mark.index
    if event.style in ("'", '"'):
        start, end = start + 1, end - 1
    words = text[start:end].rstrip()
    return Entry(path, event.value, offset + start, offset + start + len(words))


def json_entries(text: str, offset: int = 0) -> tuple[Entry, ...]:
    """Return the scalars of JSON; none where it does not parse, is too deep or too long."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return ()
    levels, entries = [Level("", listed=False)], []
    for token in JSON_TOKEN.finditer(text):
        top = levels[-1]
        mark = token["mark"]
        if mark in ("{", "["):
            levels.append(Level(top.place() if len(levels) > 1 else "", mark == "["))
        elif mark in ("}", "]"):
            levels.pop()
        elif mark is None and not top.listed and top.key is None:
            top.key = _string(token)
        elif mark is None:
            group = "bare" if token["text"] is None else "text"
            start, end = token.span(group)
            entries.append(Entry(top.place(), _string(token), offset + start, offset + end))
        if len(levels) > DEEPEST or len(entries) > MOST:
            return ()
    return tuple(entries)


def _string(token: re.Match[str]) -> str:
    return str(json.loads(token.group())) if token["text"] is not None else token.group()
