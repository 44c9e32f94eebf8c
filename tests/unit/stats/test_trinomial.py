from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, xlogy

from quantassay.stats.tango import restricted_loss_probability, score
from quantassay.stats.trinomial import (
    COARSE,
    DROPPED,
    FINE,
    ORDER,
    discordances,
    fewest_gains,
    largest_tail,
    probability_as_good,
    ranked,
)


def all_tables(n):
    b, c = np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0))
    fits = b + c <= n
    return b[fits], c[fits], np.full(int(fits.sum()), float(n))


@pytest.mark.parametrize("n", [1, 2, 7, 20, 41])
def test_fewest_gains_draws_the_region_of_tables_within_the_limit(n):
    b, c, size = all_tables(n)
    tables = ranked(b, c, size)
    k, gains = np.arange(n + 1.0)[:, None], np.arange(n + 1.0)
    for i in range(0, len(b), max(1, len(b) // 200)):
        t = score(np.maximum(k - gains, 0), gains, np.asarray(float(n)), tables.limit[i])
        within = (gains <= k) & ((t >= ORDER - 1e-8) | (b[i] == n))
        expected = np.where(within.any(axis=1), within.argmax(axis=1), k[:, 0] + 1)
        found = fewest_gains(k[:, 0], np.asarray(float(n)), tables.limit[i])
        np.testing.assert_array_equal(found, expected)
        assert set(np.diff(found)) <= {0.0, 1.0}


@pytest.mark.parametrize("loss", [-0.6, -0.02, 0.0, 0.013, 0.1, 0.55])
@pytest.mark.parametrize("n", [1, 6, 25])
@pytest.mark.parametrize("search", [FINE, COARSE])
def test_probability_is_the_sum_over_all_tables_as_good(n, loss, search):
    b, c, size = all_tables(n)
    tables = ranked(b, c, size)
    at = np.full(len(b), loss)
    found = largest_tail(tables, at, discordances(tables, at, search))
    expected = np.zeros(len(b))
    ways = gammaln(n + 1) - gammaln(b + 1) - gammaln(c + 1) - gammaln(n - b - c + 1)
    for psi in discordances(tables, at, search).T[:, :, None]:
        worse, better, same = (psi + loss) / 2, (psi - loss) / 2, 1 - psi
        pmf = np.exp(
            ways
            + xlogy(b, np.clip(worse, 0, 1))
            + xlogy(c, np.clip(better, 0, 1))
            + xlogy(n - b - c, same)
        )
        as_good = tables.limit <= tables.limit[:, None] + 1e-8
        expected = np.maximum(expected, (pmf * as_good).sum(axis=1))
    np.testing.assert_allclose(found, np.minimum(expected + DROPPED, 1), rtol=1e-9, atol=2e-13)
    if search is FINE:
        np.testing.assert_array_equal(found, probability_as_good(tables, at))


@settings(max_examples=30)
@given(st.integers(1, 400), st.data())
def test_probability_falls_as_the_assumed_loss_grows(n, data):
    b = data.draw(st.integers(0, n))
    c = data.draw(st.integers(0, n - b))
    loss = np.linspace(-1, 1, 101)
    table = ranked(*(np.full(101, float(v)) for v in (b, c, n)))
    p = probability_as_good(table, loss)
    assert np.all(np.diff(p) <= 1e-11)
    assert p[0] == 1


@pytest.mark.parametrize("margin", [-0.2, -0.01, 0.01, 0.05, 0.2])
def test_at_equal_discordance_a_gain_instead_of_a_loss_never_raises_p(margin):
    """What the enumeration of sizes relies on."""
    n = 60
    p = np.full((n + 1, n + 1), np.nan)
    b, c, size = all_tables(n)
    p[(b + c).astype(int), c.astype(int)] = probability_as_good(
        ranked(b, c, size), np.full(len(b), margin)
    )
    step = np.diff(p, axis=1)
    assert np.nanmax(np.where(p[:, :-1] < 0.99, step, np.nan)) <= 1e-11


def test_discordances_surround_the_restricted_estimate():
    b, c, size = all_tables(30)
    for loss, search in ((-0.4, FINE), (0.0, COARSE), (0.02, COARSE), (0.3, FINE)):
        psi = discordances(ranked(b, c, size), np.full(len(b), loss), search)
        estimate = 2 * restricted_loss_probability(b, c, size, np.asarray(loss)) - loss
        assert np.all((psi >= abs(loss)) & (psi <= 1))
        assert np.all((psi.min(axis=1) <= estimate + 1e-12) & (estimate - 1e-12 <= psi.max(axis=1)))


def test_dropped_tails_do_not_show_at_large_n():
    b, c, n = (np.array([float(v)]) for v in (15_000, 15_000, 1_000_000))
    p = probability_as_good(ranked(b, c, n), np.array([0.0003394]))
    # z = .0003394 n / sqrt(n psi)
    assert p[0] == pytest.approx(0.025, rel=0.01)


def test_many_pairs_are_searched_coarsely_whatever_their_company():
    b, c, n = (np.array(v, float) for v in zip((2, 1, 300), (9, 4, 900), (9, 4, 2000), strict=True))
    loss = np.full(3, 0.01)
    together = probability_as_good(ranked(b, c, n), loss)
    for i, search in enumerate((FINE, COARSE, COARSE)):
        alone = ranked(b[i : i + 1], c[i : i + 1], n[i : i + 1])
        psi = discordances(alone, loss[:1], search)
        assert largest_tail(alone, loss[:1], psi)[0] == together[i]
