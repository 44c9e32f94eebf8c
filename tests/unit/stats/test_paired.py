from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from quantassay import stats
from quantassay.stats.paired import judged


def judge(n, floor, low, high, margin=0.02):
    return judged(*(np.asarray(v, float) for v in (n, floor)), (low, high), np.asarray(margin))


@pytest.mark.parametrize(
    ("n", "low", "high", "verdict"),
    [
        (900, -0.01, 0.01, "pass"),
        (900, -0.01, 0.03, "inconclusive"),
        (900, 0.03, 0.05, "fail"),
        (10, 0.03, 0.05, "fail"),  # the floor never blocks a failure
        (10, -0.01, 0.01, "insufficient"),
        (10, -0.01, 0.03, "insufficient"),
        (900, -0.01, 0.02, "inconclusive"),  # the margin itself is not ruled out
        (900, 0.02, 0.03, "inconclusive"),
        (900, np.nan, np.nan, "insufficient"),
    ],
)
def test_order_of_verdicts(n, low, high, verdict):
    assert judge(n, 183, np.asarray(low), np.asarray(high)) == verdict


def test_no_margin_no_verdict():
    assert judge(900, 183, np.asarray(-0.01), np.asarray(0.01), np.nan) == "insufficient"


def test_results_are_frozen():
    result = stats.paired_binary(1, 0, 400, 0.02)
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.verdict = "pass"
