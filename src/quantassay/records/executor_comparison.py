"""Two executors, layer by layer: what is the same, what differs, what only one of them tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .executor import Fact, LayerName

Standing = Literal["same", "differs", "not recorded"]


@dataclass(frozen=True)
class FactDifference:
    """A fact that is not the same on both sides; ``variants`` says of which, () of all."""

    fact: str
    one: Fact
    other: Fact
    variants: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerComparison:
    """One layer of two executors.

    ``same`` holds for the facts that both tell; ``unrecorded`` names those that at most one tells.
    A layer of which they share no fact is ``not recorded``.
    """

    layer: LayerName
    standing: Standing
    differences: tuple[FactDifference, ...] = ()
    unrecorded: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExecutorComparison:
    """Two executors beside each other; ``one`` and ``other`` are their digests.

    ``criteria`` are differences in what was declared beforehand; ``alone`` the variants that only
    the one, or only the other, has.
    """

    one: str
    other: str
    layers: tuple[LayerComparison, ...]
    criteria: tuple[FactDifference, ...] = ()
    alone: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())

    @property
    def differing(self) -> tuple[LayerName, ...]:
        """The layers that differ."""
        return tuple(each.layer for each in self.layers if each.standing == "differs")

    @property
    def differs(self) -> bool:
        """Whether anything that both tell is not the same."""
        return bool(self.differing or self.criteria or any(self.alone))
