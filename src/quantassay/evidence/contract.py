"""What verdicts see of a metric: nothing but this."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from quantassay.records.planned import Outlook
from quantassay.records.samples import Partition

from .outlook import Expected, Prospects

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Value = Callable[[Floats, Floats], Floats]
Level: TypeAlias = float | Floats
# what a part of the samples consists of where it measures the same quantity as all of them
Partial: TypeAlias = Literal["clusters", "samples", "nothing"]


class Evidence(Protocol):
    """Figures of G cells at once; losses are positive when worse, NaN where undefined.

    ``losses`` and ``gains`` are the flips of a binary metric, None for others; ``undefined``
    says for each cell why it has no figure ('' where it has).
    """

    @property
    def n(self) -> NDArray[np.int64]:
        """Samples of each cell (G,)."""
        ...

    @property
    def reference(self) -> Floats:
        """Value of the reference (G,)."""
        ...

    @property
    def candidate(self) -> Floats:
        """Value of the candidate (G,)."""
        ...

    @property
    def loss(self) -> Floats:
        """Loss (G,)."""
        ...

    @property
    def losses(self) -> NDArray[np.int64] | None:
        """Samples (G,) that only the reference got right."""
        ...

    @property
    def gains(self) -> NDArray[np.int64] | None:
        """Samples (G,) that only the candidate got right."""
        ...

    @property
    def clusters(self) -> NDArray[np.int64] | None:
        """Clusters of each cell (G,); None where samples are independent."""
        ...

    @property
    def method(self) -> Sequence[str]:
        """How each interval is made."""
        ...

    @property
    def undefined(self) -> Sequence[str]:
        """Why a cell has no figure; '' where it has."""
        ...

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return both ends (G,) of the loss interval, each one-sided at ``alpha`` (or (G,))."""
        ...

    def p_within(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or more' (G,): small speaks for within."""
        ...

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or less' (G,): small speaks for beyond."""
        ...

    def floor(self, margin: Floats, alpha: Level) -> Floats:
        """Return the least sample size (G,) at which a pass is possible."""
        ...

    def size(self) -> Floats:
        """Return the size (G,) that the floor is compared with: samples, or effective clusters."""
        ...

    def needed(self, margin: Floats, alpha: Level, power: float) -> Floats:
        """Return the n (G,) that would settle each cell as observed; NaN where none would."""
        ...

    def detectable(self, alpha: Level, power: float) -> Floats:
        """Return the smallest loss (G,) that this n would find at the observed spread."""
        ...


class State(Protocol):
    """Statistics of cells that add across shards."""

    def __add__(self, other: Self) -> Self:
        """Merge two shards of the same cells."""
        ...

    def evidence(self) -> Evidence:
        """Return the figures of every cell."""
        ...


class Kind(Protocol):
    """What a metric declares: how its paired rows become bounds.

    A kind whose metrics are means of one bounded score a sample also has ``level_unlabelled``: the
    share of the level at which cells are judged where gold answers are missing; None: they cannot
    be. A kind without it needs the gold answers of all samples.

    ``partial`` says which part of the samples measures the same as all of them, so that looks may
    be taken at it: whole "clusters" of one size, "samples" that share none (where a cluster weighs
    as much as its classes, which sizes do not tell), or "nothing", as for a kind without it.
    """

    @property
    def name(self) -> str:
        """What reports call the kind."""
        ...

    @property
    def largest_loss(self) -> float | None:
        """The largest loss that there can be; None where there is no largest."""
        ...

    def accumulate(
        self,
        reference: Floats,
        candidate: Floats,
        partitions: Sequence[Partition],
        units: Codes | None,
        value: Value,
        higher_is_better: bool,
    ) -> State:
        """Reduce (n, d) rows of both sides to the statistics of every cell.

        ``units`` (n,) codes what is independent (clusters); None: every sample is.
        """
        ...

    def outlook(self, cells: Prospects, expected: Expected) -> Sequence[Outlook]:
        """Return what cells could tell, before they are measured."""
        ...
