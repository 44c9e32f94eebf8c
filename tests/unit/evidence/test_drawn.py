from __future__ import annotations

import numpy as np
import pytest

from quantassay.evidence import Auroc, Binary, Mean, Ratio
from quantassay.evidence.drawn import drawn_figures, jackknife_losses, sums_tell
from quantassay.records.samples import Partition
from quantassay.stats import SampleNoise

RNG = np.random.default_rng(0)
N = 300
WHOLE = Partition("overall", ({},), np.zeros(N, np.intp))
HALVES = Partition("half", ({"half": "a"}, {"half": "b"}), np.repeat([0, 1], N // 2))
NONE = SampleNoise(0.0, 0.0, 0.0)


def mean(totals, n):
    return totals[..., 0] / n


def ratio(totals, n):
    return totals[..., 0] / totals[..., 1]


def test_a_mean_gives_the_differences_themselves():
    first, second = RNG.random((N, 1)), RNG.random((N, 1))
    whole, low, high = jackknife_losses(first, second, [WHOLE, HALVES], None, mean, True)
    difference = (first - second)[:, 0]
    np.testing.assert_allclose(whole, difference, atol=1e-6)
    np.testing.assert_allclose(low, difference[: N // 2], atol=1e-6)
    np.testing.assert_allclose(high, difference[N // 2 :], atol=1e-6)


def test_lower_may_be_better():
    first, second = RNG.random((N, 1)), RNG.random((N, 1))
    (found,) = jackknife_losses(first, second, [WHOLE], None, mean, False)
    np.testing.assert_allclose(found, (second - first)[:, 0], atol=1e-6)


def test_clusters_are_units():
    first, second = RNG.random((N, 1)), RNG.random((N, 1))
    units = np.repeat(np.arange(N // 3), 3)
    (found,) = jackknife_losses(first, second, [WHOLE], units, mean, True)
    wanted = (first - second).reshape(-1, 3).mean(axis=1)
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def test_the_variance_of_a_ratio_is_that_over_fresh_samples():
    def losses(seed):
        rng = np.random.default_rng(seed)
        weight = rng.uniform(1, 3, N)
        rows = [np.stack([rng.binomial(1, p, N) * weight, weight], axis=1) for p in (0.8, 0.7)]
        return rows, rows[0].sum(axis=0), rows[1].sum(axis=0)

    spread = np.std([a[0] / a[1] - b[0] / b[1] for _, a, b in map(losses, range(600))])
    rows = losses(1)[0]
    (values,) = jackknife_losses(*rows, [WHOLE], None, ratio, True)
    assert values.std(ddof=1) / np.sqrt(N) == pytest.approx(spread, rel=0.1)


def test_many_units_are_grouped():
    n = 20_000
    part = Partition("overall", ({},), np.zeros(n, np.intp))
    first, second = RNG.random((n, 1)), RNG.random((n, 1))
    (found,) = jackknife_losses(first, second, [part], None, mean, True)
    assert len(found) == 500
    assert found.mean() == pytest.approx((first - second).mean(), abs=1e-3)
    wanted = (first - second).std(ddof=1) / np.sqrt(n)
    assert found.std(ddof=1) / np.sqrt(500) == pytest.approx(wanted, rel=0.15)


def test_a_ranking_is_told_by_no_sums():
    kinds = Binary(), Mean(1.0), Ratio(lambda t: (t, t), lambda t: t)
    assert all(sums_tell(kind) for kind in kinds)
    assert not sums_tell(Auroc())


def test_figures_of_draws():
    found = drawn_figures([0.01, 0.02, 0.03], (0.005, 0.01), NONE, 0.0, 0.95)
    assert found.loss == pytest.approx(0.02)
    assert found.spread == pytest.approx(0.01)
    assert found.fresh[0] < 0.02 < found.fresh[1]
    assert found.share == 1


def test_draws_that_share_most_tell_nothing_of_a_fresh_one():
    found = drawn_figures([0.01, 0.02, 0.03], (0.005, 0.01), NONE, 0.51, 0.95)
    assert found.loss == pytest.approx(0.02)
    assert {found.fresh, found.spread, found.share} == {None}


def test_draws_that_agree_have_no_interval_of_their_spread():
    noise = SampleNoise(0.0, 1e-4, 0.0)
    found = drawn_figures([0.01] * 8, (0.005, 0.01), noise, 0.0, 0.95)
    assert (found.spread, found.spread_interval) == (0, None)
    assert (found.share, found.share_interval) == (0, None)
    assert found.fresh == pytest.approx((0.005, 0.02))


def test_what_is_not_known_is_none():
    found = drawn_figures([0.01, 0.02, 0.03], (None, None), None, 0.0, 0.95)
    assert {found.fresh, found.spread, found.spread_interval, found.share} == {None}
    assert drawn_figures([], (None, None), None, 0.0, 0.95).loss is None
