"""What a test set can tell before anything is measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Source = Literal["declared", "half cap", "pilot"]


@dataclass(frozen=True)
class Outlook:
    """Prospects of one cell in one scenario; None where undefined, with ``why``.

    Every figure is of samples of the same mix of clusters and classes. ``discordance`` is the
    share of samples expected to change, ``spread`` the standard deviation of the loss per sample.
    ``needed`` samples reach the power wanted, ``needed_each`` that which makes all gate cells pass
    together with it. ``power`` is the chance of a PASS at the size that is there,
    ``power_at_floor`` at the least that could pass. ``detectable`` is the smallest loss that
    would be told from none, ``half_width`` the expected upper end of the interval above the true
    loss. ``least`` samples could pass at all. ``uncapped`` is ``needed`` if no cap had to be paid
    for. ``basis`` says in words what was assumed, ``source`` whether it was declared, declared of a
    mean as moves by half the cap, or shown by a pilot.
    """

    discordance: float | None = None
    spread: float | None = None
    needed: int | None = None
    needed_each: int | None = None
    power: float | None = None
    power_at_floor: float | None = None
    detectable: float | None = None
    half_width: float | None = None
    least: int | None = None
    uncapped: int | None = None
    basis: str = ""
    source: Source = "declared"
    method: str = ""
    why: str = ""


@dataclass(frozen=True)
class PlannedCell:
    """A gate or watch cell of ``n`` samples, None where no test set is there.

    ``size`` is what the verdict's floor counts: samples, full clusters, or positives; ``floor``
    the least of it that could pass, ``floor_n`` the same in samples; ``why`` says what stands
    against a cell that can never pass.
    """

    metric: str
    stratum: Mapping[str, str]
    role: str
    margin: float
    n: int | None
    size: float | None
    floor: int | None
    outlooks: tuple[Outlook, ...]
    floor_n: int | None = None
    clusters: int | None = None
    unit: str = ""
    cap: float | None = None
    why: str = ""

    @property
    def can_pass(self) -> bool:
        """Whether any result at all could be a PASS."""
        return self.floor is not None and (self.size is None or self.size >= self.floor)


@dataclass(frozen=True)
class OverallOutlook:
    """Chance that all ``cells`` gate cells pass: if independent, at least, and at most.

    ``power_each`` is what each of equal, independent cells needs for the power wanted.
    """

    cells: int
    independent: float
    at_least: float
    at_most: float
    power_each: float


@dataclass(frozen=True)
class Curve:
    """Samples ``needed`` at each of some ``margins`` for one metric over all samples."""

    metric: str
    scenario: str
    margins: tuple[float, ...]
    needed: tuple[int | None, ...]
    floor: tuple[int | None, ...]


@dataclass(frozen=True)
class Planned:
    """Every judged cell in every scenario; ``overall`` by scenario, None where undefined.

    ``loss`` is the expected true loss as a share of each margin, ``largest_n`` where a run that
    may stop early ends at the latest. ``strict``: cells are judged by proven bounds, for which no
    scenario is worked out.
    """

    rubric: str
    n: int | None
    confidence: float
    power: float
    scenarios: tuple[str, ...]
    cells: tuple[PlannedCell, ...]
    overall: Mapping[str, OverallOutlook | None]
    curves: tuple[Curve, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    loss: float = 0.0
    correlation: float | None = None
    largest_n: int | None = None
    strict: bool = False

    @property
    def several(self) -> bool:
        """Whether several gate cells must pass together."""
        return sum(cell.role == "gate" for cell in self.cells) > 1
