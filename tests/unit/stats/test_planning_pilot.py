from __future__ import annotations

import numpy as np
import pytest

from quantassay import stats


def mean(totals):
    return totals[..., 0] / totals[..., 1]


def ratio_rows(rng, n):
    first = np.stack([rng.normal(1, 0.3, n), np.ones(n)], axis=1)
    second = first.copy()
    second[:, 0] -= rng.normal(0, 0.1, n)
    return first, second


def test_influence_gives_the_jackknife_error():
    first, second = ratio_rows(np.random.default_rng(1), 200)
    influence = stats.ratio_influence(first, second, mean)
    error = influence.std(ddof=1) / np.sqrt(200)
    assert error == pytest.approx(float(stats.ratio_standard_error(first, second, mean)), rel=0.01)
    assert influence.mean() == pytest.approx(0, abs=1e-9)
    # of a mean, it is the centred loss
    loss = (first - second)[:, 0]
    assert np.allclose(influence, loss - loss.mean(), atol=1e-9)


def test_harm_of_a_mean_is_its_cap():
    rows = np.tile([0.5, 1.0], (100, 1))
    harm = stats.ratio_harm(rows, rows, mean, [1.0, 1.0], [0.0, 1.0])
    assert harm == pytest.approx(1.0)


def test_bad_rows_are_refused():
    for first, second in ((np.ones((1, 2)), np.ones((1, 2))), (np.ones((3, 2)), np.ones((3, 1)))):
        with pytest.raises(ValueError, match="rows"):
            stats.ratio_influence(first, second, mean)


@pytest.mark.parametrize("law", ["normal", "sparse"])
def test_spread_upper_holds_as_often_as_it_says(law):
    rng = np.random.default_rng(2)
    draws = (
        rng.normal(size=(2000, 200))
        if law == "normal"
        else rng.choice([-1, 0, 1], (2000, 200), p=[0.1, 0.8, 0.1])
    )
    true = 1.0 if law == "normal" else 0.2**0.5
    held = np.mean([stats.spread_upper(row) >= true for row in draws])
    assert held == pytest.approx(0.8, abs=0.06)


def test_spread_upper_of_little():
    assert np.isnan(stats.spread_upper([1.0]))
    assert stats.spread_upper([0.3, 0.3, 0.3]) == 0
    with pytest.raises(ValueError, match="confidence"):
        stats.spread_upper([1.0, 2.0], 0.3)


def test_tails():
    values = np.r_[np.ones(10), np.zeros(990)]
    p, found = 0.01, stats.tails(values)
    assert found.skewness == pytest.approx((1 - 2 * p) / np.sqrt(p * (1 - p)))
    assert found.kurtosis == pytest.approx((1 - 6 * p * (1 - p)) / (p * (1 - p)))
    assert stats.tails([2.0, 2.0]) == (0, 0)
    assert stats.tails([]) == (0, 0)
