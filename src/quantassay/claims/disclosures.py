"""What makes a claim interpretable: the two checklists, each item in words or None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from quantassay.records.artifacts import CalibrationFacts, VariantFacts
from quantassay.records.cells import Comparison
from quantassay.records.executor import EngineUse, Machine
from quantassay.records.result import MetricFacts, Result, TestSet
from quantassay.records.speed import Speed

from .execution import executed
from .places import portable

UNSAID = {"", "undeclared", "undisclosed", "unknown"}


def disclosures(result: Result) -> dict[str, str | None]:
    """Return every item of the checklists with its words, None where not disclosed."""
    variants = {variant.name: variant for variant in result.variants}
    reference = variants.get(result.comparison.reference)
    candidates = {name: variants.get(name) for name in result.comparison.candidates}
    timed = _throughputs(result.speeds)
    return {
        "task": _said(result.test_set.task),
        "base model": _model(reference),
        **_each("quantized model", candidates, _model),
        "metric": _metrics(result.metrics),
        "reference": _reference(reference, result.engines),
        **_each("calibration", candidates, _calibration),
        "per-stratum": _strata(result.test_set),
        "test-set composition": _said(result.test_set.composition),
        "sample size": _sample_size(result.comparison),
        "executor": _executor(result.machine, reference),
        **_each("throughput", candidates, lambda facts: timed.get(facts.name)),
        "noise floor": _noise_floor(result),
        "rubric": _rubric(result),
        "software": ", ".join(f"{k} {v}" for k, v in result.software.items()) or None,
        "reproduction": result.reproduce or None,
    }


def absent(disclosed: Mapping[str, str | None]) -> list[str]:
    """Return the items that are not disclosed."""
    return [item for item, words in disclosed.items() if words is None]


def _short(digest: str) -> str:
    return f"sha256 {digest.removeprefix('sha256:')[:16]}"


def _said(text: str) -> str | None:
    return None if text.strip().lower() in UNSAID else text


def _each(
    item: str,
    variants: Mapping[str, VariantFacts | None],
    describe: Callable[[VariantFacts], str | None],
) -> dict[str, str | None]:
    """Return the words of every candidate that has some, and an item of its own for each other."""
    parts = {name: facts and describe(facts) for name, facts in variants.items()}
    said = "; ".join(f"{name}: {text}" for name, text in parts.items() if text)
    return {
        item: said or None,
        **{f"{item} of {name}": None for name, text in parts.items() if said and not text},
    }


def _model(variant: VariantFacts | None) -> str | None:
    if variant is None or variant.artifact is None:
        return None
    version = f", {variant.artifact.version}" if variant.artifact.version else ""
    return f"{variant.artifact.path.name}{version}, {_short(variant.artifact.digest)}"


def _metrics(metrics: Sequence[MetricFacts]) -> str | None:
    return "; ".join(f"{metric.name}: {metric.definition}" for metric in metrics) or None


def _reference(reference: VariantFacts | None, engines: Mapping[str, EngineUse]) -> str | None:
    if reference is None or not _said(reference.precision):
        return None
    use = engines.get(reference.name)
    if use is None:
        return f"{reference.name}, declared as {reference.precision}, recorded elsewhere"
    ran = executed(reference, use)
    return f"{reference.name}, stored as {reference.precision}, executed as {ran}, {use.engine}"


def _calibration(variant: VariantFacts) -> str | None:
    facts = variant.calibration
    if isinstance(facts, CalibrationFacts):
        return (
            f"{facts.samples} of {facts.available} samples of {portable(facts.source)}, "
            f"seed {facts.seed}, {facts.method}, {_short(facts.digest)}"
        )
    if isinstance(facts, str):
        return _said(facts)
    return None


def _strata(test_set: TestSet) -> str | None:
    counts = [f"{name} ({len(sizes)})" for name, sizes in test_set.strata.items()]
    return f"by {', '.join(counts)}" if counts else None


def _sample_size(comparison: Comparison) -> str | None:
    overall = [cell for cell in comparison.cells if not cell.stratum and cell.interval]
    if not overall:
        return None
    widest = max(
        overall, key=lambda cell: cell.interval[1] - cell.interval[0] if cell.interval else 0
    )
    low, high = widest.interval or (0.0, 0.0)
    return (
        f"n {widest.n}; widest overall interval {widest.metric} of {widest.candidate}: "
        f"loss {low:.4g} to {high:.4g}"
    )


def _executor(machine: Machine | None, reference: VariantFacts | None) -> str | None:
    if machine is None:
        return None
    engine = reference.engine if reference and reference.engine else "no engine"
    return f"{engine} on {machine.processor}, {machine.usable_cores} cores, {machine.system}"


def _throughputs(speeds: Sequence[Speed]) -> dict[str, str]:
    timed = {s.variant: f"{s.ratio:.3g} x" for s in speeds if s.ratio is not None}
    outside = {
        s.variant: f"{s.throughput:.6g} {s.unit}/s, no ratio, measured elsewhere by {s.source}"
        for s in speeds
        if s.source
    }
    return timed | outside


def _noise_floor(result: Result) -> str | None:
    floor = result.noise_floor
    if floor is None:
        return None
    return (
        f"{floor.answer_changes} of {floor.n} answers changed in a second pass, this session only"
    )


def _rubric(result: Result) -> str | None:
    """Return the margins and the confidence as they were locked, and when."""
    if not (result.rubric_digest and result.rubric_locked):
        return None
    return (
        f"{result.rubric}, {_short(result.rubric_digest)}, locked {result.rubric_locked}, "
        f"confidence {result.comparison.confidence:g}"
    )
