"""Bits and kind of number that some words, or a setting, give to weights and activations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from quantassay.claims.sources.document import Entry

Kind = Literal["int", "fp", ""]

TOKEN = (
    r"(?:w\d{1,2}[-_]?a\d{1,2}|u?int[-_ ]?\d{1,2}|(?:nv|mx|b)?fp?[-_]?\d{1,2}|float[-_ ]?\d{1,2}|"
    r"\d{1,2}[- ]?bits?(?: (?:int(?:eger)?|float\w*))?|i?q[2-8]_[a-z0-9_]{1,6})"
)
_TOKEN = re.compile(rf"(?<![a-z0-9]){TOKEN}(?![a-z0-9])")
_DIGITS = re.compile(r"\d{1,2}")
_BITS = re.compile(r"(?:^|\.)(?:bits|w_?bits?|weight_bits)$|weights\.num_bits$")
_ACTIVATION_BITS = re.compile(r"activations\.num_bits$|(?:^|\.)activation_bits$")


@dataclass(frozen=True, slots=True)
class Width:
    """What one place says: bits of weights and of activations, and the kind of number."""

    weights: int | None
    activations: int | None
    kind: Kind
    words: str
    start: int
    end: int

    def differs(self, other: Width) -> bool:
        """Return whether two places cannot both be right of one artefact."""
        bits = ((self.weights, other.weights), (self.activations, other.activations))
        apart = any(a is not None and b is not None and a != b for a, b in bits)
        return apart or bool(self.kind and other.kind and self.kind != other.kind)

    def agrees(self, other: Width) -> bool:
        """Return whether two places say something of the same part, and the same."""
        bits = ((self.weights, other.weights), (self.activations, other.activations))
        shared = any(a is not None and a == b for a, b in bits)
        return shared and not self.differs(other)


def width(words: str, start: int, end: int, part: str = "weights") -> Width | None:
    """Return what a token such as W4A16, INT8 or "4-bit" says; None beyond 16 bits or below 1."""
    low = words.lower()
    digits = [int(one) for one in _DIGITS.findall(low)]
    if not digits or not 1 <= digits[0] <= 16:
        return None
    if low.startswith("w") and len(digits) > 1:
        return Width(digits[0], digits[1], "", words, start, end)
    kind: Kind = "int" if "int" in low else "fp" if "f" in low else ""
    weights, activations = (digits[0], None) if part == "weights" else (None, digits[0])
    return Width(weights, activations, kind, words, start, end)


def tokens(text: str, offset: int, part: str = "weights") -> list[Width]:
    """Return every token of a stretch."""
    found = (
        width(match[0], offset + match.start(), offset + match.end(), part)
        for match in _TOKEN.finditer(text.lower())
    )
    return [one for one in found if one is not None]


def setting(entry: Entry) -> Width | None:
    """Return the width that a setting of a configuration file declares."""
    path = entry.path.lower()
    if not entry.value.isdigit():
        return None
    words = f"{entry.path}: {entry.value}"
    if _BITS.search(path):
        return Width(int(entry.value), None, "", words, entry.start, entry.end)
    if _ACTIVATION_BITS.search(path):
        return Width(None, int(entry.value), "", words, entry.start, entry.end)
    return None
