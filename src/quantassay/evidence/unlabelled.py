"""Cells with missing gold answers: at their worst for a pass, at their best for a fail."""

from __future__ import annotations

import numpy as np

from .bracketed import Bracketed
from .contract import Evidence, Floats, Level
from .counting import counted
from .sums import Integers


class Unlabelled:
    """Inference that holds whatever the missing gold answers are.

    Parameters
    ----------
    worst, best
        The same cells with the missing gold answers most harmful, and kindest, to the candidate.
    undecided
        Samples of each cell (G,) whose difference depends on a missing gold answer.
    share
        Of the level: below 1 where a first look may have chosen what is labelled.
    """

    def __init__(self, worst: Evidence, best: Evidence, undecided: Integers, share: float) -> None:
        self._both, self._share = Bracketed(worst, best), share
        decided = undecided == 0
        unknown = np.full(len(undecided), np.nan)
        self.n, self.clusters = worst.n, worst.clusters
        self.reference, self.candidate = unknown, unknown
        self.loss: Floats = np.where(decided, worst.loss, np.nan)
        self.losses, self.gains = worst.losses, worst.gains
        level = "" if share == 1 else f", at {share:g} of the level"
        self.method = [
            f"{method}{'' if known else ', missing targets at their worst'}{level}"
            for method, known in zip(worst.method, decided, strict=True)
        ]
        self.counted = counted(worst)
        self.undefined = worst.undefined

    def bounds(self, alpha: Level) -> tuple[Floats, Floats]:
        """Return the outermost ends over all gold answers."""
        return self._both.bounds(alpha * self._share)

    def p_within(self, margin: Floats) -> Floats:
        """Return the largest p of 'the loss is the margin or more' over all gold answers."""
        return np.minimum(self._both.p_within(margin) / self._share, 1.0)

    def p_beyond(self, margin: Floats) -> Floats:
        """Return the largest p of 'the loss is the margin or less' over all gold answers."""
        return np.minimum(self._both.p_beyond(margin) / self._share, 1.0)

    def floor(self, margin: Floats, alpha: Level) -> Floats:
        """Return the least n at which a pass is possible."""
        return self._both.floor(margin, alpha * self._share)

    def size(self) -> Floats:
        """Return what the floor is compared with."""
        return self._both.size()

    def needed(self, margin: Floats, alpha: Level, power: float) -> Floats:
        """Return the n that would settle each cell, read pessimistically."""
        return self._both.needed(margin, alpha * self._share, power)

    def detectable(self, alpha: Level, power: float) -> Floats:
        """Return the smallest loss that this n would find, read pessimistically."""
        return self._both.detectable(alpha * self._share, power)
