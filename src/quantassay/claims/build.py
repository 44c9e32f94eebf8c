"""A result as a claim: a versioned JSON document that stands on its own."""

from __future__ import annotations

from typing import Any

from quantassay.errors import InputError
from quantassay.records.artifacts import CalibrationFacts, VariantFacts
from quantassay.records.cells import Comparison
from quantassay.records.plain import plain
from quantassay.records.result import Result
from quantassay.records.speed import Speed

from .disclosures import absent
from .execution import executed
from .executors.document import executor_document
from .places import place, portable
from .sizes import sample_size

SCHEMA = "quantassay/claim/1"
HALF = "half of the trade-off"
NO_STUDY = "no calibration study was made: one calibration set a candidate"


def claim(result: Result) -> dict[str, Any]:
    """Return the claim of a result, with what it lacks named in ``missing``.

    Raises
    ------
    InputError
        If a throughput stands there without the accuracy that it was bought with.
    """
    refuse_speed_alone(result.comparison, result.speeds)
    missing = absent(result.disclosures)
    comparison = result.comparison
    return {
        "schema": SCHEMA,
        "made": result.made,
        "quantassay": result.quantassay,
        "rubric": _rubric(result),
        "task": {**plain(result.test_set), "path": portable(result.test_set.path)},
        "metrics": plain(result.metrics),
        "reference": _variant(result, comparison.reference),
        "confidence": comparison.confidence,
        "verdict": comparison.verdict,
        "candidates": {name: _candidate(result, name) for name in comparison.candidates},
        "reference_throughput": _speed(result, comparison.reference),
        "trade_off": trade_off(comparison, result.speeds),
        "conditions": plain(result.conditions),
        "frontiers": plain(result.frontiers),
        "calibration_study": _study(result),
        "agreements": plain(comparison.agreements),
        "noise_floor": plain(result.noise_floor),
        "executor": plain(result.machine),
        "executor_specification": result.executor and executor_document(result.executor),
        "software": dict(result.software),
        "amendments": plain(result.amendments),
        "looks": result.looks,
        **({} if comparison.stopping is None else {"stopping": plain(comparison.stopping)}),
        "findings": list(result.findings),
        "disclosures": dict(result.disclosures),
        "missing": missing,
        "decision_grade": decision_grade(result, missing),
        "reproduce": result.reproduce,
    }


def refuse_speed_alone(comparison: Comparison, speeds: tuple[Speed, ...]) -> None:
    """Refuse a throughput without its accuracy.

    Raises
    ------
    InputError
        If a variant was timed of which no cell has a figure.
    """
    measured = {c.candidate for c in comparison.cells if c.candidate_value is not None}
    measured |= {c.candidate for c in comparison.cells if c.loss is not None}
    alone = [s.variant for s in speeds if s.variant not in {*measured, comparison.reference}]
    if alone:
        msg = (
            f"{alone[0]}: a throughput without its accuracy is no claim: half of the trade-off "
            "alone says nothing; measure its loss on the same samples"
        )
        raise InputError(msg)


def trade_off(comparison: Comparison, speeds: tuple[Speed, ...]) -> str:
    """Say whether the claim holds both halves: ``whole``, or which half is not there, of whom."""
    outside = {speed.variant for speed in speeds if speed.source}
    timed = {speed.variant for speed in speeds if speed.ratio is not None} | outside
    untimed = [name for name in comparison.candidates if name not in timed]
    if not untimed:
        elsewhere = ", ".join(name for name in comparison.candidates if name in outside)
        return f"whole; measured elsewhere, with no ratio: {elsewhere}" if elsewhere else "whole"
    return f"{HALF}: accuracy without the throughput of {', '.join(untimed)}"


def decision_grade(result: Result, missing: list[str]) -> bool:
    """Return whether everything is disclosed and something was judged."""
    judged = result.comparison.verdict is not None
    return bool(result.disclosures) and not missing and judged


def _rubric(result: Result) -> dict[str, Any]:
    return {
        "name": result.rubric,
        "digest": result.rubric_digest,
        "locked": result.rubric_locked,
        "declared": plain(result.rubric_declared),
    }


def _candidate(result: Result, name: str) -> dict[str, Any]:
    comparison = result.comparison
    return {
        **_variant(result, name),
        "decision": plain(comparison.candidates[name]),
        "triple": plain(next((one for one in result.triples if one.candidate == name), None)),
        "sample_size": plain(sample_size(comparison, name)),
        "accuracy": [plain(cell) for cell in comparison.cells if cell.candidate == name],
        "throughput": _speed(result, name),
    }


def _study(result: Result) -> dict[str, Any]:
    study = result.calibration_study
    found: dict[str, Any] = plain(study) if study else {"spread": None, "reason": NO_STUDY}
    return found


def _speed(result: Result, name: str) -> Any:
    return plain(next((speed for speed in result.speeds if speed.variant == name), None))


def _variant(result: Result, name: str) -> dict[str, Any]:
    facts = next((v for v in result.variants if v.name == name), None)
    use = result.engines.get(name)
    said = {"name": name} if facts is None else _facts(facts, result.folder)
    return {**said, "executed": executed(facts, use), "execution": plain(use)}


def _facts(facts: VariantFacts, folder: str) -> dict[str, Any]:
    found: dict[str, Any] = plain(facts)
    found["origin"] = portable(facts.origin)
    if facts.artifact is not None:
        found["artifact"]["path"] = place(facts.artifact, facts.origin, folder)
    if isinstance(facts.calibration, CalibrationFacts):
        found["calibration"]["source"] = portable(facts.calibration.source)
    return found
