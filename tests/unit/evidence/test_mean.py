from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats
from quantassay.errors import UserCodeError
from quantassay.evidence import Mean

FIRST, SECOND = [0.5, 0.25, 1.0, 0.0], [0.25, 0.25, 0.5, 0.125]


def test_inference_is_that_of_stats(state):
    found = state(Mean(cap=1.0), FIRST, SECOND).evidence()
    wanted = stats.paired_mean(np.subtract(SECOND, FIRST), 1.0, 0.5)
    margin = np.array([0.5])
    assert found.loss[0] == wanted.estimate
    assert [float(end[0]) for end in found.bounds(0.025)] == pytest.approx(wanted.interval)
    assert found.p_within(margin) == pytest.approx(wanted.p_within)
    assert found.p_beyond(margin) == pytest.approx(wanted.p_beyond)
    assert found.floor(margin, 0.025) == wanted.floor
    assert found.size().tolist() == [4.0]


def test_lower_is_better_turns_the_sign_of_the_loss(state):
    found = state(Mean(cap=1.0), FIRST, SECOND, higher=False).evidence()
    assert found.loss.tolist() == [-0.15625]
    assert found.reference.tolist() == [0.4375]


def test_no_difference_is_plain_zero(state):
    found = state(Mean(cap=1.0), FIRST, FIRST, higher=False).evidence()
    assert str(found.loss[0]) == "0.0"


@pytest.mark.parametrize("shift", [1e-7, 1e-12, 3e-5])
def test_a_tiny_shift_of_every_score_is_no_contradiction(state, shift):
    first = np.linspace(0.1, 0.9, 1000)
    low, high = state(Mean(cap=2.0), first, first - shift).evidence().bounds(0.025)
    assert low[0] < shift < high[0]


def test_scores_beyond_the_cap_are_refused(state):
    with pytest.raises(UserCodeError, match="differ by 3, more than the declared cap 1"):
        state(Mean(cap=1.0), [3.0, 0.0], [0.0, 0.0])


def test_without_a_cap_it_is_described(state):
    found = state(Mean(cap=None), FIRST, SECOND).evidence()
    assert "no cap is declared" in found.undefined[0]
    assert found.loss.tolist() == [0.15625]
    assert np.isnan(found.bounds(0.025)).all()


def test_large_scores_without_a_cap_do_not_overflow(state):
    found = state(Mean(cap=None), np.zeros(20_000), np.full(20_000, 708.0), higher=False).evidence()
    assert found.loss.tolist() == [708.0]


@pytest.mark.parametrize("cap", [0.0, -1.0, np.inf, np.nan])
def test_a_cap_is_positive_and_finite(cap):
    with pytest.raises(ValueError, match="a cap is"):
        Mean(cap=cap)


def test_an_empty_cell_is_undefined_and_says_why(state, part):
    found = state(Mean(cap=1.0), FIRST, SECOND, [part([0] * 4, strata=2)]).evidence()
    assert found.undefined == ["", "no samples"]
    margin = np.full(2, 0.1)
    figures = [found.loss, found.bounds(0.025)[0], found.p_within(margin), found.p_beyond(margin)]
    assert np.isnan([column[1] for column in figures]).all()


def test_shards_that_do_not_fit_are_refused(state):
    one = state(Mean(cap=1.0), FIRST, SECOND)
    with pytest.raises(ValueError, match="same cap and direction"):
        one + state(Mean(cap=2.0), FIRST, SECOND)
    with pytest.raises(ValueError, match="same cap and direction"):
        one + state(Mean(cap=1.0), FIRST, SECOND, higher=False)
    with pytest.raises(ValueError, match="one shard has clusters"):
        one + state(Mean(cap=1.0), FIRST, SECOND, units=[0, 0, 1, 1])


def test_needed_and_detectable_fall_with_less_spread(state):
    flat = np.full(200, 0.5)
    wild = flat + np.tile([0.4, -0.4], 100)
    noisy = state(Mean(cap=1.0), flat, wild).evidence()
    quiet = state(Mean(cap=1.0), flat, flat).evidence()
    margin = np.array([0.1])
    assert quiet.needed(margin, 0.025, 0.9)[0] < noisy.needed(margin, 0.025, 0.9)[0]
    assert quiet.detectable(0.025, 0.9)[0] < noisy.detectable(0.025, 0.9)[0]
