"""Paired rows of a metric, with what failed at its worst and what is unknown on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from quantassay.evidence.bracketed import Bracketed
from quantassay.evidence.contract import Evidence
from quantassay.records.samples import Partition, Predictions, Samples

Rows = NDArray[np.float64]


class Measured(Protocol):
    """What pairing needs of a metric."""

    direction: Any
    evidence: Any

    def rows(self, samples: Samples, predictions: Predictions) -> Rows:
        """Return (n, d) statistics."""
        ...

    def extreme(self, samples: Samples, predictions: Predictions, best: bool) -> Rows:
        """Return (n, d) rows of the best or worst answers."""
        ...

    def value(self, totals: Rows, n: Rows) -> Rows:
        """Map totals to values."""
        ...


@dataclass(frozen=True)
class PairedRows:
    """Rows (n, d) of both sides; ``optimistic`` too where some differences are unknown."""

    pessimistic: tuple[Rows, Rows]
    optimistic: tuple[Rows, Rows] | None


def paired_rows(
    metric: Measured, samples: Samples, reference: Predictions, candidate: Predictions
) -> PairedRows:
    """Return the rows of both sides of one metric.

    A failed candidate output has the worst row. A failed reference output, and a row absent on
    either side, leave the difference unknown: worst for the candidate in the pessimistic
    reading, best in the optimistic one.
    """
    first, second = metric.rows(samples, reference), metric.rows(samples, candidate)
    best, worst = (metric.extreme(samples, reference, best=best) for best in (True, False))
    second = _replace(second, candidate.failed, worst)
    unknown_first = reference.failed | reference.absent
    unknown_second = candidate.absent
    pessimistic = _replace(first, unknown_first, best), _replace(second, unknown_second, worst)
    if not (unknown_first.any() or unknown_second.any()):
        return PairedRows(pessimistic, None)
    optimistic = _replace(first, unknown_first, worst), _replace(second, unknown_second, best)
    return PairedRows(pessimistic, optimistic)


def _replace(rows: Rows, where: NDArray[np.bool_], by: Rows) -> Rows:
    return np.where(where[:, None], by, rows) if where.any() else rows


def paired_evidence(
    metric: Measured,
    rows: PairedRows,
    partitions: Sequence[Partition],
    units: NDArray[np.intp] | None,
) -> Evidence:
    """Reduce paired rows to the evidence of every cell."""
    readings = (
        [rows.pessimistic] if rows.optimistic is None else [rows.pessimistic, rows.optimistic]
    )
    found: list[Evidence] = [
        metric.evidence.accumulate(
            *sides, partitions, units, metric.value, metric.direction == "higher"
        ).evidence()
        for sides in readings
    ]
    return found[0] if len(found) == 1 else Bracketed(found[0], found[1])
