"""What the floor of a cell counts: samples, unless its evidence says otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from .contract import Evidence
from .dependence import Wrapped

SAMPLES = "samples"


@runtime_checkable
class Counting(Protocol):
    """Evidence whose floor does not count samples alone."""

    @property
    def counted(self) -> Sequence[str]:
        """What size and floor of each cell count (G,), in the plural."""
        ...


def counted(evidence: Evidence) -> Sequence[str]:
    """Return what size and floor of each cell count (G,)."""
    if isinstance(evidence, Counting):
        return evidence.counted
    if isinstance(evidence, Wrapped):
        return counted(evidence.within)
    return [SAMPLES] * len(evidence.n)
