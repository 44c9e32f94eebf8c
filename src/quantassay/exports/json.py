"""The comparison contract as JSON: ``quantassay/comparison/1``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from typing_extensions import NotRequired, TypedDict

from quantassay.records.cells import (
    Agreement,
    CandidateVerdict,
    Cell,
    Comparison,
    Contrast,
    Listed,
    MetricFacts,
    Verdict,
)
from quantassay.records.frontier import Frontier
from quantassay.records.looks import Stopping
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.speed import Conditions, Speed

from .contract import Claim, TextExport
from .speeds import refuse_speed_alone

SCHEMA = "quantassay/comparison/1"


class ComparisonDocument(TypedDict):
    """Every cell with its verdict; ``verdict`` is null where no margin was declared.

    ``throughput`` and what follows is the other half of a run in which something was timed.
    """

    schema: Literal["quantassay/comparison/1"]
    verdict: Verdict | None
    reference: str
    confidence: float
    candidates: dict[str, CandidateVerdict]
    cells: list[Cell]
    metrics: list[MetricFacts]
    agreements: list[Agreement]
    findings: list[str]
    proven_fine: list[Listed] | None
    suspects: list[Listed]
    losing_tasks: list[Listed] | None
    contrasts: list[Contrast]
    labels_needed: list[str]
    stopping: Stopping | None
    strict: bool
    throughput: NotRequired[list[Speed]]
    conditions: NotRequired[Conditions | None]
    frontiers: NotRequired[list[Frontier]]


def comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a comparison."""
    from pydantic import TypeAdapter

    found = TypeAdapter(ComparisonDocument).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA, **found}


class Json(TextExport):
    """Every cell with its verdict, as `compare --json` prints it."""

    suffix: ClassVar[str] = ".json"
    drops: ClassVar[tuple[str, ...]] = (
        "declaration", "test set", "rubric", "artifacts", "truth", "calibration", "executor",
        "precisions", "noise floor", "amendments", "disclosures", "reproduce", "software",
    )  # fmt: skip

    def text(self, claim: Claim, comparison: Comparison) -> str:
        """Return the contract as text, with throughput where the claim has any."""
        refuse_speed_alone(claim)
        return json_text({**Json.document(comparison), **trade_off(claim)})

    @staticmethod
    def document(comparison: Comparison) -> dict[str, Any]:
        """Return the contract as a dict."""
        return {
            "schema": SCHEMA,
            "verdict": comparison.verdict,
            "reference": comparison.reference,
            "confidence": comparison.confidence,
            "candidates": plain(comparison.candidates),
            "cells": plain(comparison.cells),
            "metrics": plain(comparison.metrics),
            "agreements": plain(comparison.agreements),
            "findings": list(comparison.findings),
            "proven_fine": plain(comparison.proven_fine),
            "suspects": plain(comparison.suspects),
            "losing_tasks": plain(comparison.losing_tasks),
            "contrasts": plain(comparison.contrasts),
            "labels_needed": list(comparison.labels_needed),
            "stopping": plain(comparison.stopping),
            "strict": comparison.strict,
        }

    @staticmethod
    def export(comparison: Comparison) -> str:
        """Return the contract as text."""
        return json_text(Json.document(comparison))


def trade_off(claim: Claim) -> dict[str, Any]:
    """Return the other half of a comparison by key, as far as a claim has it: what was timed."""
    speeds = [
        claim["reference_throughput"],
        *(o["throughput"] for o in claim["candidates"].values()),
    ]
    known = [speed for speed in speeds if speed is not None]
    if not known:
        return {}
    return {
        "throughput": known,
        "conditions": claim["conditions"],
        "frontiers": claim["frontiers"],
    }


def run_document(result: Result) -> dict[str, Any]:
    """Return the contract of a run: its comparison, and what was timed beside it."""
    timed = {
        "throughput": plain(result.speeds),
        "conditions": plain(result.conditions),
        "frontiers": plain(result.frontiers),
    }
    return {**Json.document(result.comparison), **(timed if result.speeds else {})}


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document as text."""
    return json.dumps(document, indent=1, allow_nan=False, ensure_ascii=False)
