"""The variants that a frontier is drawn of, and all that is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quantassay.records.cells import Comparison
from quantassay.records.samples import Predictions
from quantassay.verdicts.frontier import shared_level

from ..asking import Exam
from ..timing.figures import Trials
from ..timing.speedup import Speedups

STOPPED = (
    "sampling could stop early: an interval at another level than that of a look does not hold, so "
    "that no rectangle is drawn and none is chosen here"
)
UNTIMED = "nothing was timed: answers of the reference, or of every candidate, are recorded ones"
NO_TRIAL = "nothing was timed: findings say why"
ONE_RATE = "samples arrive at the declared rate, one for all variants: none is faster than another"


@dataclass(frozen=True)
class Basis:
    """What a frontier is drawn of.

    Attributes
    ----------
    comparison
        With the verdicts on accuracy and speed together, and withheld ones.
    precisions
        Of every variant, in words.
    times
        How many different outcomes of each candidate were seen, this one too.
    """

    exam: Exam
    answers: Mapping[str, Predictions]
    comparison: Comparison
    precisions: Mapping[str, str]
    trials: Trials
    speedups: Speedups
    times: Mapping[str, int]

    @property
    def alpha(self) -> float:
        """One-sided, of each coordinate's family."""
        return self.exam.question.alpha

    @property
    def reference(self) -> str:
        """The deciding one."""
        return self.comparison.reference

    @property
    def names(self) -> list[str]:
        """The reference first, then every candidate."""
        return [self.reference, *self.comparison.candidates]

    @property
    def candidates(self) -> int:
        """How many may be chosen: those that gate, timed or not."""
        return sum(one.gate for one in self.comparison.candidates.values())

    @property
    def level(self) -> float:
        """One-sided level at which each that may be chosen is judged."""
        return shared_level(self.alpha, self.candidates)

    @property
    def empty(self) -> str:
        """Why nothing can be drawn; '' where something can."""
        if self.exam.order is not None:
            return STOPPED
        rubric = self.exam.rubric
        if not self.trials:
            here = [one for one in self.names if rubric.variants[one].origin != "predictions"]
            return NO_TRIAL if self.reference in here and len(here) > 1 else UNTIMED
        return ONE_RATE if rubric.timing and rubric.timing.rate is not None else ""
