"""Names of the field, found in a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Literal, cast

from quantassay.claims.lexicons.lexicon import Name, Node, Pattern, lexicon
from quantassay.claims.lexicons.words import Words, stretches, words

Kind = Literal[
    "dataset", "metric", "model", "format", "precision", "scheme", "tool", "calibration", "stratum",
    "split", "word",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Match:
    """A name that a lexicon knows, at its place; ``facts`` are what the lexicon says of it.

    ``name`` is the canonical one: "SQuAD v1.1" for "squad 1.1".
    """

    kind: Kind
    name: str
    start: int
    end: int
    facts: Mapping[str, str] = field(default_factory=dict)


def find(text: str) -> tuple[Match, ...]:
    """Return every name in a text, in order of place; the longest where several begin at one place.

    Linear in the length of the text. Names of different kinds may overlap ("FP8-dynamic" is a
    format and says how activations are scaled); names of one kind do not.
    """
    found = [*_listed(text), *_patterned(text)]
    found.sort(key=lambda match: (match.start, -match.end))
    reached: dict[str, int] = {}
    kept = []
    for match in found:
        if match.start >= reached.get(match.kind, 0):
            reached[match.kind] = match.end
            kept.append(match)
    return tuple(kept)


def _listed(text: str) -> Iterator[Match]:
    names, run = lexicon(), words(text)
    first, begun = names.root.next, names.begun
    for place, word in enumerate(run.lower):
        if word in begun:
            yield from _begun(begun[word], text, run.spans[place][0])
        if word in first and run.opens(place):
            start = run.spans[place][0]
            for name, end in _longest(first[word], run, place).values():
                yield Match(cast(Kind, name.kind), name.name, start, end, name.facts)


def _begun(patterns: tuple[Pattern, ...], text: str, start: int) -> Iterator[Match]:
    for pattern in patterns:
        match = pattern.expression.match(text, start)
        if match is not None:
            name = pattern.name
            yield Match(cast(Kind, name.kind), name.name, start, match.end(), name.facts)


def _longest(node: Node, run: Words, place: int) -> dict[str, tuple[Name, int]]:
    """Return for each kind the longest name that begins at one place, and where it ends."""
    first, found = place, {}
    while True:
        if node.names and run.closes(place):
            for name in node.names:
                if _spelled(name, run, first):
                    found[name.kind] = name, run.spans[place][1]
        following = node.next.get(run.lower[place + 1]) if run.goes_on(place) else None
        if following is None:
            return found
        node, place = following, place + 1


def _spelled(name: Name, run: Words, first: int) -> bool:
    parts = name.spelling
    return not parts or tuple(run.written[first : first + len(parts)]) == parts


def _patterned(text: str) -> Iterator[Match]:
    for pattern, (first, last) in product(lexicon().patterns, stretches(text)):
        name = pattern.name
        for match in pattern.expression.finditer(text, first, last):
            start, end = match.span()
            if end > start:
                yield Match(cast(Kind, name.kind), name.name, start, end, name.facts)
