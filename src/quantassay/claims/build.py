"""A result as a claim: a versioned JSON document that stands on its own."""

from __future__ import annotations

from typing import Any

from quantassay.records.cells import Cell
from quantassay.records.plain import plain
from quantassay.records.result import Result

SCHEMA = "quantassay/claim/1"


def claim(result: Result) -> dict[str, Any]:
    """Return the claim of a result, with what it lacks named in ``missing``."""
    missing = [item for item, words in result.disclosures.items() if words is None]
    comparison = result.comparison
    speeds = {speed.variant: plain(speed) for speed in result.speeds}
    return {
        "schema": SCHEMA,
        "made": result.made,
        "quantassay": result.quantassay,
        "rubric": {"name": result.rubric, "digest": result.rubric_digest},
        "task": plain(result.test_set),
        "metrics": plain(result.metrics),
        "reference": _variant(result, comparison.reference),
        "confidence": comparison.confidence,
        "verdict": comparison.verdict,
        "candidates": {
            name: {
                **_variant(result, name),
                "decision": plain(verdict),
                "accuracy": [_cell(cell) for cell in comparison.cells if cell.candidate == name],
                "throughput": speeds.get(name),
            }
            for name, verdict in comparison.candidates.items()
        },
        "reference_throughput": speeds.get(comparison.reference),
        "agreements": plain(comparison.agreements),
        "noise_floor": plain(result.noise_floor),
        "executor": plain(result.machine),
        "amendments": plain(result.amendments),
        "looks": result.looks,
        **({} if comparison.stopping is None else {"stopping": plain(comparison.stopping)}),
        "findings": list(result.findings),
        "disclosures": dict(result.disclosures),
        "missing": missing,
        "decision_grade": bool(result.disclosures)
        and not missing
        and comparison.verdict is not None,
        "reproduce": result.reproduce,
    }


def _variant(result: Result, name: str) -> dict[str, Any]:
    facts = next((plain(v) for v in result.variants if v.name == name), {"name": name})
    return {**facts, "execution": plain(result.engines.get(name))}


def _cell(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = plain(cell)
    return found
