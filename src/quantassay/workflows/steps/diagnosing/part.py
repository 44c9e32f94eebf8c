"""One part of a diagnosis: what was found, what was left out and why, and what to be wary of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quantassay.records.tendencies import Tendency


@dataclass(frozen=True)
class Part:
    """Tendencies, and what is said beside them; ``cut`` where more could be found in more time."""

    found: tuple[Tendency, ...] = ()
    left_out: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    cut: bool = False


def together(parts: Iterable[Part]) -> Part:
    """Return all parts as one, nothing said twice."""
    parts = list(parts)
    return Part(
        tuple(one for part in parts for one in part.found),
        tuple(dict.fromkeys(text for part in parts for text in part.left_out)),
        tuple(dict.fromkeys(text for part in parts for text in part.findings)),
        any(part.cut for part in parts),
    )
