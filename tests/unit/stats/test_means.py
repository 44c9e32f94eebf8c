from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from scipy import stats as reference

from quantassay import stats

levels = st.sampled_from([0.3, 0.1, 0.05, 0.025, 0.005, 0.000125, 1e-9])


@st.composite
def differences(draw, cap=1.0):
    n = draw(st.integers(1, 300))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    spread = draw(st.sampled_from([0.0, 0.01, 0.3, 2.0]))
    shift = draw(st.floats(-0.5, 0.5))
    return np.clip(rng.normal(shift, spread, n), -cap, cap)


def moments(d):
    return len(d), d.sum(), d @ d


@given(differences(), levels)
def test_bounds_are_those_of_t_with_the_pseudo_observations_in(d, alpha):
    low, high = stats.mean_bounds(*moments(d), 1.0, alpha)
    w = int(stats.pseudo_count(alpha))
    for end, sign in ((high, 1), (-low, -1)):
        x = np.r_[sign * -d, np.ones(w)]
        expected = x.mean() + reference.t.isf(alpha, len(x) - 1) * reference.sem(x)
        assert end == pytest.approx(min(expected, 1.0), abs=1e-9)


@given(differences(), levels)
def test_p_equals_the_level_at_the_end_of_the_interval(d, alpha):
    low, high = stats.mean_bounds(*moments(d), 1.0, alpha)
    for end, p in ((high, stats.mean_p_within), (-low, lambda *a: stats.mean_p_within(*a))):
        sums = moments(d if end is high else -d)
        if end < 1 - 1e-12:
            assert p(*sums, 1.0, end + 1e-9) <= alpha
            assert p(*sums, 1.0, end - 1e-7) >= alpha * (1 - 1e-6)


@given(differences(), st.floats(0.001, 0.9))
def test_sides_mirror(d, margin):
    n, total, square = moments(d)
    low, high = stats.mean_bounds(n, total, square, 1.0, 0.025)
    assert stats.mean_bounds(n, -total, square, 1.0, 0.025) == (-high, -low)
    assert low <= -d.mean() + 1e-12
    assert high >= -d.mean() - 1e-12
    assert stats.mean_p_beyond(n, total, square, 1.0, margin) == stats.mean_p_within(
        n, -total, square, 1.0, -margin
    )


@given(differences(), st.floats(0.01, 0.9), st.floats(0.01, 0.9), st.floats(0.6, 0.999))
def test_wider_margins_and_looser_confidence_keep_a_pass(d, one, other, confidence):
    narrow, wide = sorted((one, other))
    if stats.paired_mean(d, 1.0, narrow, confidence).verdict == "pass":
        assert stats.paired_mean(d, 1.0, wide, confidence).verdict == "pass"
        assert stats.paired_mean(d, 1.0, narrow, confidence * 0.8).verdict == "pass"


@given(differences(), st.data())
def test_a_worse_sample_never_lowers_the_high_end(d, data):
    worse = d.copy()
    worse[data.draw(st.integers(0, len(d) - 1))] = -1.0
    assert (
        stats.mean_bounds(*moments(worse), 1.0, 0.025)[1]
        >= stats.mean_bounds(*moments(d), 1.0, 0.025)[1] - 1e-9
    )


def two_point_error(n, alpha, count, other):
    """Worst false PASS where every difference is -1 or ``other``, pseudo-observations ``count``."""
    x = np.arange(n + 1.0)
    size = n + count
    total = x - (n - x) * other + count
    square = x + (n - x) * other**2 + count
    error = np.sqrt(np.maximum(square - total**2 / size, 0) / (size - 1) / size)
    high = np.minimum(total / size - special.stdtrit(size - 1, alpha) * error, 1.0)
    p = (high + other) / (1 + other)
    return np.max(np.where(high < 1, special.bdtr(x, n, np.minimum(p, 1)), 0.0))


# the largest levels that use 2, 3 and 4 pseudo-observations: there the slack is least
EDGES = [float(special.ndtr(-np.sqrt(3 * count - 2))) for count in (2, 3, 4)]


