"""Whether a triple of model, task and scheme is robust or fragile on its declared surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["robust", "fragile", "undetermined"]


@dataclass(frozen=True, slots=True)
class Triple:
    """A candidate as a triple, and what its cells with a margin say of it together.

    ``surface`` names those cells, as ``metric @ stratum``; ``uncovered`` the measured cells without
    a margin, of which nothing is said. ``deciding`` is the cell that decides: of a fragile triple
    the one surest beyond its margin, of a robust one the one nearest to it, of an undetermined one
    what keeps it from being robust most; '' where no cell does, with the ``reason``.
    """

    candidate: str
    reference: str
    outcome: Outcome
    deciding: str
    reason: str
    surface: tuple[str, ...]
    uncovered: tuple[str, ...]
