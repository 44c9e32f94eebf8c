"""p-values that hold at every look, declared or not, where the evidence knows any."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np

from quantassay import stats

from .contract import Evidence, Floats


@runtime_checkable
class Anytime(Protocol):
    """Evidence that can be looked at whenever one likes."""

    def anytime_p(self, margin: Floats) -> tuple[Floats, Floats]:
        """Return p within and p beyond the margin (G,) that hold at every look at once."""
        ...


def anytime_p(evidence: Evidence, margin: Floats) -> tuple[Floats, Floats]:
    """Return p within and p beyond (G,) each; NaN where no bound is known to hold at every look."""
    if isinstance(evidence, Anytime):
        return evidence.anytime_p(margin)
    unknown = np.full(len(evidence.n), np.nan)
    return unknown, unknown


def mean_anytime_p(
    n: Floats, total: Floats, square: Floats, cap: float, margin: Floats
) -> tuple[Floats, Floats]:
    """Return both p-values of means from sums of differences and of their squares."""

    def p(sums: Floats, m: Floats) -> Floats:
        return stats.anytime_p(sums + n * m, square + 2 * m * sums + n * m**2, cap - m)

    return p(total, margin), p(-total, -margin)
