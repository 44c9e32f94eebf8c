"""What a test set can tell before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Outlook:
    """Prospects of one cell at an assumed discordance, without any true loss.

    ``needed`` is the size for the wanted power, ``power`` the chance of a PASS at the size that
    is there, ``detectable`` the smallest loss that would be found; None with ``why``.
    """

    discordance: float
    needed: int | None
    power: float | None
    detectable: float | None
    why: str = ""


@dataclass(frozen=True)
class PlannedCell:
    """A gate or watch cell: ``size`` is its samples, or full clusters; ``floor`` the least."""

    metric: str
    stratum: Mapping[str, str]
    role: str
    margin: float
    n: int
    size: float
    floor: int | None
    outlooks: tuple[Outlook, ...]

    @property
    def can_pass(self) -> bool:
        """Whether any result at all could be a PASS."""
        return self.floor is not None and self.size >= self.floor


@dataclass(frozen=True)
class Planned:
    """Every judged cell; ``overall`` is the power of an overall PASS by discordance."""

    rubric: str
    n: int
    confidence: float
    power: float
    cells: tuple[PlannedCell, ...]
    overall: Mapping[str, float | None]
    assumptions: tuple[str, ...]
