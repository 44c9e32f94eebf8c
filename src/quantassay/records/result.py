"""Everything that a run found, ready to be reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .artifacts import VariantFacts
from .cells import Cell, Comparison, Verdict
from .cells import MetricFacts as MetricFacts
from .executor import EngineUse, ExecutorSpecification, Machine
from .frontier import Frontier
from .speed import Conditions, Speed
from .study import CalibrationStudy
from .tendencies import Tendencies
from .triple import Triple


@dataclass(frozen=True)
class TestSet:
    """What was measured on. ``clusters`` and ``composition`` are as declared."""

    __test__ = False

    task: str
    path: str
    digest: str
    n: int
    composition: str
    clusters: str
    strata: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class NoiseFloor:
    """The reference against itself, run twice in this session."""

    n: int
    answer_changes: int
    flips: int | None
    interval: tuple[float, float]
    confidence: float
    identical_outputs: bool


@dataclass(frozen=True)
class Amendment:
    """A declaration that changed after results had been seen."""

    time: str
    key: str
    old: str
    new: str


@dataclass(frozen=True)
class Result:
    """The outcome of ``run``; ``comparison`` decides, ``others`` show other references.

    ``folder`` is where the run stands; ``rubric_declared`` the canonical form that was locked at
    ``rubric_locked``; ``software`` the versions that computed the figures; ``executor`` is the
    whole stack, by layer. ``conditions`` are those
    under which ``speeds`` were measured, and ``frontiers`` set them against the loss of each metric
    that has a margin. ``triples`` say of each candidate whether it is robust on what was declared;
    ``tendencies`` are shown beside that, and nothing rests on them.
    """

    rubric: str
    rubric_digest: str
    made: str
    quantassay: str
    test_set: TestSet
    metrics: tuple[MetricFacts, ...]
    comparison: Comparison
    variants: tuple[VariantFacts, ...]
    others: tuple[Comparison, ...] = ()
    noise_floor: NoiseFloor | None = None
    speeds: tuple[Speed, ...] = ()
    machine: Machine | None = None
    engines: Mapping[str, EngineUse] = field(default_factory=dict)
    disclosures: Mapping[str, str | None] = field(default_factory=dict)
    amendments: tuple[Amendment, ...] = ()
    looks: int = 1
    findings: tuple[str, ...] = ()
    reproduce: str = ""
    folder: str = ""
    rubric_declared: Mapping[str, Any] | None = None
    rubric_locked: str = ""
    software: Mapping[str, str] = field(default_factory=dict)
    calibration_study: CalibrationStudy | None = None
    executor: ExecutorSpecification | None = None
    conditions: Conditions | None = None
    frontiers: tuple[Frontier, ...] = ()
    triples: tuple[Triple, ...] = ()
    tendencies: Tendencies | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The overall verdict: the worst over candidates that gate."""
        return self.comparison.verdict

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell against the deciding reference."""
        return self.comparison.cells
