"""Where a run stopped, and at which look a cell was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """The look that a cell stands at: ``number`` of ``of``, of ``n_max`` samples at the last.

    ``level`` is the one-sided nominal level of its interval there; ``final`` says whether the cell
    was decided.
    """

    number: int
    of: int
    n_max: int
    level: float
    final: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """Where one candidate stopped, after ``n`` samples, and why."""

    look: int
    n: int
    why: str


@dataclass(frozen=True)
class Stopping:
    """The declared looks, in samples, of ``n`` in the test set, and where each candidate stopped.

    ``reference`` is how many samples the reference was run on.
    """

    spending: str
    looks: tuple[int, ...]
    n: int
    reference: int
    candidates: Mapping[str, Stop]

    @property
    def n_max(self) -> int:
        """Samples at the last look."""
        return self.looks[-1]


def stopping_from_plain(value: Mapping[str, Any] | None) -> Stopping | None:
    """Read it back from JSON."""
    if value is None:
        return None
    stops = {name: Stop(**one) for name, one in value["candidates"].items()}
    return Stopping(**{**value, "looks": tuple(value["looks"]), "candidates": stops})
