"""The parts of a claim, as an export names those that it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Claim = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A part of a claim in words, and whether a claim has it."""

    words: str
    there: Callable[[Claim], bool]

    def found(self, claim: Claim) -> str:
        """Return the words where the claim has this part, else ''."""
        return self.words if self.there(claim) else ""


def _cells(claim: Claim) -> Iterator[Mapping[str, Any]]:
    for candidate in claim["candidates"].values():
        yield from candidate["accuracy"]


def _any_cell(field: str) -> Callable[[Claim], bool]:
    return lambda claim: any(cell.get(field) is not None for cell in _cells(claim))


def _any_candidate(field: str) -> Callable[[Claim], bool]:
    return lambda claim: any(one.get(field) for one in claim["candidates"].values())


def _has(field: str) -> Callable[[Claim], bool]:
    return lambda claim: bool(claim.get(field))


PARTS: Mapping[str, Part] = {
    "other metrics": Part(
        "metrics but the first of each candidate",
        lambda claim: len({cell["metric"] for cell in _cells(claim)}) > 1,
    ),
    "strata": Part(
        "the strata, where a loss concentrates",
        lambda claim: any(cell["stratum"] for cell in _cells(claim)),
    ),
    "undefined": Part(
        "cells without a figure, with the reason",
        lambda claim: any(cell["candidate_value"] is None for cell in _cells(claim)),
    ),
    "described": Part(
        "cells that are described, not judged",
        lambda claim: any(cell["verdict"] is None for cell in _cells(claim)),
    ),
    "evidence": Part(
        "p-values, power and the n that would settle each cell", _any_cell("p_within")
    ),
    "definitions": Part("the metrics' definitions and sources", _has("metrics")),
    "agreements": Part("agreement with the reference", _has("agreements")),
    "test set": Part("composition, strata and digest of the test set", _has("task")),
    "rubric": Part("the rubric's digest", _has("rubric")),
    "declaration": Part(
        "the rubric as it was locked", lambda claim: bool(claim["rubric"].get("declared"))
    ),
    "artifacts": Part("digests of the model files", _any_candidate("artifact")),
    "truth": Part("what the scheme changed in each model", _any_candidate("truth")),
    "calibration": Part("what the ranges were calibrated on", _any_candidate("calibration")),
    "executor": Part("the executor: engine, processor, threads", _has("executor")),
    "software": Part("versions of the software", _has("software")),
    "precisions": Part("which operations really ran in low precision", _any_candidate("execution")),
    "throughput": Part("throughput beside the accuracy", _any_candidate("throughput")),
    "latencies": Part("latencies, memory and load time", _any_candidate("throughput")),
    "conditions": Part("the conditions under which throughput was measured", _has("conditions")),
    "frontier": Part("the frontier: what is dominated, the fastest that passes", _has("frontiers")),
    "noise floor": Part("the reference against itself (noise floor)", _has("noise_floor")),
    "amendments": Part(
        "amendments and earlier looks at the results",
        lambda claim: bool(claim["amendments"]) or claim["looks"] > 1,
    ),
    "stopping": Part("the stopping rule", _has("stopping")),
    "findings": Part("findings in words", _has("findings")),
    "disclosures": Part("the checklist of disclosures, and what is missing", _has("disclosures")),
    "reproduce": Part("the command that reproduces it", _has("reproduce")),
}
