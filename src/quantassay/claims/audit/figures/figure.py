"""A figure that a text states, and two that belong together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from .numbers import Bound, Printed, Unit, span
from .variants import Variant

Role = Literal[
    "score", "loss", "delta", "recovery", "speedup", "latency", "throughput", "size", "n", "count",
    "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what the text says it is; ``start`` to ``end`` is its place.

    ``row`` is the stretch to quote: the row of a table, or the sentence. ``lower_better`` is None
    where the metric is not known; ``table`` is the place of its table, 0 in prose.
    """

    value: float
    decimals: int
    unit: Unit
    role: Role
    start: int
    end: int
    row: tuple[int, int]
    text: str
    bound: Bound = ""
    sign: str = ""
    metric: str = ""
    dataset: str = ""
    variant: Variant | None = None
    label: str = ""
    lower_better: bool | None = None
    average: bool = False
    hidden: bool = False
    table: int = 0

    @property
    def span(self) -> tuple[float, float]:
        """The least and the largest value that can have been printed so."""
        return span(self.value, self.decimals, self.bound)

    @property
    def scale(self) -> float:
        """What one unit of the value is in points: 100 for a fraction, 1 for a percentage."""
        return 100.0 if self.is_fraction else 1.0

    @property
    def is_fraction(self) -> bool:
        """Whether the value is a share of one: at most 1, two decimals or more, and no unit."""
        return self.unit == "none" and 0 <= abs(self.value) <= 1 and self.decimals >= 2

    @property
    def share(self) -> float:
        """The value as a share of one."""
        return self.value * self.scale / 100


@dataclass(frozen=True, slots=True)
class Pair:
    """The scores of a reference and of a candidate on the same task; either may be unstated.

    ``stated`` is the loss, delta or recovery that the text gives for the two, ``n`` the number of
    samples of both.
    """

    reference: Figure | None
    candidate: Figure | None
    stated: Figure | None = None
    n: Figure | None = None

    @property
    def both(self) -> tuple[Figure, Figure] | None:
        """The two scores, where both are stated on one scale."""
        if self.reference is None or self.candidate is None:
            return None
        same = self.reference.is_fraction == self.candidate.is_fraction
        one = self.reference.value in (0.0, 1.0) or self.candidate.value in (0.0, 1.0)
        return (self.reference, self.candidate) if same or one else None

    @property
    def scored(self) -> Scored | None:
        """The pair with its two scores, where both are stated on one scale."""
        both = self.both
        return None if both is None else Scored(*both, self.stated, self.n)

    @property
    def known(self) -> Figure:
        """The score of the candidate, or, where there is none, of the reference.

        Raises
        ------
        ValueError
            If the pair has neither.
        """
        known = self.candidate or self.reference
        if known is None:
            msg = "a pair has at least one score"
            raise ValueError(msg)
        return known

    @property
    def name(self) -> str:
        """What was scored: the words of the row, the dataset, or the metric."""
        return self.known.label or self.known.dataset or self.known.metric


@dataclass(frozen=True, slots=True)
class Scored(Pair):
    """A pair whose two scores are both stated, on one scale: see ``Pair.scored``."""

    reference: Figure
    candidate: Figure

    @property
    def scores(self) -> tuple[Figure, Figure]:
        """The two scores, the reference's first."""
        return self.reference, self.candidate

    @property
    def told(self) -> Told | None:
        """The pair with its stated loss, where it has one."""
        if self.stated is None:
            return None
        return Told(self.reference, self.candidate, self.stated, self.n)


@dataclass(frozen=True, slots=True)
class Told(Scored):
    """A pair of two scores and the loss, delta or recovery that is stated for them."""

    stated: Figure


def figure(printed: Printed, role: Role, row: tuple[int, int], **more: Any) -> Figure:
    """Return a printed number as a figure of one role; ``more`` are fields of a figure."""
    place = {"start": printed.start, "end": printed.end} | more
    return Figure(
        value=printed.value,
        decimals=printed.decimals,
        unit=printed.unit,
        role=role,
        row=row,
        text=printed.text,
        bound=printed.bound,
        sign=printed.sign,
        **place,
    )


def as_role(one: Figure, role: Role) -> Figure:
    """Return the figure in another role."""
    return replace(one, role=role)
