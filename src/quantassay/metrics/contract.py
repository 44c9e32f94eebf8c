"""What a metric and an agreement are."""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from quantassay.evidence.contract import Kind
from quantassay.records.samples import Predictions, Samples

Rows = NDArray[np.float64]
Direction = Literal["higher", "lower"]


class Metric(Protocol):
    """A score that is a function of per-sample statistics that add.

    ``unit`` is 'fraction' where differences read as percentage points, else the unit's name;
    ``needs`` names what it reads of a sample and its predictions, as in `metrics.needs`. A metric
    may have ``no_skill``, the value of guessing where that is not the worst there is: a reference
    has no more to lose than what it has above it. It may also have
    ``loss_range(reference, candidate)``: the largest and smallest loss (n,) of each sample over all
    gold answers, or None where it cannot be told. Without it, a sample of which any output changed
    may lose and gain the evidence's largest loss. A metric that can only
    compare some recordings has ``refuse_unlike(samples, reference, candidate)``, which raises
    `PairingError` for others; ``refuse_sides(reference, candidate)`` refuses two sides that are not
    those of one recording. ``crossed`` names two columns whose values stand for others of their
    kind, such as raters and items: the first clusters the samples where nothing else is declared,
    and no cell passes that other values of both might not let pass.
    """

    name: str
    direction: Direction
    unit: str
    needs: tuple[str, ...]
    definition: str
    source: str
    evidence: Kind

    def rows(self, samples: Samples, predictions: Predictions) -> Rows:
        """Return the (n, d) statistics of each sample; rows of failed outputs are ignored."""
        ...

    def extreme(self, samples: Samples, predictions: Predictions, best: bool) -> Rows:
        """Return the (n, d) rows of the best, or worst, possible answers.

        They stand where ``predictions`` failed or are absent, beside the rows of the others.
        """
        ...

    def value(self, totals: Rows, n: Rows) -> NDArray[np.float64]:
        """Map totals (..., d) of n (...) samples to values (...); NaN where undefined."""
        ...


class Summary(Protocol):
    """A score that is no function of sums: computed anew of every stratum, described, never judged.

    ``evidence`` is `Described`, whose ``why`` says so wherever the figure is shown.
    """

    name: str
    direction: Direction
    unit: str
    needs: tuple[str, ...]
    definition: str
    source: str
    evidence: Kind

    def summary(self, samples: Samples, predictions: Predictions) -> float:
        """Return the value of these samples; outputs that failed or are absent at their worst.

        NaN where it is undefined.
        """
        ...


class Agreement(Protocol):
    """How close two variants stay; no targets unless the definition says so.

    Its figure is the mean of the samples' figures; of an agreement that also has ``quantile``, in
    (0, 1), it is that quantile of them. Figures are 0 or more; of one that has ``least``, that or
    more, and never below ``-cap``.
    """

    name: str
    unit: str
    definition: str
    cap: float | None

    def pair_rows(
        self, samples: Samples, reference: Predictions, candidate: Predictions
    ) -> NDArray[np.float64] | None:
        """Return one figure a sample (NaN: undefined there), or None where it cannot be told."""
        ...
