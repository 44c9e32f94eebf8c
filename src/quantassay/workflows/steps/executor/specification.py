"""The executor of a rubric's variants, with the criterion that each is held to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from quantassay import __version__, plugins
from quantassay.claims.executors.variants import ELSEWHERE, Told, variant_executor
from quantassay.engines.executor import layers
from quantassay.engines.frameworks import layers_of
from quantassay.records.artifacts import VariantFacts
from quantassay.records.executor import (
    Criterion,
    EngineUse,
    ExecutorSpecification,
    Fact,
    Layer,
    LayerName,
)
from quantassay.rubrics.model import Rubric
from quantassay.runs.journal import now

from ..asking import Exam
from ..variants import Prepared

Timed = tuple[str, str]
UNTIMED: Timed = ("none", "none")


def specified(
    exam: Exam,
    facts: Iterable[VariantFacts],
    uses: Mapping[str, EngineUse],
    timed: Timed | None,
    notes: Mapping[str, str] | None = None,
) -> ExecutorSpecification:
    """Return everything that made the numbers of a run, by layer.

    Parameters
    ----------
    exam
        The rubric and its test set.
    facts
        What identifies each variant.
    uses
        The engine of every variant that ran here.
    timed
        The protocol that they were timed by, and what issued queries; None where they were not.
    notes
        Why a variant did not run here, by name.
    """
    rubric = exam.rubric
    return ExecutorSpecification(
        now(),
        this_machine(_fed_and_timed(exam, timed)),
        {
            one.name: variant_executor(
                one,
                uses.get(one.name),
                told(one.engine) if one.name in uses else None,
                criterion_of(rubric, one),
                (notes or {}).get(one.name, ELSEWHERE),
            )
            for one in facts
        },
    )


def this_machine(own: Mapping[str, Fact] | None = None) -> dict[LayerName, Layer]:
    """Return what all variants run on, with what else is known of the application."""
    return {"application": Layer({"quantassay": __version__, **(own or {})}), **layers()}


def used(exam: Exam, variant: Prepared) -> EngineUse:
    """Open a variant and return how its engine runs it; where that takes a batch, the first one."""
    session = variant.open()
    try:
        if getattr(session, "learns_from_a_batch", False):
            session.run(next(exam.batches())[1])
        return replace(session.use(), batch=exam.rubric.inference.batch)
    finally:
        session.close()


def told(engine: str) -> Told:
    """Return what an engine tells of its libraries, once a model was opened in it."""
    return layers_of(plugins.load("engines", engine), engine)


def criterion_of(rubric: Rubric, variant: VariantFacts) -> Criterion | None:
    """Return what a rubric declares of a variant; None of the deciding reference."""
    if variant.name == rubric.references[0]:
        return None
    return Criterion(
        margins={name: margins for name, margins in _margins(rubric) if margins},
        confidence=rubric.confidence,
        speedup=rubric.timing.speedup if rubric.timing else None,
        gate=variant.gate,
    )


def _margins(rubric: Rubric) -> Iterable[tuple[str, dict[str, float]]]:
    """Yield the margins of each metric, by stratum; those that are only watched say so."""
    for metric in rubric.metrics:
        options = ",".join(f"{key}={value}" for key, value in metric.options.items())
        stands = {"overall": metric.margin, **metric.by}
        yield (
            f"{metric.name}({options})" if options else metric.name,
            {
                key if margin.gate else f"{key} (watched)": margin.value
                for key, margin in stands.items()
                if margin is not None
            },
        )


def _fed_and_timed(exam: Exam, timed: Timed | None) -> dict[str, Fact]:
    """Return which code feeds every variant, and which times it."""
    protocol, driver = timed or UNTIMED
    return {
        "preprocessing": exam.preprocess.source_digest,
        "timing protocol": protocol,
        "timing driver": driver,
    }
