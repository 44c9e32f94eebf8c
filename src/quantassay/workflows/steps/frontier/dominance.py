"""Every variant against every other, on the same samples and in the same blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from quantassay import stats
from quantassay.errors import PairingError
from quantassay.records.samples import Partition, Predictions
from quantassay.verdicts.speed import FEWEST_BLOCKS

from ..asking import Exam
from ..measuring import measure
from ..question import Asked
from ..timing.figures import Trials, log_ratios

Floats = NDArray[np.float64]
#: p of 'no slower' above which a pair is not dominated, whatever it loses
WORTH_A_LOOK = 0.5


def p_slower(names: Sequence[str], trials: Trials) -> Floats:
    """Return p of 'i is no slower than j' (k, k), NaN of pairs that share too few blocks."""
    found = np.full((len(names), len(names)), np.nan)
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            if i != j and one in trials and other in trials:
                logs = log_ratios(trials[one], trials[other])
                if len(logs) >= FEWEST_BLOCKS:
                    found[i, j] = stats.speed_p_beyond(logs)
    return found


def p_worse(
    exam: Exam,
    asked: Asked,
    names: Sequence[str],
    answers: Mapping[str, Predictions],
    partitions: Sequence[Partition],
    wanted: NDArray[np.bool_],
) -> Floats:
    """Return p of 'i loses no more than j' in every cell (G, k, k).

    Only pairs that are ``wanted`` (k, k) are computed: of others, which the speed alone keeps from
    being dominated, it counts as 1.
    """
    cells = sum(len(part.labels) for part in partitions)
    found = np.ones((cells, len(names), len(names)))
    for i, j in np.argwhere(wanted):
        found[:, i, j] = _loses(exam, asked, (names[j], names[i]), answers, partitions)
    return found


def _loses(
    exam: Exam,
    asked: Asked,
    pair: tuple[str, str],
    answers: Mapping[str, Predictions],
    partitions: Sequence[Partition],
) -> Floats:
    first, second = (answers[name] for name in pair)
    cells = sum(len(part.labels) for part in partitions)
    try:
        found = measure(asked.metric, exam.samples, first, second, pair, exam.question)
    except PairingError:
        return np.full(cells, np.nan)
    if found.blind:
        return np.full(cells, np.nan)
    evidence = found.evidence(partitions, exam.question.units)
    return np.asarray(evidence.p_beyond(np.zeros(cells)), np.float64)
