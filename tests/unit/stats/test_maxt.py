from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from quantassay import stats

ONES = np.ones((400, 12))


def totals(seed=0, shift=0.0, shared=0.0):
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((400, 1))
    return (
        -(np.sqrt(1 - shared) * rng.standard_normal((400, 12)) + np.sqrt(shared) * common) - shift
    )


def t_of(d):
    return -d.mean(axis=0) / d.std(axis=0, ddof=1) * np.sqrt(len(d))


def test_one_cell_is_a_normal_test():
    d = totals(shift=0.1)[:, :1]
    p = stats.max_t(ONES[:, :1], d, 0.0, seed=1, draws=40_000)
    assert p[0] == pytest.approx(special.ndtr(-t_of(d)[0]), abs=0.004)


def test_independent_cells_cost_as_much_as_sidak_and_dependent_ones_less():
    apart, together = totals(shift=0.12), totals(shift=0.12, shared=0.95)
    raw = special.ndtr(-t_of(apart)).min()
    found = stats.max_t(ONES, apart, 0.0, seed=2, draws=20_000)
    assert found.min() == pytest.approx(1 - (1 - raw) ** 12, abs=0.015)
    raw = special.ndtr(-t_of(together))
    found = stats.max_t(ONES, together, 0.0, seed=2, draws=20_000)
    assert found.min() < 0.5 * stats.holm(raw).min()


def test_steps_keep_the_order_and_margins_count():
    d = totals(shift=np.linspace(0, 0.3, 12))
    p = stats.max_t(ONES, d, 0.0, seed=3)
    assert np.all(np.diff(p[np.argsort(-t_of(d))]) >= 0)
    assert np.all(stats.max_t(ONES, d, 0.2, seed=3) >= p)
    assert np.all((p > 0) & (p <= 1))
    np.testing.assert_array_equal(p, stats.max_t(ONES, d, 0.0, seed=3))


def test_sizes_weigh_buckets():
    """Buckets that hold twice as much are the same as means of their samples."""
    d = totals(shift=0.1)
    np.testing.assert_allclose(
        stats.max_t(2 * ONES, 2 * d, 0.05, seed=4), stats.max_t(ONES, d, 0.05, seed=4)
    )


def test_untested_cells_do_not_count():
    d = totals(shift=0.1)
    margin = np.r_[np.zeros(3), np.full(9, np.nan)]
    found = stats.max_t(ONES, d, margin, seed=5)
    assert np.isnan(found[3:]).all()
    np.testing.assert_array_equal(found[:3], stats.max_t(ONES[:, :3], d[:, :3], 0.0, seed=5))


def test_cells_without_variance_or_samples_are_undefined():
    d, sizes = totals(), ONES.copy()
    d[:, 0], d[:, 1], sizes[:, 1] = -0.5, 0, 0
    found = stats.max_t(sizes, d, 0.1, seed=6)
    assert np.isnan(found).tolist() == [True, True, *[False] * 10]


@pytest.mark.parametrize(
    ("sizes", "draws"), [(np.ones(5), 10), (np.ones((1, 2)), 10), (np.ones((5, 2)), 0)]
)
def test_bad_buckets_are_refused(sizes, draws):
    with pytest.raises(ValueError, match="buckets"):
        stats.max_t(sizes, np.zeros(sizes.shape), 0.0, seed=0, draws=draws)
    with pytest.raises(ValueError, match="buckets"):
        stats.max_t(np.ones((5, 2)), np.zeros((5, 3)), 0.0, seed=0)
