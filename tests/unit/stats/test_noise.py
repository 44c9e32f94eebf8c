from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats

from quantassay import stats

RNG = np.random.default_rng(7)
REFERENCE = np.clip(RNG.normal(0.6, 0.1, 200) + RNG.normal(0, 0.02, (6, 1)), 0, 1)
CANDIDATE = np.clip(RNG.normal(0.57, 0.1, 200) + RNG.normal(0, 0.02, (5, 1)), 0, 1)


def test_sessions_that_agree_add_nothing():
    reference, candidate = np.tile(REFERENCE[0], (5, 1)), np.tile(CANDIDATE[0], (5, 1))
    d = candidate[0] - reference[0]
    alone = stats.mean_bounds(200, d.sum(), d @ d, 1, 0.025)
    assert stats.session_bounds(reference, candidate, 1, 0.025) == pytest.approx(alone)
    for margin in (0.05, 0.06, 0.1):
        expected = stats.mean_p_within(200, d.sum(), d @ d, 1, margin)
        found = stats.session_p_within(reference, candidate, 1, margin)
        assert found == pytest.approx(expected, rel=1e-6)
        assert found < 0.5


def test_halves_by_hand():
    high = stats.session_bounds(REFERENCE, CANDIDATE, 1, 0.025)[1]
    loss = np.r_[REFERENCE.mean(axis=0) - CANDIDATE.mean(axis=0), 1, 1]
    samples = scipy_stats.t.ppf(0.975, 201) * loss.std(ddof=1) / np.sqrt(202)
    noise = REFERENCE.mean(axis=1).var(ddof=1) / 6 + CANDIDATE.mean(axis=1).var(ddof=1) / 5
    between = scipy_stats.t.ppf(0.975, 4) * np.sqrt(noise)
    assert high == pytest.approx(loss.mean() + np.hypot(samples, between))


@pytest.mark.parametrize("alpha", [0.2, 0.025, 0.000125])
def test_bounds_mirror_and_p_agrees(alpha):
    low, high = stats.session_bounds(REFERENCE, CANDIDATE, 1, alpha)
    assert stats.session_bounds(CANDIDATE[:, ::-1], REFERENCE[:, ::-1], 1, alpha)[0] < 0 < high
    assert stats.session_p_within(REFERENCE, CANDIDATE, 1, high) == pytest.approx(alpha)
    assert stats.session_p_beyond(REFERENCE, CANDIDATE, 1, low) == pytest.approx(alpha)


def test_stricter_levels_widen():
    highs = [stats.session_bounds(REFERENCE, CANDIDATE, 1, a)[1] for a in np.geomspace(0.5, 1e-6)]
    assert np.all(np.diff(highs) >= 0)


def test_a_margin_below_the_loss_has_p_one():
    assert stats.session_p_within(REFERENCE, CANDIDATE, 1, -0.5) == 1


@pytest.mark.parametrize("sessions", [1, 4])
def test_few_sessions_are_undefined(sessions):
    few = REFERENCE[:sessions]
    assert np.isnan(stats.session_bounds(few, CANDIDATE, 1, 0.025)).all()
    assert np.isnan(stats.session_p_within(few, CANDIDATE, 1, 0.1))
    assert np.isnan(stats.session_p_beyond(CANDIDATE, few, 1, 0.1))


def test_what_is_undefined_is_nan():
    assert np.isnan(stats.session_bounds(REFERENCE[:, :0], CANDIDATE[:, :0], 1, 0.025)).all()
    assert np.isnan(stats.session_p_within(REFERENCE, CANDIDATE, 1, np.nan))


@pytest.mark.parametrize(
    ("reference", "candidate"),
    [
        (REFERENCE[0], CANDIDATE[0]),
        (REFERENCE[:, :5], CANDIDATE),
        (REFERENCE[:0], CANDIDATE),
        (REFERENCE + np.nan, CANDIDATE),
        (REFERENCE + 2, CANDIDATE),
    ],
)
def test_bad_scores_are_refused(reference, candidate):
    with pytest.raises(ValueError, match="scores"):
        stats.session_bounds(reference, candidate, 1, 0.025)
