"""How answers move between right and wrong, counted as Dutta et al. define it.

Counted from the tables alone, so that the counts of the product are checked and not quoted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from quantassay.stats import clopper_pearson


@dataclass(frozen=True)
class Transitions:
    """Counts of n questions: right to wrong, wrong to right, wrong to another wrong answer."""

    n: int
    right_before: int
    lost: int
    gained: int
    moved: int

    @property
    def flips(self) -> int:
        """Answers that became right or wrong."""
        return self.lost + self.gained

    @property
    def all_flips(self) -> int:
        """Answers that differ."""
        return self.flips + self.moved

    @property
    def change(self) -> float:
        """Accuracy after, less accuracy before."""
        return (self.gained - self.lost) / self.n

    def __add__(self, other: Transitions) -> Transitions:
        """Count two sets of questions together."""
        return Transitions(
            self.n + other.n,
            self.right_before + other.right_before,
            self.lost + other.lost,
            self.gained + other.gained,
            self.moved + other.moved,
        )


def transitions(before: pa.Table, after: pa.Table) -> Transitions:
    """Count how the answers of two tables with the same questions in the same order differ.

    Raises
    ------
    ValueError
        If they do not hold the same questions.
    """
    if not before["id"].equals(after["id"]):
        msg = "the two tables hold other questions, or in another order"
        raise ValueError(msg)
    lost = gained = moved = right = 0
    for gold, first, second in zip(
        before["target"].to_pylist(),
        before["prediction"].to_pylist(),
        after["prediction"].to_pylist(),
        strict=True,
    ):
        right += first == gold
        lost += first == gold != second
        gained += first != gold == second
        moved += first != second and gold not in (first, second)
    return Transitions(before.num_rows, right, lost, gained, moved)


def of(table: pa.Table, column: str, value: str) -> pa.Table:
    """Keep the rows with a value in a column."""
    return table.filter(pc.equal(table[column], value))


def share(part: int, whole: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share, by Clopper and Pearson."""
    low, high = clopper_pearson(part, whole, (1 - confidence) / 2)
    return float(low), float(high)


def ratio(part: int, rest: int) -> tuple[float, float]:
    """Return the interval (95 %) of a ratio of two counts, as the odds of one among both."""
    low, high = share(part, part + rest)
    return low / (1 - low), high / (1 - high) if high < 1 else float("inf")


def together(parts: Iterable[Transitions]) -> Transitions:
    """Count several sets of questions as one."""
    return sum(parts, Transitions(0, 0, 0, 0, 0))
