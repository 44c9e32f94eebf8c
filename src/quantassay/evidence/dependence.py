"""How much samples that share clusters resemble each other, where evidence tells."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from .contract import Evidence, Floats


@runtime_checkable
class Dependent(Protocol):
    """Evidence by cluster: figures (G,), NaN where no cluster holds two samples."""

    design_effect: Floats
    intraclass: Floats


@runtime_checkable
class Wrapped(Protocol):
    """Evidence made of other evidence of the same cells."""

    @property
    def within(self) -> Evidence:
        """The evidence that it was made of, read pessimistically."""
        ...


def dependence(evidence: Evidence) -> tuple[Floats, Floats]:
    """Return design effect and intraclass correlation of the differences (G,) each."""
    if isinstance(evidence, Dependent):
        return evidence.design_effect, evidence.intraclass
    if isinstance(evidence, Wrapped):
        return dependence(evidence.within)
    unknown = np.full(len(evidence.n), np.nan)
    return unknown, unknown
