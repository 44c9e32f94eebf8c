"""Cells with samples whose difference is unknown: judged at the worst case on either side."""

from __future__ import annotations

import numpy as np

from .anytime import anytime_p
from .contract import Evidence, Floats, Level


class Bracketed:
    """Passes need the pessimistic reading, fails the optimistic one.

    Parameters
    ----------
    pessimistic, optimistic
        The same cells with the unknown differences at their worst and at their best.
    """

    def __init__(self, pessimistic: Evidence, optimistic: Evidence) -> None:
        self._worst, self._best = self.readings = pessimistic, optimistic
        self.within = pessimistic
        self.n, self.clusters = pessimistic.n, pessimistic.clusters
        self.reference, self.candidate = pessimistic.reference, pessimistic.candidate
        self.loss = pessimistic.loss
        self.losses, self.gains = pessimistic.losses, pessimistic.gains
        self.method = [f"{method}, unknown rows at their worst" for method in pessimistic.method]
        self.undefined = pessimistic.undefined

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return the outermost ends of both readings."""
        (low, high), (other_low, other_high) = self._worst.bounds(alpha), self._best.bounds(alpha)
        return np.minimum(low, other_low), np.maximum(high, other_high)

    def p_within(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or more', the larger of both readings."""
        return np.maximum(self._worst.p_within(margin), self._best.p_within(margin))

    def p_beyond(self, margin: Floats) -> Floats:
        """Return p of 'the loss is the margin or less', the larger of both readings."""
        return np.maximum(self._worst.p_beyond(margin), self._best.p_beyond(margin))

    def anytime_p(self, margin: Floats) -> tuple[Floats, Floats]:
        """Return p within and p beyond that hold at every look, the larger of both readings."""
        worst, best = anytime_p(self._worst, margin), anytime_p(self._best, margin)
        return np.maximum(worst[0], best[0]), np.maximum(worst[1], best[1])

    def floor(self, margin: Floats, alpha: Level) -> Floats:
        """Return the least n at which a pass is possible."""
        return self._worst.floor(margin, alpha)

    def size(self) -> Floats:
        """Return what the floor is compared with."""
        return self._worst.size()

    def needed(self, margin: Floats, alpha: Level, power: float) -> Floats:
        """Return the n that would settle each cell, read pessimistically."""
        return self._worst.needed(margin, alpha, power)

    def detectable(self, alpha: Level, power: float) -> Floats:
        """Return the smallest loss that this n would find, read pessimistically."""
        return self._worst.detectable(alpha, power)
