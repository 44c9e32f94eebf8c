from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln, xlogy

from quantassay.stats import (
    estimated_p_beyond,
    estimated_p_within,
    maximized_p_beyond,
    maximized_p_within,
)
from quantassay.stats.tango import restricted_loss_probability, score


def all_tables(n):
    b, c = np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0))
    return b[b + c <= n], c[b + c <= n]


def law(b, c, n, loss, psi):
    ways = gammaln(n + 1) - gammaln(b + 1) - gammaln(c + 1) - gammaln(n - b - c + 1)
    worse, better = np.clip([(psi + loss) / 2, (psi - loss) / 2], 0, 1)
    return np.exp(ways + xlogy(b, worse) + xlogy(c, better) + xlogy(n - b - c, 1 - psi))


def brute(n, loss):
    """E p-values of all tables, each summed over all tables."""
    b, c = all_tables(n)
    size, at = np.asarray(float(n)), np.asarray(loss)
    t = score(b, c, size, at)
    psi = np.maximum(2 * restricted_loss_probability(b, c, size, at) - loss, abs(loss))
    with np.errstate(invalid="ignore"):
        bound = np.where(np.isinf(t), t, t - 1e-9 * np.maximum(1, abs(t)))
    return np.array(
        [law(b, c, n, loss, p)[t >= low].sum() for p, low in zip(psi, bound, strict=True)]
    )


@pytest.mark.parametrize("loss", [-1.0, -0.4, -0.03, 0.0, 0.02, 0.25, 0.7, 1.0])
@pytest.mark.parametrize("n", [1, 2, 9, 24])
def test_estimated_is_the_sum_over_all_tables_that_score_as_high(n, loss):
    b, c = all_tables(n)
    found = estimated_p_within(b, c, n, loss)
    np.testing.assert_allclose(found, np.minimum(brute(n, loss), 1), rtol=1e-9, atol=3e-13)
    np.testing.assert_array_equal(estimated_p_beyond(c, b, n, -loss), found)


@pytest.mark.parametrize("loss", [-0.4, 0.0, 0.25])
@pytest.mark.parametrize("n", [2, 6])
def test_maximized_is_the_worst_sum_over_all_tables_with_as_small_an_estimate(n, loss):
    b, c = all_tables(n)
    e = brute(n, loss)
    worst = np.zeros(len(b))
    for psi in np.linspace(abs(loss), 1, 1001):
        weight = law(b, c, n, loss, psi)
        worst = np.maximum(worst, [weight[e <= one * (1 + 1e-9)].sum() for one in e])
    found = maximized_p_within(b, c, n, loss)
    np.testing.assert_allclose(found, np.minimum(worst, 1), rtol=1e-4, atol=1e-9)
    np.testing.assert_array_equal(maximized_p_beyond(c, b, n, -loss), found)


def test_no_pairs_have_no_p():
    for p in (estimated_p_within, maximized_p_within):
        assert np.isnan(p([0, 0], [0, 0], [0, 3], [0.1, np.nan])).all()


def test_too_many_pairs_are_refused():
    with pytest.raises(ValueError, match="1000"):
        maximized_p_within(0, 0, 1001, 0.1)


def test_bad_tables_and_losses_are_refused():
    for p in (estimated_p_within, estimated_p_beyond, maximized_p_within, maximized_p_beyond):
        with pytest.raises(ValueError, match="losses"):
            p(3, 3, 5, 0.1)
        with pytest.raises(ValueError, match="loss of a proportion"):
            p(1, 1, 5, 1.5)
