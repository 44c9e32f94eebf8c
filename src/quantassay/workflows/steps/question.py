"""What is asked of every candidate, before any answer is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import InputError
from quantassay.metrics.contract import Agreement, Metric
from quantassay.records.cells import MetricFacts
from quantassay.records.samples import Labels, Partition, Predictions, Samples
from quantassay.verdicts.small_strata import Rule

ANSWERS = {"prediction", "probabilities"}


class Margin(Protocol):
    """The largest loss accepted; without ``gate`` it is watched, never part of the verdict."""

    @property
    def value(self) -> float:
        """In the metric's own unit."""
        ...

    @property
    def gate(self) -> bool:
        """Whether the verdict of the whole depends on it."""
        ...


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
    """All that is asked of every candidate, fixed before any answer is seen.

    ``labels`` holds the gold answers there are where the samples have none of their own; ``strict``
    asks for bounds whose error rate is proven; ``agreements`` are those with options of their own.
    ``reserved`` hypotheses are judged after the cells, and share Holm's rule with those that gate.
    ``declared_alpha`` is the level at which strata are too small, where cells are judged at another
    one: that of the rubric says which cells gate.
    """

    metrics: Sequence[Asked]
    partitions: Sequence[Partition]
    units: NDArray[np.intp] | None
    confidence: float
    small_strata: Rule = "block"
    exploratory: bool = False
    proven_fine: bool = False
    strict: bool = False
    labels: Labels | None = None
    agreements: Sequence[Agreement] = ()
    reserved: int = 0
    declared_alpha: float | None = None

    @property
    def alpha(self) -> float:
        """Error rate on each side."""
        return (1 - self.confidence) / 2

    @property
    def alpha_of_floors(self) -> float:
        """Error rate on each side by which strata are too small."""
        return self.alpha if self.declared_alpha is None else self.declared_alpha


@dataclass(frozen=True)
class Contender:
    """A candidate's answers, and whether it counts for the overall verdict."""

    name: str
    predictions: Predictions
    gate: bool = True


def components(asked: Sequence[Asked]) -> list[Asked]:
    """Return the metrics that others are made of and nobody asked for: described beside them."""
    there = {one.metric.name for one in asked}
    parts = {part.name: part for one in asked for part in getattr(one.metric, "components", ())}
    return [Asked(part, None, {}) for name, part in parts.items() if name not in there]


def needs_answers(metric: Any) -> bool:
    """Return whether a metric reads answers or probabilities."""
    return bool(ANSWERS & set(getattr(metric, "needs", ANSWERS)))


def metric_facts(metric: Metric) -> MetricFacts:
    """Return how a metric is defined."""
    return MetricFacts(
        name=metric.name,
        definition=metric.definition,
        source=metric.source,
        higher_is_better=metric.direction == "higher",
        evidence=metric.evidence.name,
        unit=metric.unit,
        components=tuple(part.name for part in getattr(metric, "components", ())),
    )


@dataclass(frozen=True)
class Sitting:
    """One task as every variant sat it; ``task`` is '' where there is one only."""

    question: Question
    samples: Samples
    reference: Predictions
    contenders: Sequence[Contender]
    task: str = ""
