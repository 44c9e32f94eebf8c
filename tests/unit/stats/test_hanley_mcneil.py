from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats


def test_planned_variance_is_what_is_seen():
    rng = np.random.default_rng(2)
    n = 40_000
    positive = rng.random(n) < 0.25
    # exponential scores are those that Hanley and McNeil had in mind
    reference = np.where(positive, rng.exponential(3, n), rng.exponential(1, n))
    pairs = stats.paired_placements(np.zeros(n), reference, positive)
    seen = stats.delong(pairs).standard_error ** 2
    planned = stats.auroc_variance(0.75, positive.sum(), (~positive).sum())
    assert seen == pytest.approx(planned, rel=0.05)
    alone = stats.auroc_difference_variance(0.75, 0.0, 0.0, 0.25)
    assert alone / 2 / n == pytest.approx(planned, rel=0.05)
    assert stats.auroc_difference_variance(0.75, 0.0, 1.0, 0.25) == 0


def test_a_single_pair_has_the_variance_of_a_coin():
    assert stats.auroc_variance(0.8, 1, 1) == pytest.approx(0.8 * 0.2)


@pytest.mark.parametrize("arguments", [(1.1, 5, 5), (0.8, 0, 5), (0.8, 5, np.nan)])
def test_variances_of_what_cannot_be_are_refused(arguments):
    with pytest.raises(ValueError, match="area"):
        stats.auroc_variance(*arguments)


@pytest.mark.parametrize(
    "arguments", [(0.8, 0.9, 0.5, 0.5), (0.8, 0, 2, 0.5), (0.8, 0, 0.5, 0), (0.9, -0.2, 0, 0.5)]
)
def test_differences_of_what_cannot_be_are_refused(arguments):
    with pytest.raises(ValueError, match="correlation"):
        stats.auroc_difference_variance(*arguments)