@pytest.mark.parametrize("alpha", [0.05, 0.025, *EDGES, 0.025 / 20, 0.025 / 200, 0.025 / 1200])
def test_two_point_adversary_is_held_and_needs_the_pseudo_observations(alpha):
    """Exact: the mean of a law on {-1, v} passes at its own loss with at most its level."""
    count = int(stats.pseudo_count(alpha))
    sizes = [*range(5, 60), 100, 317, 1000, 5000]
    held = max(two_point_error(n, alpha, count, v) for n in sizes for v in (-0.5, 0, 0.02, 0.3, 1))
    assert held <= alpha
    # half of them are not enough
    assert max(two_point_error(n, alpha, count // 2, 0.0) for n in sizes) > alpha


@pytest.mark.parametrize("side", ["pass", "fail"])
@pytest.mark.parametrize("n", [6, 24])
def test_three_point_laws_are_held(n, side):
    """Exact: losses 1, ``low`` and 0 (or gains), each table of counts, a grid of probabilities."""
    one, two = (a.ravel() for a in np.indices((n + 1, n + 1)))
    one, two = one[one + two <= n], two[one + two <= n]
    parts = np.stack([one, two, n - one - two])
    ways = special.gammaln(n + 1) - special.gammaln(parts + 1).sum(axis=0)
    share = np.linspace(0.02, 0.9, 12)
    laws = np.array([(a, b, 1 - a - b) for a in share for b in share if a + b < 0.99])
    chance = np.exp(np.log(laws) @ parts + ways)
    for low in (0.02, 0.3, 0.5, 0.9):
        total, square = one + low * two, one + low**2 * two
        truth = laws[:, 0] + low * laws[:, 1]
        for alpha in (0.1, 0.025, 0.00125):
            bounds = stats.mean_bounds(n, total if side == "fail" else -total, square, 1.0, alpha)
            high = -bounds[0] if side == "fail" else bounds[1]
            assert np.max((chance * (high < truth[:, None])).sum(axis=1)) <= alpha


def test_levels_beyond_one_standard_deviation_are_nominal():
    """Rare gains among whole losses: what the docstring says of .2 and .25."""
    n = 5000
    lost = np.arange(n + 1.0)
    for alpha, worst in ((0.2, 0.206), (0.25, 0.282)):
        high = stats.mean_bounds(n, -lost, lost, 1.0, alpha)[1]
        rate = np.max(np.where(high < 1, special.bdtr(lost, n, np.minimum(high, 1)), 0))
        assert alpha < rate < worst


@pytest.mark.parametrize("alpha", [0.05, 0.025, 0.005, 0.000125])
@pytest.mark.parametrize("ratio", [2.0, 7.5, 100.0, 4000.0])
def test_floor_is_the_first_n_at_which_identical_pairs_pass(alpha, ratio):
    floor = stats.mean_floor(ratio, 1.0, alpha)
    assert stats.mean_bounds(floor, 0, 0, ratio, alpha)[1] < 1
    assert stats.mean_bounds(floor - 1, 0, 0, ratio, alpha)[1] >= 1
    w, z = stats.pseudo_count(alpha), special.ndtri(alpha)
    if ratio >= 100:
        assert floor == pytest.approx((w - z * np.sqrt(w)) * ratio, rel=0.02)


def test_floor_at_the_default_level():
    assert stats.mean_floor(1, 0.001, 0.025) == pytest.approx(4.77 / 0.001, rel=1e-3)
    assert np.isnan(stats.mean_floor(1, [np.nan, 0.1], 0.025)).tolist() == [True, False]
    assert stats.mean_floor(1, 2, 0.025) == 1


def test_shards_add():
    d = np.random.default_rng(7).uniform(-0.1, 0.1, 900)
    parts = np.array([moments(part) for part in np.split(d, 9)]).sum(axis=0)
    np.testing.assert_allclose(
        stats.mean_bounds(*parts, 1.0, 0.025), stats.mean_bounds(*moments(d), 1.0, 0.025)
    )


def test_cells_side_by_side_and_undefined_cells():
    low, high = stats.mean_bounds([0, 400], [0, -2], [0, 2], 1.0, 0.025)
    assert np.isnan([low[0], high[0]]).all()
    assert (low[1], high[1]) == stats.mean_bounds(400, -2, 2, 1.0, 0.025)
    p = stats.mean_p_within([0, 400, 400], [0, -2, -2], [0, 2, 2], 1.0, [0.1, 0.1, np.nan])
    assert np.isnan(p).tolist() == [True, False, True]
    none = stats.paired_mean([], cap=1, margin=0.1)
    assert none.verdict == "insufficient"
    assert np.isnan(none.estimate)


def test_all_verdicts():
    rng = np.random.default_rng(3)
    noise = rng.uniform(-0.1, 0.1, 2000)
    assert stats.paired_mean(noise, 1, 0.02).verdict == "pass"
    assert stats.paired_mean(noise - 0.1, 1, 0.02).verdict == "fail"
    assert stats.paired_mean(noise - 0.02, 1, 0.02).verdict == "inconclusive"
    assert stats.paired_mean(noise[:50], 1, 0.02).verdict == "insufficient"
    assert stats.paired_mean(noise[:50] - 0.8, 1, 0.02).verdict == "fail"


@pytest.mark.parametrize("d", [1e-170, 1e-9, 1e-5])
def test_squares_that_rounded_to_nothing_are_accepted(d):
    low, high = stats.mean_bounds(1000, 1000 * d, 0.0, 1.0, 0.025)
    assert low < -d < high


def test_certain_ruin_has_p_one_and_tiny_p_is_not_zero():
    assert stats.mean_p_within(5, -5, 5, 1, 0.5) == 1
    assert stats.mean_p_within(5, -5, 5, 1, 1.0) == 1
    assert 0 < stats.mean_p_within(10**7, 0, 1, 1, 0.9) < 1e-40


@pytest.mark.parametrize("d", [[np.nan, 0], [0, 1.2], [[0, 0]], [np.inf]])
def test_bad_differences_are_refused(d):
    with pytest.raises(ValueError, match="differences"):
        stats.paired_mean(d, cap=1, margin=0.1)


@pytest.mark.parametrize(
    "sums", [(10, 11, 11), (10, 1, 11), (10, 5, 1), (-1, 0, 0), (5, np.nan, 0)]
)
def test_impossible_sums_are_refused(sums):
    with pytest.raises(ValueError, match="sums"):
        stats.mean_bounds(*sums, 1.0, 0.025)


@pytest.mark.parametrize("cap", [0, -1, np.nan, np.inf])
def test_bad_caps_are_refused(cap):
    with pytest.raises(ValueError, match="cap"):
        stats.mean_floor(cap, 0.1, 0.025)
