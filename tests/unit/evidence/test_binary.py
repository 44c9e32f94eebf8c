from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.errors import UserCodeError
from quantassay.evidence import Binary

FIRST, SECOND = [1, 1, 1, 0, 0], [1, 0, 0, 1, 0]


def test_counts_of_every_cell(state, part):
    parts = [part([0] * 5), part([0, 0, 1, 1, -1], strata=2)]
    found = state(Binary(), FIRST, SECOND, parts).evidence()
    assert found.n.tolist() == [5, 2, 2]
    assert found.losses.tolist() == [2, 1, 1]
    assert found.gains.tolist() == [1, 0, 1]
    assert found.reference.tolist() == [0.6, 1.0, 0.5]
    assert found.candidate.tolist() == [0.4, 0.5, 0.5]
    assert found.loss.tolist() == [0.2, 0.5, 0.0]


def test_inference_is_that_of_stats(state):
    found = state(Binary(), FIRST, SECOND).evidence()
    wanted = stats.paired_binary(2, 1, 5, 0.3)
    margin = np.array([0.3])
    assert tuple(float(end[0]) for end in found.bounds(0.025)) == pytest.approx(wanted.interval)
    assert found.p_within(margin) == pytest.approx(wanted.p_within)
    assert found.p_beyond(margin) == pytest.approx(wanted.p_beyond)
    assert found.floor(margin, 0.025) == wanted.floor
    assert found.size().tolist() == [5.0]
    assert found.clusters is None


def test_lower_is_better_swaps_right_and_wrong(state):
    found = state(Binary(), FIRST, SECOND, higher=False).evidence()
    assert found.loss.tolist() == [-0.2]
    assert found.reference.tolist() == [0.6]
    assert found.candidate.tolist() == [0.4]
    assert (found.losses.tolist(), found.gains.tolist()) == ([1], [2])


def test_an_empty_cell_is_undefined_and_says_why(state, part):
    found = state(Binary(), FIRST, SECOND, [part([0] * 5, strata=2)]).evidence()
    assert found.undefined[1] == "no samples"
    assert np.isnan(
        [found.loss[1], found.bounds(0.025)[1][1], found.p_within(np.full(2, 0.1))[1]]
    ).all()


@pytest.mark.parametrize("odd", [0.5, 2.0, np.nan])
def test_rows_are_zero_or_one(state, odd):
    with pytest.raises(UserCodeError, match="0 or 1"):
        state(Binary(), [1, odd], [1, 1])
    with pytest.raises(UserCodeError, match="0 or 1"):
        state(Binary(), [1, 1], [1, odd])


def test_shards_add(state):
    whole = state(Binary(), FIRST, SECOND).evidence()
    added = state(Binary(), FIRST[:2], SECOND[:2]) + state(Binary(), FIRST[2:], SECOND[2:])
    assert added.evidence().bounds(0.025) == whole.bounds(0.025)


def test_shards_that_do_not_fit_are_refused(state):
    one = state(Binary(), FIRST, SECOND)
    with pytest.raises(ValueError, match="same direction"):
        one + state(Binary(), FIRST, SECOND, higher=False)
    with pytest.raises(ValueError, match="one shard has clusters"):
        one + state(Binary(), FIRST, SECOND, units=[0, 0, 1, 1, 2])


def test_needed_and_detectable_fall_with_more_agreement(state):
    noisy = state(Binary(), [1, 0] * 100, [0, 1] * 100).evidence()
    quiet = state(Binary(), [1, 0] * 100, [1, 0] * 100).evidence()
    margin = np.array([0.1])
    assert quiet.needed(margin, 0.025, 0.9)[0] < noisy.needed(margin, 0.025, 0.9)[0]
    assert quiet.detectable(0.025, 0.9)[0] < noisy.detectable(0.025, 0.9)[0]
