"""Words of others in one line that moves no cursor."""

from __future__ import annotations

from collections.abc import Mapping

from quantassay.records.executor import Fact


def printable(text: str, most: int = 1000) -> str:
    """Return text with what cannot be printed spelled out, cut to ``most`` characters."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:most])[:most]


def plain_facts(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Return facts of which every word can be printed."""
    return {name: _plain(value) for name, value in facts.items()}


def _plain(value: Fact) -> Fact:
    if isinstance(value, tuple):
        return tuple(map(printable, value))
    return printable(value) if isinstance(value, str) else value
