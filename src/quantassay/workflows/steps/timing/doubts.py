"""Why a throughput is not one of the answers whose accuracy was measured."""

from __future__ import annotations

from quantassay.records.speed import Sameness
from quantassay.rubrics.model import Rubric

#: share of answers that may differ while timed, where no margin says less
MOST_CHANGED = 0.05
REMEMBERS = (
    "new samples take {times:.3g} times as long as those that it was asked before: it remembers "
    "answers, or how prompts begin, and its throughput is not one of new samples"
)
OTHERS = (
    "{changed:,} of {n:,} samples were answered differently while it was timed, more than the "
    "{share:.3g} % that the smallest margin leaves: its throughput is not that of the answers "
    "whose accuracy was measured"
)


def remembering(times: float | None) -> str:
    """Say that a variant remembers answers; '' where nothing tells of it."""
    return "" if times is None else REMEMBERS.format(times=times)


def differing(same: Sameness | None, rubric: Rubric) -> str:
    """Say that too many answers were others while a variant was timed; '' where they were not.

    As many may differ as the smallest margin that gates, since so much could be lost by them.
    """
    share = _tolerated(rubric)
    if same is None or same.changed < share * same.n or not same.changed:
        return ""
    return OTHERS.format(changed=same.changed, n=same.n, share=100 * share)


def _tolerated(rubric: Rubric) -> float:
    margins = [each for one in rubric.metrics for each in (one.margin, *one.by.values())]
    return min([MOST_CHANGED, *(each.value for each in margins if each is not None and each.gate)])
