from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import pooled_variance, shrink


def test_alike_losses_are_drawn_all_the_way_but_for_two_in_k_less_one():
    loss = np.array([0.0, 0.01, 0.02, 0.03, 0.04])
    found = shrink(loss, np.full(5, 0.1**2))
    assert found.between == 0.0
    assert found.mean == pytest.approx(0.02)
    assert found.loss == pytest.approx(0.02 + 0.5 * (loss - 0.02))


def test_between_variance_is_dersimonians_and_lairds():
    # equal variances: the sample variance less the sampling variance
    loss = np.array([0.0, 0.1, 0.2, 0.3, 0.4])
    found = shrink(loss, np.full(5, 0.005))
    assert found.between == pytest.approx(loss.var(ddof=1) - 0.005)


def test_what_is_better_known_moves_less():
    found = shrink([0.0, 0.0, 0.0, 0.1, 0.1], [1e-4, 1e-4, 1e-4, 1e-4, 1e-2])
    assert found.loss[3] > found.loss[4] > 0


def test_few_groups_or_certain_ones_stay():
    few = shrink([0.0, 0.5, np.nan], [0.1, 0.1, np.nan])
    assert few.loss[:2].tolist() == [0.0, 0.5]
    assert np.isnan(few.loss[2])
    assert shrink([0.0, 0.1, 0.2, 0.3], np.zeros(4)).loss.tolist() == [0.0, 0.1, 0.2, 0.3]
    assert np.isnan(shrink([np.nan], [np.nan]).mean)


def test_pooled_variance_is_never_zero_where_others_disagree():
    found = pooled_variance([0, 30], [0, 10], [100, 300])
    psi, loss = 40 / 400, 20 / 400
    assert found == pytest.approx([(psi - loss**2) / 100, (psi - loss**2) / 300])
    assert np.isnan(pooled_variance([0, 1], [0, 0], [0, 10])[0])
    assert np.isnan(pooled_variance([0], [0], [0])).all()


@pytest.mark.parametrize("variance", [[0.1], [0.1, -1.0], [0.1, np.nan]])
def test_variances_that_are_none(variance):
    with pytest.raises(ValueError, match="one variance"):
        shrink([0.1, 0.2], variance)


def test_the_worst_of_two_hundred_equal_strata():
    # n 500, true loss .5 pp, psi 5 %: the worst looks like 3.3 pp and is .5
    rng = np.random.default_rng(0)
    worst, shrunk = [], []
    n, psi, loss = 500, 0.05, 0.005
    for _ in range(200):
        b, c, _ = rng.multinomial(n, [(psi + loss) / 2, (psi - loss) / 2, 1 - psi], 200).T
        seen = (b - c) / n
        worst.append(seen.max())
        shrunk.append(shrink(seen, pooled_variance(b, c, np.full(200, n))).loss[seen.argmax()])
    assert np.mean(worst) == pytest.approx(0.0327, abs=0.0005)
    assert 0.005 < np.mean(shrunk) < 0.0068
    assert np.median(shrunk) == pytest.approx(0.006, abs=0.0005)
