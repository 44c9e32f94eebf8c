"""From aligned predictions to the evidence of one metric, with or without gold answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from quantassay.errors import PairingError, QuantassayError, UserCodeError
from quantassay.evidence.contract import Evidence
from quantassay.evidence.described import DescribedEvidence
from quantassay.evidence.strict import strict
from quantassay.metrics.contract import Metric, Summary
from quantassay.pairing.rows import PairedRows, paired_evidence, paired_rows
from quantassay.pairing.strata import whole
from quantassay.pairing.unlabelled import (
    LossRange,
    Undecided,
    loss_range,
    unlabelled_evidence,
)
from quantassay.records.cells import Role
from quantassay.records.samples import Partition, Predictions, Samples
from quantassay.verdicts.cells import Declared, Group
from quantassay.verdicts.small_strata import apply_rule, pooled, small

from .question import Asked, Contender, Question
from .unanswered import answered

Units = NDArray[np.intp] | None


class Measurement(Protocol):
    """One metric of one candidate on every sample; ``blind`` says why no loss could be seen."""

    @property
    def blind(self) -> str:
        """Why no loss could be seen; '' where one could."""
        ...

    def evidence(self, partitions: Sequence[Partition], units: Units) -> Evidence:
        """Reduce the samples to the evidence of every cell."""
        ...

    def headroom(self, partitions: Sequence[Partition]) -> NDArray[np.float64]:
        """Return all that the reference has to lose in every cell (G,); infinite if unknown."""
        ...


@dataclass(frozen=True)
class Labelled:
    """Rows of both sides; ``proven``: with bounds whose error rate is proven."""

    metric: Metric
    rows: PairedRows
    proven: bool = False

    @property
    def blind(self) -> str:
        """Why no loss could be seen; '' where one could."""
        return self.rows.blind

    def evidence(self, partitions: Sequence[Partition], units: Units) -> Evidence:
        """Reduce the samples to the evidence of every cell."""
        if not self.proven:
            return paired_evidence(self.metric, self.rows, partitions, units)
        own = np.arange(len(partitions[0].codes)) if units is None else units
        return strict(paired_evidence(self.metric, self.rows, partitions, own))

    def headroom(self, partitions: Sequence[Partition]) -> NDArray[np.float64]:
        """Return all that the reference has to lose in every cell (G,)."""
        assert self.rows.least is not None
        rows = PairedRows(self.rows.least, None, self.rows.order)
        found = paired_evidence(self.metric, rows, partitions, None)
        guessed = getattr(self.metric, "no_skill", None)
        if guessed is None:
            return found.loss
        better = found.reference - guessed
        return np.asarray(better if self.metric.direction == "higher" else 0.0 - better)


@dataclass(frozen=True)
class Unlabelled:
    """What every sample can lose, some or all of them without a gold answer."""

    metric: Metric
    found: LossRange
    blind: ClassVar[str] = ""

    def evidence(self, partitions: Sequence[Partition], units: Units) -> Evidence:
        """Reduce the samples to the evidence of every cell."""
        return unlabelled_evidence(self.metric, self.found, partitions, units)

    def headroom(self, partitions: Sequence[Partition]) -> NDArray[np.float64]:
        """Return infinity: without gold answers the reference has no score."""
        return np.full(sum(len(part.labels) for part in partitions), np.inf)


@dataclass(frozen=True)
class Summarized:
    """A metric that is no function of sums, computed anew of every cell: described."""

    metric: Summary
    samples: Samples
    reference: Predictions
    candidate: Predictions
    blind: ClassVar[str] = ""

    def evidence(self, partitions: Sequence[Partition], units: Units) -> Evidence:
        """Return both values of every cell, without interval."""
        rows = [
            self.samples.by_id[part.codes[self.samples.by_id] == code]
            for part in partitions
            for code in range(len(part.labels))
        ]
        values = [self._values(side, rows) for side in (self.reference, self.candidate)]
        higher, why = self.metric.direction == "higher", getattr(self.metric.evidence, "why", "")
        counts = np.array([len(one) for one in rows], np.int64)
        return DescribedEvidence(counts, values[0], values[1], higher, why)

    def _values(self, side: Predictions, rows: Sequence[NDArray[np.intp]]) -> NDArray[np.float64]:
        found = [
            self.metric.summary(self.samples.taken(one), side.taken(one)) if len(one) else np.nan
            for one in rows
        ]
        return np.array(found, np.float64)

    def headroom(self, partitions: Sequence[Partition]) -> NDArray[np.float64]:
        """Return infinity: what is only described is never judged."""
        return np.full(sum(len(part.labels) for part in partitions), np.inf)


def measure(
    metric: Metric,
    samples: Samples,
    reference: Predictions,
    candidate: Predictions,
    names: tuple[str, str],
    question: Question,
) -> Measurement:
    """Measure one metric of one candidate, as far as there are gold answers.

    Raises
    ------
    PairingError
        If the two sides cannot be compared.
    """
    if hasattr(metric, "refuse_sides"):
        metric.refuse_sides(reference, candidate)
    if hasattr(metric, "summary"):
        return Summarized(cast("Summary", metric), samples, reference, candidate)
    try:
        if question.labels is None or "target" not in getattr(metric, "needs", ("target",)):
            rows = paired_rows(metric, samples, reference, candidate)
            return Labelled(metric, rows, question.strict)
        labels, unused = answered(metric, samples, (reference, candidate), question.labels)
        found = loss_range(metric, samples, reference, candidate, labels)
        return Unlabelled(metric, replace(found, blind=found.blind or unused))
    except PairingError as error:
        msg = f"{names[1]} and its reference {names[0]}: {error}"
        raise PairingError(msg) from error
    except QuantassayError:
        raise
    except Exception as error:
        if type(metric).__module__.startswith("quantassay."):
            raise
        module = type(metric).__module__
        msg = f"metric {metric.name!r} of {module} raised {type(error).__name__}: {error}"
        raise UserCodeError(msg) from error


@dataclass(frozen=True)
class Measured:
    """A group of cells, with the partitions that they are the cells of."""

    group: Group
    partitions: Sequence[Partition]
    measurement: Measurement

    def undecided(self) -> Undecided | None:
        """Return what missing gold answers leave open; None where none is missing."""
        if isinstance(self.measurement, Unlabelled):
            return Undecided(self.measurement.found, self.partitions)
        return None


def measured_cells(
    question: Question,
    asked: Asked,
    samples: Samples,
    names: tuple[str, str],
    reference: Predictions,
    contender: Contender,
) -> Measured:
    """Measure one metric of one candidate, and say what was declared of every cell."""
    sides = reference, contender.predictions
    measurement = measure(asked.metric, samples, *sides, names, question)
    parts = [whole(len(samples)), *question.partitions]
    cells = arranged(question, asked, parts, lambda p: measurement.evidence(p, question.units))
    group = Group(
        asked.metric.name,
        cells.evidence,
        cells.declared,
        measurement.blind,
        headroom=measurement.headroom(cells.partitions),
    )
    return Measured(group, cells.partitions, measurement)


@dataclass(frozen=True)
class Arranged:
    """Cells as they are judged: small strata where the rule puts them."""

    partitions: Sequence[Partition]
    evidence: Evidence
    declared: Sequence[Declared]


def arranged(
    question: Question,
    asked: Asked,
    parts: Sequence[Partition],
    evidence: Callable[[Sequence[Partition]], Evidence],
) -> Arranged:
    """Apply the rule of small strata to the cells of one metric; it reads sizes alone."""
    found, declared = evidence(parts), declared_cells(question, asked, parts)
    below = small(found, declared, question.alpha_of_floors)
    if question.small_strata != "pool":
        return Arranged(parts, found, apply_rule(declared, below, question.small_strata))
    merged = _pool(asked, parts, below)
    if not merged:
        return Arranged(parts, found, declared)
    declared = apply_rule(declared, below, "pool")
    declared += [_declared(question, asked, part, 0) for part in merged]
    return Arranged([*parts, *merged], evidence([*parts, *merged]), declared)


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
