from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats

from quantassay.stats import (
    SampleNoise,
    between_draws,
    fresh_draw_interval,
    sample_noise,
    share_of_draws,
)

NONE = SampleNoise(0.0, 0.0, 0.0)


def crossed(between, samples, both, shape=(8, 400), seed=0):
    rng = np.random.default_rng(seed)
    return (
        between * rng.standard_normal((shape[0], 1))
        + samples * rng.standard_normal(shape[1])
        + both * rng.standard_normal(shape)
    )


def test_interaction_is_subtracted():
    """Two hundred repeats, so that the mean of the estimates is known to a few percent."""
    d = [crossed(0.05, 0.2, 0.4, (20, 100), seed) for seed in range(200)]
    squares = [between_draws(one.mean(axis=1), sample_noise(one)).estimate ** 2 for one in d]
    naive = np.mean([one.mean(axis=1).var(ddof=1) for one in d])
    assert np.mean(squares) == pytest.approx(0.05**2, rel=0.15)
    assert naive == pytest.approx(0.05**2 + 0.4**2 / 100, rel=0.1)


def test_noise_by_hand():
    d = crossed(0.0, 0.3, 0.4, (8, 5000))
    noise = sample_noise(d)
    assert noise.between == pytest.approx(0.4**2 / 5000, rel=0.05)
    assert noise.within == pytest.approx((0.3**2 + 0.4**2) / 5000, rel=0.05)
    assert noise.within == pytest.approx(np.mean([one.var(ddof=1) for one in d]) / 5000)


def test_the_error_of_the_variance_over_fresh_samples():
    """Beside the deviation of the variance over a thousand test sets, for the same draws."""
    shifts = np.linspace(-0.1, 0.1, 8)[:, None]
    sets = [crossed(0, 0.2, 0.4, seed=seed) + shifts for seed in range(1000)]
    true = np.std([one.mean(axis=1).var(ddof=1) for one in sets])
    assert np.mean([sample_noise(one).error for one in sets[:100]]) == pytest.approx(true, rel=0.1)


def test_an_error_of_samples_widens_the_interval():
    losses = np.random.default_rng(0).normal(size=8)
    exact = between_draws(losses, NONE)
    wider = between_draws(losses, SampleNoise(0.0, 0.0, losses.var(ddof=1)))
    assert wider.estimate == exact.estimate
    assert wider.low < exact.low < exact.high < wider.high


def test_without_noise_it_is_the_deviation_of_the_losses():
    losses = np.random.default_rng(0).normal(size=8)
    found, spread = between_draws(losses, NONE), losses.std(ddof=1)
    assert found.estimate == pytest.approx(spread)
    assert found.low / spread == pytest.approx(0.66, abs=0.005)
    assert found.high / spread == pytest.approx(2.04, abs=0.005)


def test_draws_that_differ_less_than_chance_vary_by_nothing():
    d = np.tile([[1.0, -1.0], [-1.0, 1.0]], (4, 50))
    found = between_draws(d.mean(axis=1), sample_noise(d))
    assert (found.estimate, found.low, found.high) == (0, 0, 0)


def test_draws_that_share_samples_vary_less_than_fresh_ones():
    """Means of overlapping parts of one source: their variance times 1 / (1 - shared) is right."""
    rng, own, shared = np.random.default_rng(3), [], 0.5
    for _ in range(2000):
        x = rng.normal(size=150)
        # three draws of 100, each pair with half of them in common
        means = [x[np.r_[:100]].mean(), x[np.r_[50:150]].mean(), x[np.r_[:50, 100:150]].mean()]
        own.append(between_draws(means, NONE, shared=shared).estimate ** 2)
    assert np.mean(own) == pytest.approx(1 / 100, rel=0.1)


def test_fresh_draw_by_hand():
    losses = np.random.default_rng(1).normal(size=8)
    low, high = losses - 0.2, losses + np.linspace(0.1, 0.5, 8)
    found = fresh_draw_interval(losses, low, high, 0.9)
    draws = scipy_stats.t.ppf(0.95, 7) * losses.std(ddof=1) * np.sqrt(9 / 8)
    assert found.estimate == pytest.approx(losses.mean())
    assert found.estimate - found.low == pytest.approx(np.hypot(draws, 0.2))
    assert found.high - found.estimate == pytest.approx(np.hypot(draws, 0.3))


def test_draws_that_agree_leave_the_error_of_the_test_set():
    found = fresh_draw_interval(np.zeros(8), np.full(8, -0.1), np.full(8, 0.3))
    assert (found.estimate, found.low, found.high) == pytest.approx((0, -0.1, 0.3))


def test_sharing_samples_widens_a_fresh_draw():
    losses = np.random.default_rng(1).normal(size=8)
    apart = fresh_draw_interval(losses, losses, losses)
    together = fresh_draw_interval(losses, losses, losses, shared=0.4)
    ratio = np.sqrt((1 + 1 / 8 + 7 / 8 * 0.4) / 0.6 / (9 / 8))
    assert together.high - together.estimate == pytest.approx(ratio * (apart.high - apart.estimate))


def test_the_share_of_draws():
    spread = between_draws(np.arange(8.0), NONE)
    found = share_of_draws(spread, spread.estimate**2)
    assert found.estimate == pytest.approx(0.5)
    assert 0 < found.low < 0.5 < found.high < 1
    assert share_of_draws(between_draws(np.zeros(8), NONE), 0.1).estimate == 0


def test_nothing_that_varies_has_no_share():
    assert np.isnan(share_of_draws(between_draws(np.zeros(8), NONE), 0.0).estimate)


def test_one_draw_says_nothing_of_others():
    assert np.isnan([*vars(between_draws([0.25], NONE)).values()]).all()
    found = fresh_draw_interval([0.25], [0.2], [0.3])
    assert found.estimate == 0.25
    assert np.isnan([found.low, found.high]).all()
    assert np.isnan(fresh_draw_interval([], [], []).estimate)
    assert np.isnan([*vars(sample_noise(np.zeros((8, 1)))).values()]).all()


@pytest.mark.parametrize("losses", [[[1.0, 2.0]], [1.0, np.nan]])
def test_bad_losses_are_refused(losses):
    with pytest.raises(ValueError, match="losses"):
        between_draws(losses, NONE)
    with pytest.raises(ValueError, match="losses"):
        fresh_draw_interval(losses, losses, losses)
    with pytest.raises(ValueError, match="values"):
        sample_noise([1.0, np.nan])


def test_draws_that_share_all_are_refused():
    with pytest.raises(ValueError, match="share less"):
        between_draws([1.0, 2.0], NONE, shared=1.0)
