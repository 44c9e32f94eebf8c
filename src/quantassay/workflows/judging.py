"""From aligned predictions to verdicts: shared by `run` and `compare`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from quantassay import plugins
from quantassay.errors import InputError, PairingError, nearest
from quantassay.metrics.answers import equal
from quantassay.metrics.contract import Metric
from quantassay.pairing.agreement import agreements
from quantassay.pairing.rows import paired_evidence, paired_rows
from quantassay.pairing.strata import whole
from quantassay.pairing.suspicion import same_outputs, suspicions
from quantassay.records.cells import Agreement, Cell, Comparison, MetricFacts, Role
from quantassay.records.samples import Partition, Predictions, Samples
from quantassay.rubrics.model import Margin
from quantassay.verdicts.cells import Declared, Group, judge
from quantassay.verdicts.overall import candidate_verdict, overall_verdict, withheld
from quantassay.verdicts.small_strata import Rule, apply_rule, pooled, small
from quantassay.verdicts.vacuous import without_vacuous

SAME = "every output is that of the reference to the last bit: no second variant was measured"


@dataclass(frozen=True)
class Asked:
    """A metric with its margins: of the whole test set, and of each partition by key."""

    metric: Metric
    margin: Margin | None
    by: Mapping[str, Margin]

    def __post_init__(self) -> None:
        most = self.metric.evidence.largest_loss
        for margin in (self.margin, *self.by.values()):
            if margin is not None and most is not None and margin.value >= most:
                msg = (
                    f"{self.metric.name}: margin {margin.value:g} accepts any loss, since none is "
                    f"larger than {most:g}; 0.01 is one percentage point"
                )
                raise InputError(msg)


@dataclass(frozen=True)
class Question:
    """All that is asked of every candidate, fixed before any answer is seen."""

    metrics: Sequence[Asked]
    partitions: Sequence[Partition]
    units: NDArray[np.intp] | None
    confidence: float
    small_strata: Rule = "block"
    exploratory: bool = False

    @property
    def alpha(self) -> float:
        """Error rate on each side."""
        return (1 - self.confidence) / 2


@dataclass(frozen=True)
class Contender:
    """A candidate's answers, and whether it counts for the overall verdict."""

    name: str
    predictions: Predictions
    gate: bool = True


def make_metric(name: str, options: Mapping[str, Any]) -> Metric:
    """Configure a registered metric.

    Raises
    ------
    InputError
        If it is not registered, or has no such option.
    """
    kind = plugins.load("metrics", name)
    known = sorted(field.name for field in fields(kind)) if is_dataclass(kind) else []
    for option in options:
        if option not in known:
            there = f"it has {', '.join(known)}" if known else "it has none"
            msg = f"metric {name!r} has no option {option!r}{nearest(option, known)}; {there}"
            raise InputError(msg)
    try:
        metric: Metric = kind(**options)
    except TypeError as error:
        msg = f"metric {name!r}: {error}"
        raise InputError(msg) from error
    return metric


def metric_facts(metric: Metric) -> MetricFacts:
    """Return how a metric is defined."""
    return MetricFacts(
        name=metric.name,
        definition=metric.definition,
        source=metric.source,
        higher_is_better=metric.direction == "higher",
        evidence=metric.evidence.name,
        unit=metric.unit,
    )


def compare_variants(
    question: Question,
    samples: Samples,
    reference_name: str,
    reference: Predictions,
    contenders: Sequence[Contender],
) -> Comparison:
    """Judge every candidate against one reference."""
    cells: list[Cell] = []
    verdicts = {}
    close: list[Agreement] = []
    facts = tuple(metric_facts(asked.metric) for asked in question.metrics)
    for contender in contenders:
        judged = judge(
            contender.name,
            reference_name,
            [_group(question, a, samples, reference, contender) for a in question.metrics],
            question.confidence,
        )
        own = without_vacuous(judged, facts)
        cells += own
        verdict = candidate_verdict(own, contender.gate)
        if same_outputs(reference, contender.predictions):
            verdict = withheld(verdict, SAME)
        verdicts[contender.name] = verdict
        close += _agreements(question, samples, reference, contender)
    return Comparison(
        reference=reference_name,
        confidence=question.confidence,
        verdict=overall_verdict(verdicts),
        candidates=verdicts,
        cells=tuple(cells),
        agreements=tuple(close),
        metrics=facts,
        findings=(
            *_failed_outputs(reference_name, reference),
            *(text for c in contenders for text in _failed_outputs(c.name, c.predictions)),
            *(
                text
                for c in contenders
                for text in _suspicions(samples, reference_name, reference, c)
            ),
        ),
    )


