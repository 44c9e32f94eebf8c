"""Figures that are shown and never judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from quantassay.records.planned import Outlook
from quantassay.records.samples import Partition

from .contract import Codes, Floats, Level, Value
from .outlook import Expected, Prospects, no_outlook
from .sums import FixedPoint, Integers, add, count_by_cell, sum_by_cell

FIXED = FixedPoint(None)


@dataclass(frozen=True)
class Described:
    """No interval is known to hold: ``why`` says so wherever the figure is shown."""

    why: str
    name: str = "described"
    largest_loss: ClassVar[None] = None
    level_unlabelled: ClassVar[None] = None

    def outlook(self, cells: Prospects, expected: Expected) -> list[Outlook]:
        """Return no outlook: it is never judged."""
        return no_outlook(cells, self.why)

    def accumulate(
        self,
        reference: Floats,
        candidate: Floats,
        partitions: Sequence[Partition],
        units: Codes | None,
        value: Value,
        higher_is_better: bool,
    ) -> DescribedState:
        """Sum the rows of every cell."""
        return DescribedState(
            count_by_cell(partitions),
            sum_by_cell(FIXED.encode(reference), partitions),
            sum_by_cell(FIXED.encode(candidate), partitions),
            value,
            higher_is_better,
            self.why,
        )


@dataclass(frozen=True)
class DescribedState:
    """Fixed-point totals (G, d) of both sides."""

    n: Integers
    reference: Integers
    candidate: Integers
    value: Value
    higher_is_better: bool
    why: str

    def __add__(self, other: DescribedState) -> DescribedState:
        """Merge two shards of the same cells."""
        return DescribedState(
            self.n + other.n,
            add(self.reference, other.reference),
            add(self.candidate, other.candidate),
            self.value,
            self.higher_is_better,
            self.why,
        )

    def evidence(self) -> DescribedEvidence:
        """Return the two values of every cell, without interval."""
        return DescribedEvidence(
            self.n,
            self.value(FIXED.decode(self.reference), self.n.astype(float)),
            self.value(FIXED.decode(self.candidate), self.n.astype(float)),
            self.higher_is_better,
            self.why,
        )


class DescribedEvidence:
    """Two values a cell and no inference."""

    losses = None
    gains = None
    clusters = None

    def __init__(
        self, n: Integers, reference: Floats, candidate: Floats, higher_is_better: bool, why: str
    ) -> None:
        self.n = n
        self.reference, self.candidate = reference, candidate
        self.loss = (reference - candidate) if higher_is_better else (candidate - reference)
        self.method = ["described"] * len(n)
        self.undefined = [why if size else "no samples" for size in n]

    def _none(self) -> Floats:
        return np.full(len(self.n), np.nan)

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return no interval."""
        return self._none(), self._none()

    def p_within(self, margin: Floats) -> Floats:
        """Return no p."""
        return self._none()

    def p_beyond(self, margin: Floats) -> Floats:
        """Return no p."""
        return self._none()

    def floor(self, margin: Floats, alpha: Level) -> Floats:
        """Return infinity: no n suffices."""
        return np.full(len(self.n), np.inf)

    def size(self) -> Floats:
        """Return the number of samples."""
        return self.n.astype(float)

    def needed(self, margin: Floats, alpha: Level, power: float) -> Floats:
        """Return no n."""
        return self._none()

    def detectable(self, alpha: Level, power: float) -> Floats:
        """Return no loss."""
        return self._none()
