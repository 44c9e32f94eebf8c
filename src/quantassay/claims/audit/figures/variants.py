"""Which variant some words name: the reference, or a candidate, and in how many bits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Side = Literal["reference", "candidate"]

_EDGE, _END = r"(?<![a-z0-9])", r"(?![a-z0-9])"
_PLAIN = re.compile(
    _EDGE
    + r"(?P<precision>b?f(?:p|loat)?[-_ ]?(?:16|32|64)|tf32|fp16/bf16|half[- ]precision)"
    + _END
)
_WORDS = re.compile(
    _EDGE + r"(?:full[- ]precision|un-?quanti[sz]ed|non-?quanti[sz]ed|original|baseline|dense|"
    r"uncompressed|vanilla|floating[- ]point|float|base model|reference)" + _END + r"|^\s*base\s*$"
)
_NOT = re.compile(_EDGE + r"(?:un-?|non-?|not |before |pre-?)(?:quanti[sz]\w+|compress\w+)")
_BITS = re.compile(
    _EDGE + r"(?:w(?P<w>\d{1,2})[-_]?a\d{1,2}\w{0,3}|w(?P<x>[2-8])|u?int[-_ ]?(?P<i>[1-8])|"
    r"(?:nv|mx)?fp[-_ ]?(?P<f>[468])|nf(?P<n>4)|(?P<b>[1-8])[-_ ]?bits?|"
    r"i?q(?P<q>[1-8])(?:_[a-z0-9]{1,3}){0,3}|e4m3|e5m2|mxint(?P<m>[48]))(?:[-_]?(?:dynamic|"
    r"static))?" + _END
)
_SCHEMES = re.compile(
    _EDGE + r"(?:quanti[sz]ed|quanti[sz]ation|gptq|awq|smoothquant|hqq|aqlm|quip#?|rtn|autoround|"
    r"auto-round|bitsandbytes|bnb|spinquant|qdq|qat|ptq|compressed|exl2|gguf|hef|imatrix)" + _END
)
_BOTH = re.compile(
    r"→|->|=>|\bvs\b|\bversus\b|\bover\b|\brelative to\b|\bcompared\b|\bminus\b|\bto\b"
)
_ASIDE = re.compile(r"\([^()]{0,80}\)")
_MARKS = re.compile(r"[^\w%.+#-]+")


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant as a text names it: its side, and bits of the weights where they are named."""

    side: Side
    words: str
    bits: int | None = None
    start: int = 0
    end: int = 0


@lru_cache(maxsize=4096)
def variant(text: str) -> Variant | None:
    """Return the one variant that a label names; None where it names none, or both sides."""
    low = text.lower()
    bits, reference, scheme = _BITS.search(low), _reference(low), _SCHEMES.search(low)
    if bits and reference and _BOTH.search(low):
        return None
    if bits:
        return _precise(bits)
    if _NOT.search(low):
        return reference or Variant("reference", "unquantized")
    return reference or (
        scheme and Variant("candidate", scheme[0], None, scheme.start(), scheme.end())
    )


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[Variant, ...]:
    """Return each variant that a sentence names, in order of place."""
    low = text.lower()
    found = [_precise(match) for match in _BITS.finditer(low)]
    found += [
        Variant("reference", match[0], _width(match[0]), match.start(), match.end())
        for pattern in (_PLAIN, _WORDS)
        for match in pattern.finditer(low)
    ]
    if not any(one.side == "candidate" for one in found):
        found += [
            Variant("candidate", match[0], None, match.start(), match.end())
            for match in _SCHEMES.finditer(low)
            if not _NOT.match(low, max(0, match.start() - 4))
            and low[max(0, match.start() - 4) : match.start()] not in ("non-", " un-")
        ]
    return tuple(sorted(found, key=lambda one: one.start))


@lru_cache(maxsize=4096)
def without_bits(text: str) -> str:
    """Return a label without words such as INT8 and "2-bit"."""
    return _BITS.sub(" ", text.lower())


@lru_cache(maxsize=4096)
def rest(text: str) -> str:
    """Return a label without the words for its variant, to tell which labels belong together."""
    low = _MARKS.sub(" ", _ASIDE.sub(" ", text.lower()))
    for pattern in (_BITS, _PLAIN, _NOT, _WORDS, _SCHEMES):
        low = pattern.sub(" ", low)
    return " ".join(word.strip("-._") for word in low.split() if word.strip("-._"))


def _precise(found: re.Match[str]) -> Variant:
    digits = next((value for value in found.groupdict().values() if value), "8")
    side: Side = "reference" if found["w"] and int(digits) >= 16 else "candidate"
    return Variant(side, found[0], int(digits), found.start(), found.end())


def _reference(low: str) -> Variant | None:
    found = _PLAIN.search(low) or _WORDS.search(low)
    return found and Variant("reference", found[0], _width(found[0]), found.start(), found.end())


def _width(words: str) -> int | None:
    digits = re.search(r"\d+", words)
    return int(digits[0]) if digits else (16 if words.startswith("half") else None)
