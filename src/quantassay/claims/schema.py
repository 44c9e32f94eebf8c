"""The published shape of a claim."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import NotRequired, TypedDict

from quantassay.records.artifacts import Artifact, CalibrationFacts, Truth
from quantassay.records.cells import Agreement, CandidateVerdict, Cell, Verdict
from quantassay.records.executor import EngineUse, Machine
from quantassay.records.frontier import Frontier
from quantassay.records.joined import Joined
from quantassay.records.looks import Stopping
from quantassay.records.result import Amendment, MetricFacts, NoiseFloor, TestSet
from quantassay.records.speed import Conditions, Speed
from quantassay.records.study import CalibrationStudy
from quantassay.records.triple import Triple

from .executors.document import ExecutorDocument
from .sizes import SampleSize

STRICT = ConfigDict(extra="forbid")


@with_config(STRICT)
class RubricName(TypedDict):
    """The rubric as it was locked: its canonical form, the digest of that, and when.

    ``declared`` is null where no rubric was written down beforehand.
    """

    name: str
    digest: str
    locked: str
    declared: dict[str, Any] | None


@with_config(STRICT)
class NoStudy(TypedDict):
    """Nobody looked how far the calibration set moves the loss: the reason."""

    spread: None
    reason: str


@with_config(STRICT)
class VariantClaim(TypedDict):
    """One variant: what it is, and how it was executed.

    ``artifact.path`` is within the run folder, or as the rubric names it. ``executed`` is the
    precision that really ran; null where the answers were recorded elsewhere.
    """

    name: str
    origin: str
    scheme: str | None
    precision: str
    gate: bool
    artifact: Artifact | None
    truth: Truth | None
    calibration: CalibrationFacts | str | None
    engine: str
    failed: int
    failed_ids: list[str]
    executed: str | None
    execution: EngineUse | None


@with_config(STRICT)
class CandidateClaim(VariantClaim):
    """A candidate: its verdict, and accuracy and throughput as a pair.

    ``triple`` says whether it is robust on its declared surface; null in claims of before.
    """

    decision: CandidateVerdict
    triple: Triple | None
    sample_size: SampleSize | None
    accuracy: list[Cell]
    throughput: Speed | None


@with_config(STRICT)
class Claim(TypedDict):
    """A statement of loss that stands on its own.

    ``conditions`` are those under which every throughput was measured, null where none was;
    ``frontiers`` set them against the loss of each metric that has a margin. ``joined`` lists the
    throughputs that were measured elsewhere, and what binds each to its accuracy.
    """

    schema: Literal["quantassay/claim/1"]
    made: str
    quantassay: str
    rubric: RubricName
    task: TestSet
    metrics: list[MetricFacts]
    reference: VariantClaim
    confidence: float
    verdict: Verdict | None
    candidates: dict[str, CandidateClaim]
    reference_throughput: Speed | None
    trade_off: str
    conditions: Conditions | None
    frontiers: list[Frontier]
    calibration_study: CalibrationStudy | NoStudy
    agreements: list[Agreement]
    noise_floor: NoiseFloor | None
    executor: Machine | None
    executor_specification: NotRequired[ExecutorDocument | None]
    software: dict[str, str]
    amendments: list[Amendment]
    looks: int
    stopping: NotRequired[Stopping]
    joined: NotRequired[list[Joined]]
    findings: list[str]
    disclosures: dict[str, str | None]
    missing: list[str]
    decision_grade: bool
    reproduce: str


def claim_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a claim."""
    found = TypeAdapter(Claim).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "quantassay/claim/1",
        **found,
    }
