"""One metric on one stratum of one candidate, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Verdict = Literal["pass", "fail", "inconclusive", "insufficient"]
Role = Literal["gate", "watch", "described"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure with all that it takes to read it. Losses are positive when worse.

    ``interval`` is the two-sided nominal interval of ``loss``; None with ``reason`` where it is
    undefined. ``verdict`` is None, with the reason, where no margin stands.
    """

    candidate: str
    reference: str
    metric: str
    stratum: Mapping[str, str]
    role: Role
    n: int
    reference_value: float | None
    candidate_value: float | None
    delta: float | None
    loss: float | None
    interval: tuple[float, float] | None
    method: str
    losses: int | None
    gains: int | None
    margin: float | None
    p_within: float | None
    p_beyond_adjusted: float | None
    verdict: Verdict | None
    reason: str
    smallest_detectable: float | None = None
    needed_n: int | None = None
    floor_n: int | None = None
    clusters: int | None = None
    critical: bool = False
    exploratory: bool = False


@dataclass(frozen=True, slots=True)
class CandidateVerdict:
    """The verdict on one candidate, from its gate cells alone.

    ``uncovered`` names the strata that no gate cell of this candidate covers; ``deciding`` the
    cells that made the verdict, as ``metric`` or ``metric @ stratum``.
    """

    verdict: Verdict | None
    reason: str
    gate: bool = True
    uncovered: tuple[str, ...] = ()
    deciding: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """How close a candidate stays to the reference, without targets.

    ``value`` with ``n`` and a ``interval`` at the stated confidence where one is defined.
    """

    candidate: str
    name: str
    stratum: Mapping[str, str]
    n: int
    value: float | None
    interval: tuple[float, float] | None
    unit: str
    definition: str


@dataclass(frozen=True)
class MetricFacts:
    """How a metric is defined: ``name`` as cells quote it, direction, evidence, source."""

    name: str
    definition: str
    source: str
    higher_is_better: bool
    evidence: str
    unit: str


@dataclass(frozen=True)
class Comparison:
    """Every cell of every candidate against one reference."""

    reference: str
    confidence: float
    verdict: Verdict | None
    candidates: Mapping[str, CandidateVerdict]
    cells: tuple[Cell, ...]
    agreements: tuple[Agreement, ...] = ()
    findings: tuple[str, ...] = ()
    metrics: tuple[MetricFacts, ...] = ()


def stratum_label(stratum: Mapping[str, str]) -> str:
    """Name a stratum in one line: ``overall`` or ``digit=8``."""
    return ", ".join(f"{key}={value}" for key, value in stratum.items()) or "overall"


def comparison_from_plain(value: Mapping[str, Any]) -> Comparison:
    """Read a comparison back from its JSON contract.

    Raises
    ------
    KeyError, TypeError
        If a field is missing or unknown.
    """
    return Comparison(
        reference=value["reference"],
        confidence=value["confidence"],
        verdict=value["verdict"],
        candidates={
            name: CandidateVerdict(
                verdict=one["verdict"],
                reason=one["reason"],
                gate=one["gate"],
                uncovered=tuple(one["uncovered"]),
                deciding=tuple(one["deciding"]),
            )
            for name, one in value["candidates"].items()
        },
        cells=tuple(Cell(**{**c, "interval": _ends(c["interval"])}) for c in value["cells"]),
        agreements=tuple(
            Agreement(**{**a, "interval": _ends(a["interval"])}) for a in value["agreements"]
        ),
        findings=tuple(value["findings"]),
        metrics=tuple(MetricFacts(**m) for m in value["metrics"]),
    )


def _ends(value: Sequence[float] | None) -> tuple[float, float] | None:
    return None if value is None else (value[0], value[1])
