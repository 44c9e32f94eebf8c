from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import binary_interval, standardized, standardized_shared

LOSS, ENDS = [0.01, 0.05], ([0.0, 0.02], [0.04, 0.09])


def test_weights_are_divided_by_their_sum():
    mean, low, high = standardized(LOSS, ENDS, [3, 1])
    assert mean == pytest.approx(0.02)
    assert low == pytest.approx(0.02 - np.hypot(0.75 * 0.01, 0.25 * 0.03))
    assert high == pytest.approx(0.02 + np.hypot(0.75 * 0.03, 0.25 * 0.04))


def test_one_group_keeps_its_own_interval():
    assert standardized(LOSS, ENDS, [0, 5]) == pytest.approx((0.05, 0.02, 0.09))


def test_several_candidates_at_once():
    mean, low, high = standardized(
        [LOSS, [0.0, 0.0]], ([[0, 0.02], [0, 0]], [[0.04, 0.09], [0, 0]]), [1, 1]
    )
    assert mean.tolist() == pytest.approx([0.03, 0.0])
    assert (low[1], high[1]) == (0.0, 0.0)


def test_a_group_that_was_not_measured_is_named():
    nan = float("nan")
    with pytest.raises(ValueError, match="digit=8 has a weight but was not measured"):
        standardized([0.01, nan], ([0.0, nan], [0.1, nan]), [1, 0.1], ["digit=1", "digit=8"])
    with pytest.raises(ValueError, match=r"^1 has a weight"):
        standardized([0.01, 0.02], ([0.0, nan], [0.1, 0.1]), [1, 0.1])


def test_without_a_weight_it_need_not_be_measured():
    nan = float("nan")
    assert standardized([0.01, nan], ([0.0, nan], [0.1, nan]), [1, 0])[0] == 0.01


@pytest.mark.parametrize("weights", [[1], [-1, 2], [0, 0], [np.inf, 1], [[1, 1]]])
def test_weights_that_are_none(weights):
    with pytest.raises(ValueError, match="weights are"):
        standardized(LOSS, ENDS, weights)


def test_a_loss_outside_of_its_interval_is_refused():
    with pytest.raises(ValueError, match="within its interval"):
        standardized([0.5, 0.05], ENDS, [1, 1])


def test_what_groups_share_only_widens():
    mean, low, high = standardized_shared(LOSS, ENDS, [3, 1])
    assert (mean, low, high) == pytest.approx((0.02, 0.005, 0.0525))
    apart = standardized(LOSS, ENDS, [3, 1])
    assert low <= apart[1]
    assert apart[2] <= high


def test_the_same_answers_in_two_groups_keep_their_interval():
    ends = binary_interval(3, 0, 100, 0.025)
    twice = [[float(end)] * 2 for end in ends]
    found = standardized_shared([0.03, 0.03], (twice[0], twice[1]), [0.3, 0.7])
    assert found == pytest.approx((0.03, *map(float, ends)))


def test_a_group_that_was_not_measured_is_named_there_too():
    nan = float("nan")
    with pytest.raises(ValueError, match="night has a weight"):
        standardized_shared([0.1, nan], ([0, nan], [0.2, nan]), [1, 1], ["day", "night"])
