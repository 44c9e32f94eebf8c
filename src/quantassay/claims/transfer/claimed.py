"""What a claim file says, as far as a transfer needs it: read, checked, never trusted."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import NotRequired, TypedDict

from quantassay.errors import DataError
from quantassay.records.artifacts import Artifact, CalibrationFacts
from quantassay.records.cells import CandidateVerdict, Cell, MetricFacts, stratum_label
from quantassay.records.executor import EngineUse, Machine
from quantassay.records.result import Amendment, TestSet
from quantassay.records.speed import Speed

from ..earlier import brought_up
from ..untrusted_json import parsed

SCHEMA = "quantassay/claim/1"
# a claim that says more than this reads on: later versions add fields
LOOSE = ConfigDict(extra="ignore")


@with_config(LOOSE)
class _Variant(TypedDict):
    name: str
    scheme: str | None
    precision: str
    gate: NotRequired[bool]
    artifact: Artifact | None
    calibration: CalibrationFacts | str | None
    execution: EngineUse | None


@with_config(LOOSE)
class _Candidate(_Variant):
    decision: CandidateVerdict
    accuracy: list[Cell]
    throughput: Speed | None


@with_config(LOOSE)
class _Claim(TypedDict):
    made: str
    task: TestSet
    metrics: list[MetricFacts]
    reference: _Variant
    confidence: float
    candidates: dict[str, _Candidate]
    executor: Machine | None
    missing: list[str]
    looks: NotRequired[int]
    amendments: NotRequired[list[Amendment]]


@dataclass(frozen=True)
class ClaimedVariant:
    """One variant of a claim; ``layers`` of its executor by name, as a deployment calls them."""

    name: str
    scheme: str | None
    precision: str
    gate: bool
    artifact: Artifact | None
    calibration: CalibrationFacts | str | None
    layers: Mapping[str, str]
    emulated: int = 0


@dataclass(frozen=True)
class ClaimedCandidate(ClaimedVariant):
    """A candidate with its verdict, its cells and its throughput."""

    decision: CandidateVerdict = field(default_factory=lambda: CandidateVerdict(None, ""))
    cells: tuple[Cell, ...] = ()
    throughput: Speed | None = None

    @cached_property
    def _places(self) -> Mapping[tuple[str, frozenset[tuple[str, str]]], Cell]:
        return {(cell.metric, frozenset(cell.stratum.items())): cell for cell in self.cells}

    def cell(self, metric: str, stratum: Mapping[str, str]) -> Cell | None:
        """Return the cell of one metric on one stratum; {} is the whole test set."""
        return self._places.get((metric, frozenset(stratum.items())))

    @property
    def withheld(self) -> str:
        """Why the claim gives this candidate no verdict, whatever its cells say; '' else."""
        said = self.decision
        alone = said.verdict == "insufficient" and not said.deciding
        gates = any(cell.role == "gate" for cell in self.cells)
        return said.reason if alone or (gates and said.verdict is None) else ""


@dataclass(frozen=True)
class Claimed:
    """A claim as a transfer sees it."""

    path: Path
    made: str
    task: TestSet
    metrics: tuple[MetricFacts, ...]
    reference: ClaimedVariant
    confidence: float
    candidates: tuple[ClaimedCandidate, ...]
    missing: tuple[str, ...]
    looks: int = 1
    amended: int = 0

    def metric(self, name: str) -> MetricFacts | None:
        """Return the facts of a metric."""
        return next((facts for facts in self.metrics if facts.name == name), None)


def read_claim(path: Path) -> Claimed:
    """Read a claim file.

    Raises
    ------
    DataError
        If it is missing, too large, no JSON, no claim of this version, or holds a figure that
        none can be.
    """
    value = parsed(path, "a claim")
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema != SCHEMA:
        said = f"its schema is {str(schema)[:60]!r}" if schema else "it names no schema"
        msg = f"{path}: not a claim of this version: {said}, not {SCHEMA!r}"
        raise DataError(msg)
    try:
        found = TypeAdapter(_Claim).validate_json(json.dumps(brought_up(value)), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        msg = f"{path}: {where[:200]}: {first['msg'][:200]}: is this claim.json of a run, whole?"
        raise DataError(msg) from None
    return _checked(_claimed(path, found))


def _claimed(path: Path, found: _Claim) -> Claimed:
    machine = found["executor"]
    return Claimed(
        path=path,
        made=found["made"],
        task=found["task"],
        metrics=tuple(found["metrics"]),
        reference=ClaimedVariant(**_variant(found["reference"], machine)),
        confidence=found["confidence"],
        candidates=tuple(
            ClaimedCandidate(
                **{**_variant(one, machine, one["throughput"]), "name": name},
                decision=one["decision"],
                cells=tuple(one["accuracy"]),
                throughput=one["throughput"],
            )
            for name, one in found["candidates"].items()
        ),
        missing=tuple(found["missing"]),
        looks=found.get("looks", 1),
        amended=len(found.get("amendments", [])),
    )


def _variant(
    found: _Variant, machine: Machine | None, speed: Speed | None = None
) -> dict[str, Any]:
    use = found["execution"]
    ran = () if use is None else use.precisions
    return {
        "name": found["name"],
        "scheme": found["scheme"],
        "precision": found["precision"],
        "gate": found.get("gate", True),
        "artifact": found["artifact"],
        "calibration": found["calibration"],
        "layers": _layers(use, machine, speed),
        "emulated": sum(one.count for one in ran if one.execution != "native"),
    }


def _layers(use: EngineUse | None, machine: Machine | None, speed: Speed | None) -> dict[str, str]:
    """Return what is known of an executor by the names that a deployment uses."""
    said: dict[str, object] = {}
    if use is not None:
        said = {name: getattr(use, name) for name in ("engine", "version", "provider", "threads")}
        said["graph_level"] = use.graph_level
    if machine is not None:
        said |= {name: getattr(machine, name) for name in ("processor", "architecture", "system")}
        said["instructions"] = ", ".join(machine.instructions)
    if speed is not None and not speed.source:
        said["batch"] = speed.batch
    return {name: str(value) for name, value in said.items() if value not in (None, "")}


def _checked(claimed: Claimed) -> Claimed:
    """Refuse figures that cannot be, so that nothing rests on them."""
    path = claimed.path
    if not 0.5 < claimed.confidence < 1:
        msg = f"{path}: confidence: is {claimed.confidence:g}; it lies between 0.5 and 1"
        raise DataError(msg)
    sizes = [size for values in claimed.task.strata.values() for size in values.values()]
    if claimed.task.n < 1 or min(sizes, default=0) < 0:
        msg = f"{path}: task: {min([claimed.task.n, *sizes])} samples"
        raise DataError(msg)
    for candidate in claimed.candidates:
        seen: set[str] = set()
        for cell in candidate.cells:
            named = f"{cell.metric} @ {stratum_label(cell.stratum)}"
            what = "stands there twice" if named in seen else _impossible(cell)
            seen.add(named)
            if what:
                where = f"candidates.{candidate.name}: {named}"
                msg = f"{path}: {where[:200]}: {what}: `quantassay verify` says whose error it is"
                raise DataError(msg)
    return claimed


def _impossible(cell: Cell) -> str:
    numbers = [cell.loss, cell.margin, cell.reference_value, *(cell.interval or ())]
    if any(number is not None and not math.isfinite(number) for number in numbers):
        return "a figure is not finite"
    if cell.n < 0 or (cell.n == 0 and cell.loss is not None):
        return f"a loss of {cell.n} samples"
    if cell.interval is not None:
        low, high = cell.interval
        if low > high or (cell.loss is not None and not low - 1e-9 <= cell.loss <= high + 1e-9):
            return "the loss lies outside of its interval"
    if cell.margin is not None and cell.margin <= 0:
        return f"a margin of {cell.margin:g}"
    return ""
