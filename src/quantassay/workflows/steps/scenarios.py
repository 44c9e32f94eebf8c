"""What is expected of the samples that a plan is made for, and what follows for all cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quantassay import stats
from quantassay.evidence.outlook import Expected
from quantassay.records.planned import OverallOutlook, PlannedCell

from .piloting import Recording
from .prospecting import Field
from .question import Asked

HALF_CAP = (
    "a share of samples that changes moves a capped mean by half its cap, up or down alike; a "
    "pilot shows how far they do move"
)


@dataclass(frozen=True)
class Scenario:
    """What is expected of every metric: a declared share of changes, or what a pilot shows."""

    name: str
    discordance: float | None
    pilot: Recording | None
    area: tuple[float, float] | None

    def of(self, field: Field, asked: Asked) -> tuple[Expected, str]:
        """Return what is expected of one metric, and why nothing is ('' where something is)."""
        if self.pilot is None:
            return Expected(self.discordance, area=self.area), ""
        found = self.pilot.of(asked.metric)
        if isinstance(found, str):
            return Expected(), found
        return Expected(pilot=found, area=self.area), ""


def overall_of(gates: Sequence[PlannedCell], index: int, power: float) -> OverallOutlook | None:
    """Return the chance that every gate cell passes in one scenario; None where a cell has none."""
    powers = [cell.outlooks[index].power for cell in gates]
    known = [each for each in powers if each is not None]
    if not known or len(known) < len(powers):
        return None
    found = stats.overall_power(np.array(known))
    each = float(stats.power_of_each(power, len(known)))
    together = [float(p) for p in found]
    return OverallOutlook(len(known), together[0], together[1], together[2], each)


def assumptions_of(cells: Sequence[PlannedCell], correlation: float | None) -> list[str]:
    """Say what the figures take for granted."""
    halved = any(one.source == "half cap" for cell in cells for one in cell.outlooks)
    found = [HALF_CAP] if halved else []
    if any(cell.clusters is not None for cell in cells):
        found.append(
            "within a cluster, differences correlate "
            + (
                "as a pilot with clusters shows, or else by 1, the worst case: --correlation "
                "declares less"
                if correlation is None
                else f"by {correlation:g}, as declared"
            )
        )
    return found
