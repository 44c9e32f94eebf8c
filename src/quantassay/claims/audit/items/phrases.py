"""Phrases: words that mean something else than the names that they hold."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from quantassay.claims.lexicons.matches import Match


def plainly_meant(found: Sequence[Match]) -> tuple[Match, ...]:
    """Leave out the names that are only part of a phrase which means something else."""
    starts: dict[str, list[int]] = {}
    ends: dict[str, list[int]] = {}
    for match in found:
        if "hides" in match.facts:
            starts.setdefault(match.facts["hides"], []).append(match.start)
            ends.setdefault(match.facts["hides"], []).append(match.end)

    def hidden(match: Match) -> bool:
        at = bisect_right(starts.get(match.kind, []), match.start) - 1
        return at >= 0 and match.end <= ends[match.kind][at]

    return tuple(match for match in found if not hidden(match))
