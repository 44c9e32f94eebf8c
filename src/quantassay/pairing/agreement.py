"""How close a candidate stays to the reference, with an interval where one is defined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.evidence import Binary, Mean
from quantassay.evidence.contract import Evidence
from quantassay.records.cells import Agreement
from quantassay.records.samples import Partition, Predictions, Samples

from .rows import alike

Figure: TypeAlias = tuple[int, float | None, tuple[float, float] | None]


class Compared(Protocol):
    """What pairing needs of an agreement.

    Its figure is the mean of the rows; with ``quantile`` (0 to 1) it is that quantile of them.
    Rows are 0 or more; with ``least``, that or more.
    """

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    @property
    def unit(self) -> str:
        """'fraction', or the unit's name."""
        ...

    @property
    def definition(self) -> str:
        """One line."""
        ...

    @property
    def cap(self) -> float | None:
        """Largest figure of one sample; None: there is none."""
        ...

    def pair_rows(
        self, samples: Samples, reference: Predictions, candidate: Predictions
    ) -> NDArray[np.float64] | None:
        """Return one figure a sample."""
        ...


def agreements(
    measure: Compared,
    samples: Samples,
    reference: Predictions,
    candidate: Predictions,
    name: str,
    partitions: Sequence[Partition],
    units: NDArray[np.intp] | None,
    alpha: float,
) -> list[Agreement]:
    """Return one agreement for every stratum; none where the measure cannot be told.

    Samples that failed or are absent on either side are left out, and ``n`` says so.
    """
    rows = measure.pair_rows(samples, *alike(reference, candidate))
    if rows is None:
        return []
    usable = ~(reference.failed | candidate.failed | reference.absent | candidate.absent)
    usable &= np.isfinite(rows)
    parts = [replace(part, codes=np.where(usable, part.codes, -1)) for part in partitions]
    quantile = getattr(measure, "quantile", None)
    least = float(getattr(measure, "least", 0.0))
    found = (
        _means(np.where(usable, rows, 0.0), measure.cap, parts, units, alpha, least)
        if quantile is None
        else _quantiles(rows, quantile, parts, units, alpha)
    )
    labels = [label for part in parts for label in part.labels]
    return [
        Agreement(name, measure.name, label, *each, measure.unit, measure.definition)
        for label, each in zip(labels, found, strict=True)
    ]


def _means(
    rows: NDArray[np.float64],
    cap: float | None,
    parts: Sequence[Partition],
    units: NDArray[np.intp] | None,
    alpha: float,
    least: float,
) -> Iterator[Figure]:
    """Yield n, mean and interval of every cell."""
    evidence = _distance(rows, cap, parts, units)
    low, high = _bounds(evidence, alpha)
    for n, loss, *ends in zip(evidence.n, evidence.loss, low, high, strict=True):
        yield int(n), float(loss) if n else None, _within(ends[0], ends[1], cap, least)


def _quantiles(
    rows: NDArray[np.float64],
    quantile: float,
    parts: Sequence[Partition],
    units: NDArray[np.intp] | None,
    alpha: float,
) -> Iterator[Figure]:
    """Yield n, quantile and interval of every cell; samples that share clusters have none."""
    for part in parts:
        order = np.argsort(part.codes, kind="stable")
        ends = np.searchsorted(part.codes[order], np.arange(len(part.labels) + 1))
        for first, last in pairwise(ends):
            own = rows[order[first:last]]
            found = stats.quantile_interval(own, quantile, 1 - 2 * alpha)
            known = units is None and np.isfinite(found.low + found.high)
            interval = (found.low, found.high) if known else None
            yield len(own), found.estimate if len(own) else None, interval


def _distance(
    rows: NDArray[np.float64],
    cap: float | None,
    parts: Sequence[Partition],
    units: NDArray[np.intp] | None,
) -> Evidence:
    """Read a distance as the loss of a candidate against a perfect reference."""
    kind = Binary() if bool(np.isin(rows, (0.0, 1.0)).all()) and cap == 1.0 else Mean(cap)
    distance = rows[:, None]
    return kind.accumulate(
        np.zeros_like(distance), distance, parts, units, _unused_value, False
    ).evidence()


def _bounds(evidence: Evidence, alpha: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both ends of each figure; those of a share are exact where samples are independent."""
    if evidence.losses is None or evidence.clusters is not None:
        return evidence.bounds(alpha)
    return stats.clopper_pearson(evidence.losses, evidence.n, alpha)


def _unused_value(totals: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(totals[..., 0] / n)


def _within(low: float, high: float, cap: float | None, least: float) -> tuple[float, float] | None:
    if cap is None or not (np.isfinite(low) and np.isfinite(high)):
        return None
    return max(float(low), least), min(float(high), cap)
