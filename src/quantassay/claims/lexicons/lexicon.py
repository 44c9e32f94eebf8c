"""The lexicons: data files read once into one tree of words, and patterns beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from quantassay.claims.lexicons.words import words

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Name:
    """A canonical name of one kind; ``spelling`` holds its words where the case must be theirs."""

    kind: str
    name: str
    facts: Mapping[str, str]
    spelling: tuple[str, ...] = ()


@dataclass(slots=True)
class Node:
    """A place in the tree of words: the words that may follow, and the names that end here."""

    next: dict[str, Node] = field(default_factory=dict)
    names: list[Name] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A name that a regular expression finds."""

    name: Name
    expression: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every name of every data file; ``begun`` are the patterns by the words they begin with."""

    root: Node
    patterns: tuple[Pattern, ...]
    begun: Mapping[str, tuple[Pattern, ...]]


@cache
def lexicon() -> Lexicon:
    """Return the lexicons that come with the package."""
    root = Node()
    patterns: list[Pattern] = []
    begun: dict[str, tuple[Pattern, ...]] = {}
    for data in sources():
        for name, spelling in spellings(data):
            _plant(root, name, spelling)
        for each in data.get("patterns", ()):
            pattern = _pattern(data["kind"], each)
            if "begins" not in each:
                patterns.append(pattern)
            for word in each.get("begins", ()):
                begun[word] = (*begun.get(word, ()), pattern)
    return Lexicon(root, tuple(patterns), begun)


def sources() -> Iterator[dict[str, Any]]:
    """Yield each data file as it is written, in order of its name."""
    folder = files("quantassay.claims.lexicons") / "data"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".yaml"):
            yield yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)


def spellings(data: Mapping[str, Any]) -> Iterator[tuple[Name, tuple[str, ...]]]:
    """Yield every spelling of one data file, as words, with the name that it stands for."""
    for group in data["groups"]:
        exact = group.get("case") == "exact"
        for canonical, aliases in group["names"].items():
            for alias in {spread for each in (canonical, *aliases) for spread in _versions(each)}:
                spelling = tuple(words(alias).written)
                kept = spelling if exact else ()
                yield Name(data["kind"], canonical, group["facts"], kept), spelling


def _versions(alias: str) -> tuple[str, ...]:
    """Return a spelling with its "v" before a number: as it is, left out, and glued to the name."""
    parted = re.sub(r"(?<=[A-Za-z0-9])[ -]v(?=\d)", "v", alias)
    return (alias,) if parted == alias else (alias, parted, re.sub(r" v(?=\d)", " ", alias))


def _plant(root: Node, name: Name, spelling: tuple[str, ...]) -> None:
    node = root
    for word in spelling:
        node = node.next.setdefault(word.lower(), Node())
    node.names.append(name)


def _pattern(kind: str, data: Mapping[str, Any]) -> Pattern:
    # In ASCII a name may begin or end beside a word of a script without blanks.
    flags = re.ASCII | (re.IGNORECASE if data.get("case") == "any" else re.NOFLAG)
    name = Name(kind, data["name"], data.get("facts", {}))
    return Pattern(name, re.compile(data["match"], flags))
