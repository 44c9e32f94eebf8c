"""Simulated data sets judged all at once, as strata of one: what a release would say of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from quantassay.evidence.contract import Evidence
from quantassay.records.samples import Partition

from .record import Figure

ALPHA = 0.025
LEVELS = (ALPHA, ALPHA / 20, ALPHA / 200)
MOST_ROWS = 2_000_000


@dataclass(frozen=True)
class Truth:
    """What was drawn: ``loss`` is the true one, and the margin that is tested."""

    method: str
    law: str
    n: int
    loss: float
    clusters: str = "independent"


class Tally:
    """Counts of false verdicts at each level; floors block a pass and nothing else."""

    def __init__(self, truth: Truth) -> None:
        self.truth, self.draws, self.possible = truth, 0, 0
        self.passes = dict.fromkeys(LEVELS, 0)
        self.fails = dict.fromkeys(LEVELS, 0)

    def add(self, found: Evidence) -> None:
        """Judge every cell at the true loss."""
        margin = np.full(len(found.n), self.truth.loss)
        self.draws += len(margin)
        for alpha in LEVELS:
            low, high = found.bounds(alpha)
            enough = found.size() >= found.floor(margin, alpha)
            self.passes[alpha] += int((enough & (high < margin)).sum())
            self.fails[alpha] += int((low > margin).sum())
            if alpha == ALPHA:
                self.possible += int(enough.sum())

    def figures(self) -> Iterator[Figure]:
        """Yield both errors at every level."""
        answer = "judged" if self.possible else "insufficient"
        for side, counts in (("false PASS", self.passes), ("false FAIL", self.fails)):
            for alpha, count in counts.items():
                yield Figure(
                    method=self.truth.method,
                    law=self.truth.law,
                    n=self.truth.n,
                    margin=self.truth.loss,
                    side=side,
                    alpha=alpha,
                    rate=count / self.draws,
                    bound=alpha,
                    draws=self.draws,
                    clusters=self.truth.clusters,
                    answer=answer if side == "false PASS" else "judged",
                )


def batches(draws: int, n: int) -> Iterator[int]:
    """Split draws of n samples so that each batch fits in memory."""
    step = max(1, MOST_ROWS // n)
    for first in range(0, draws, step):
        yield min(step, draws - first)


def strata(draws: int, n: int) -> list[Partition]:
    """Return the partition in which each draw of n samples is a stratum."""
    labels = tuple({"draw": str(i)} for i in range(draws))
    return [Partition("draw", labels, np.repeat(np.arange(draws), n))]
