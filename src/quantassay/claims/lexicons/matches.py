"""Names of the field, found in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

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
    raise NotImplementedError
