"""Paired binary outcomes: inference on losses and gains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.errors import UserCodeError
from quantassay.records.planned import Outlook
from quantassay.records.samples import Partition

from .clustered import Clustered
from .contract import Codes, Evidence, Floats, Level, Partial, Value
from .expectations import binary_outlook
from .outlook import Expected, Prospects
from .sums import Integers, count_by_outcome
from .units import UnitSums, merged, unit_sums

METHOD = "paired binary, E p-value in Tango's order"


@dataclass(frozen=True)
class Binary:
    """Each sample is right or wrong: one row of 0 or 1."""

    name: str = "paired binary"
    largest_loss: ClassVar[float] = 1.0
    level_unlabelled: ClassVar[float] = 1.0
    partial: ClassVar[Partial] = "clusters"

    def accumulate(
        self,
        reference: Floats,
        candidate: Floats,
        partitions: Sequence[Partition],
        units: Codes | None,
        value: Value,
        higher_is_better: bool,
    ) -> BinaryState:
        """Count right answers, losses and gains of every cell.

        Raises
        ------
        UserCodeError
            If a row is neither 0 nor 1.
        """
        right, answer = _right(reference), _right(candidate)
        if not higher_is_better:
            right, answer = ~right, ~answer
        neither, lost, gained, both = count_by_outcome(right + 2 * answer, 4, partitions).T
        difference = answer.astype(np.int64) - right if units is not None else np.empty(0, np.int64)
        return BinaryState(
            n=neither + lost + gained + both,
            reference=lost + both,
            losses=lost,
            gains=gained,
            units=unit_sums(difference, partitions, units),
            higher_is_better=higher_is_better,
        )

    def outlook(self, cells: Prospects, expected: Expected) -> list[Outlook]:
        """Return what cells could tell, before they are measured."""
        return binary_outlook(cells, expected)


def _right(rows: Floats) -> NDArray[np.bool_]:
    if not np.isin(rows[:, 0], (0.0, 1.0)).all():
        msg = "a metric with paired binary evidence has rows of 0 or 1 alone"
        raise UserCodeError(msg)
    return np.asarray(rows[:, 0] == 1.0)


@dataclass(frozen=True)
class BinaryState:
    """Counts of every cell; ``reference`` counts right answers."""

    n: Integers
    reference: Integers
    losses: Integers
    gains: Integers
    units: UnitSums | None
    higher_is_better: bool = True

    def __add__(self, other: BinaryState) -> BinaryState:
        """Merge two shards of the same cells."""
        if self.higher_is_better != other.higher_is_better:
            msg = "two shards of one metric have the same direction"
            raise ValueError(msg)
        return BinaryState(
            self.n + other.n,
            self.reference + other.reference,
            self.losses + other.losses,
            self.gains + other.gains,
            merged(self.units, other.units),
            self.higher_is_better,
        )

    def evidence(self) -> Evidence:
        """Return figures of counts, by cluster where samples share one."""
        plain = BinaryEvidence(
            self.n, self.reference, self.losses, self.gains, self.higher_is_better
        )
        if self.units is None:
            return plain
        return Clustered(plain, self.units, (self.losses + self.gains).astype(float), cap=1.0)


class BinaryEvidence:
    """Paired inference from counts; see `quantassay.stats.paired_binary`."""

    def __init__(
        self,
        n: Integers,
        right: Integers,
        losses: Integers,
        gains: Integers,
        higher_is_better: bool = True,
    ) -> None:
        self.n = n
        self.losses: Integers | None = losses
        self.gains: Integers | None = gains
        self._b, self._c = losses, gains
        self.clusters: NDArray[np.int64] | None = None
        with np.errstate(invalid="ignore", divide="ignore"):
            reference, candidate = right / n, (right - losses + gains) / n
            self.loss = np.where(n > 0, (losses - gains) / n, np.nan)
        self.reference = reference if higher_is_better else 1 - reference
        self.candidate = candidate if higher_is_better else 1 - candidate
        self.method = [METHOD] * len(n)
        self.undefined = ["" if size else "no samples" for size in n]

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return both ends of the loss interval."""
        return stats.binary_interval(self._b, self._c, self.n, alpha)

    def p_within(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or more'."""
        return stats.binary_p_within(self._b, self._c, self.n, margin)

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or less'."""
        return stats.binary_p_beyond(self._b, self._c, self.n, margin)

    def anytime_p(self, margin: Floats) -> tuple[Floats, Floats]:
        """Return p within and p beyond that hold at every look, by betting on losses and gains."""
        counts = np.stack([self._b, self.n - self._b - self._c, self._c], axis=-1)
        table = (-1.0, 0.0, 1.0), counts, 1.0
        return stats.betting_p_within(*table, margin), stats.betting_p_beyond(*table, margin)

    def floor(self, margin: Floats, alpha: Level) -> Floats:
        """Return the least n at which a pass is possible."""
        return np.asarray(stats.binary_floor(margin, alpha), float)

    def size(self) -> Floats:
        """Return the number of samples."""
        return self.n.astype(float)

    def needed(self, margin: Floats, alpha: Level, power: float) -> Floats:
        """Return the n that would settle each cell at the observed discordance and loss."""
        return stats.needed_n_binary(self._b, self._c, self.n, margin, alpha, power)

    def detectable(self, alpha: Level, power: float) -> Floats:
        """Return the smallest loss that this n would find at the observed discordance."""
        discordance = stats.discordance_upper(self._b + self._c, self.n)
        with np.errstate(divide="ignore"):
            return stats.smallest_detectable_binary(self.n, discordance, alpha, power)