def _group(
    question: Question,
    asked: Asked,
    samples: Samples,
    reference: Predictions,
    contender: Contender,
) -> Group:
    metric = asked.metric
    try:
        rows = paired_rows(metric, samples, reference, contender.predictions)
    except PairingError as error:
        msg = f"{contender.name} and its reference: {error}"
        raise PairingError(msg) from error
    parts = [whole(len(samples)), *question.partitions]
    evidence = paired_evidence(metric, rows, parts, question.units)
    declared = declared_cells(question, asked, parts)
    below = small(evidence, declared, question.alpha)
    if question.small_strata == "pool":
        merged = _pool(asked, parts, below)
        if merged:
            evidence = paired_evidence(metric, rows, [*parts, *merged], question.units)
            declared = apply_rule(declared, below, "pool")
            declared += [_declared(question, asked, part, 0) for part in merged]
        return Group(metric.name, evidence, declared, rows.blind)
    declared = apply_rule(declared, below, question.small_strata)
    return Group(metric.name, evidence, declared, rows.blind)


def declared_cells(question: Question, asked: Asked, parts: Sequence[Partition]) -> list[Declared]:
    """Return what was declared of every cell of some partitions, in their order."""
    return [
        _declared(question, asked, part, index)
        for part in parts
        for index in range(len(part.labels))
    ]


def _pool(asked: Asked, parts: Sequence[Partition], below: NDArray[np.bool_]) -> list[Partition]:
    found, offset = [], 0
    for part in parts:
        width = len(part.labels)
        merged = pooled(part, below[offset : offset + width]) if part.key in asked.by else None
        offset += width
        if merged is not None:
            found.append(merged)
    return found


def _declared(question: Question, asked: Asked, part: Partition, index: int) -> Declared:
    stratum = part.labels[index]
    margin = asked.by.get(part.key) if stratum else asked.margin
    if margin is None:
        return Declared(stratum, critical=part.critical, exploratory=question.exploratory)
    role: Role = "gate" if margin.gate else "watch"
    return Declared(stratum, margin.value, role, part.critical)


def _agreements(
    question: Question, samples: Samples, reference: Predictions, contender: Contender
) -> list[Agreement]:
    parts = [whole(len(samples)), *question.partitions]
    return [
        agreement
        for name in plugins.names("agreements")
        for agreement in agreements(
            plugins.load("agreements", name)(),
            samples,
            reference,
            contender.predictions,
            contender.name,
            parts,
            question.units,
            question.alpha,
        )
    ]


def _suspicions(
    samples: Samples, reference_name: str, reference: Predictions, contender: Contender
) -> list[str]:
    answers, names = contender.predictions, (reference_name, contender.name)
    if samples.target is None or reference.labels is None or answers.labels is None:
        return suspicions(reference, answers, names)
    first, second = (equal(samples.target, side) for side in (reference.labels, answers.labels))
    return suspicions(reference, answers, names, samples.target, (first, second))


def _failed_outputs(name: str, predictions: Predictions) -> list[str]:
    found = []
    for what, mask in (
        ("not finite or missing", predictions.failed),
        ("absent", predictions.absent),
    ):
        if mask.any():
            ids = ", ".join(repr(str(i)) for i in predictions.ids[mask][:5])
            found.append(
                f"{name}: {int(mask.sum())} of {len(mask)} outputs are {what} and count at their "
                f"worst: {ids}{' ...' if mask.sum() > 5 else ''}"
            )
    return found
