"""Base of the metrics that are a mean of one score a sample."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from quantassay.records.samples import Predictions, Samples

from .contract import Rows


class PerSample:
    """One score a sample between ``worst_score`` and ``best_score``; the value is their mean."""

    direction: ClassVar[Literal["higher", "lower"]] = "higher"
    best_score: ClassVar[float] = 1.0
    unit: ClassVar[str] = "fraction"

    @property
    def worst_score(self) -> float:
        """Return the worst score of one sample."""
        return 0.0

    def extreme(self, samples: Samples, predictions: Predictions, best: bool) -> Rows:
        """Return the best, or worst, score for every sample (n, 1)."""
        return np.full((len(samples), 1), self.best_score if best else self.worst_score)

    def value(self, totals: Rows, n: Rows) -> Rows:
        """Return the mean score; NaN without samples."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(n > 0, totals[..., 0] / n, np.nan))
