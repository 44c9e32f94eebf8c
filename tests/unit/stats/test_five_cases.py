"""Five cases that published tools get wrong."""

from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats


def test_ten_identical_pairs_prove_nothing():
    """A well-known gate says go with the interval [0, 0]."""
    ten = stats.paired_binary(0, 0, 10, 0.02)
    assert ten.verdict == "insufficient"
    assert ten.interval[1] == pytest.approx(0.308, abs=5e-4)
    at_five_per_cent = stats.paired_binary(0, 0, 10, 0.02, confidence=0.90)
    assert at_five_per_cent.interval[1] == pytest.approx(0.259, abs=5e-4)
    assert stats.paired_mean(np.zeros(10), cap=1, margin=0.02).verdict == "insufficient"


def test_one_answer_of_thirty_is_no_failure():
    """3 right of 30 falling to 2 is a relative loss of a third, and noise."""
    for losses, gains in ((1, 0), (2, 1), (3, 2)):
        assert stats.paired_binary(losses, gains, 30, 0.05).verdict == "insufficient"
        assert stats.binary_p_beyond(losses, gains, 30, 0.05) > 0.05


def test_a_large_benchmark_sees_small_losses():
    """422 of 14,042 discordant: unpaired arithmetic would say 13 points."""
    smallest = stats.smallest_detectable_binary(14_042, 422 / 14_042, power=0.8)
    assert smallest == pytest.approx(0.0041, abs=1e-4)
    assert stats.smallest_detectable_binary(14_042, 422 / 14_042) < 0.005
    assert stats.paired_binary(211, 211, 14_042, 0.005).verdict == "pass"


def test_two_equally_damaged_categories_do_not_collapse():
    """Their spread is zero, what they tell of other categories is nothing."""
    low, high = stats.cluster_bounds([50, 50], [-10, -10], cap=1, alpha=0.025)
    assert (low, high) == (-1, 1)
    assert stats.cluster_p_beyond([50, 50], [-10, -10], cap=1, margin=0.05) > 0.025
    assert stats.cluster_p_within([50, 50], [-10, -10], cap=1, margin=0.5) > 0.025


def test_ten_identical_pairs_are_not_equivalent():
    """Two one-sided tests at the usual levels say they are."""
    for margin in (0.02, 0.05, 0.10, 0.20):
        ten = stats.paired_binary(0, 0, 10, margin)
        assert ten.verdict != "pass"
        assert ten.p_within > 0.025
        assert stats.binary_p_beyond(0, 0, 10, -margin) > 0.025
