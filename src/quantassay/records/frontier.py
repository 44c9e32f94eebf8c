"""All variants as pairs of throughput and loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .cells import Verdict

Interval = tuple[float, float]


@dataclass(frozen=True)
class Point:
    """One variant in one stratum: how fast, and what it costs.

    ``speed`` is throughput over the reference's, ``loss`` in the metric's unit. The two intervals
    are a rectangle: both hold at once at the frontier's confidence. ``verdict`` is that of the
    cell, or of the whole candidate where the stratum is the whole test set; ``passes`` says that
    every gate cell here passes at the level shared among all candidates. ``dominated_by`` names
    variants that are both faster and lose less, with confidence; ``p_dominated`` is the smallest
    adjusted p. ``cost`` is what a thousand right answers cost, in the frontier's unit of cost.
    """

    variant: str
    precision: str
    speed: float | None
    speed_interval: Interval | None
    loss: float | None
    loss_interval: Interval | None
    verdict: Verdict | None
    passes: bool
    dominated_by: tuple[str, ...] = ()
    p_dominated: float | None = None
    cost: float | None = None
    cost_interval: Interval | None = None


@dataclass(frozen=True)
class StratumFrontier:
    """The points of one stratum; ``fastest`` is the fastest that passes in it, if any."""

    stratum: Mapping[str, str]
    margin: float | None
    points: tuple[Point, ...]
    fastest: str | None
    reason: str


@dataclass(frozen=True)
class Frontier:
    """Throughput against loss of one metric, over the whole test set and by stratum.

    ``fastest`` is the fastest candidate that passes on every declared stratum, at a level shared
    among ``candidates`` of them; None with the ``reason``. ``confidence`` is that of each
    rectangle. ``cost_unit`` says what costs are in, '' with ``cost_note`` where there are none.
    """

    metric: str
    confidence: float
    reference: str
    candidates: int
    whole: StratumFrontier
    strata: tuple[StratumFrontier, ...]
    fastest: str | None
    reason: str
    guarantee: str
    cost_unit: str = ""
    cost_note: str = ""
    method: str = ""
