from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay import stats
from quantassay.stats.wealth import BETS, STAKES

BINARY = [-1.0, 0.0, 1.0]
rows = st.lists(st.integers(0, 40), min_size=5, max_size=5)
VALUES = [-2.0, -0.3, 0.0, 0.7, 2.0]


def wealth_by_hand(values, counts, cap, margin):
    """The definition: the mean over bets of the product of what each pair returns."""
    total = 0.0
    for share, stake in zip(BETS, STAKES, strict=True):
        bet = share / (cap - margin)
        returns = [(1 + bet * (d + margin)) ** k for d, k in zip(values, counts, strict=True)]
        total += stake * np.prod(returns)
    return total


@given(rows, st.floats(-1.9, 1.9))
def test_wealth_is_that_of_its_definition(counts, margin):
    assert stats.betting_e_within(VALUES, counts, 2.0, margin) == pytest.approx(
        wealth_by_hand(VALUES, counts, 2.0, margin), rel=1e-9
    )


@pytest.mark.parametrize("margin", [-0.4, 0.0, 0.05, 0.6])
@pytest.mark.parametrize("psi", [0.6, 0.8, 1.0])
def test_expected_wealth_after_one_pair_is_one_at_the_margin_and_less_beyond(margin, psi):
    """Exact: each pair is a fair bet at the margin, a losing one beyond it."""
    for worse in (0.0, 0.05, 0.3):
        loss = min(margin + worse, psi)
        chance = np.array([(psi + loss) / 2, 1 - psi, (psi - loss) / 2])
        wealth = stats.betting_e_within(BINARY, np.eye(3), 1.0, margin) @ chance
        assert wealth <= 1 + 1e-12
        assert worse or wealth == pytest.approx(1)


@pytest.mark.parametrize("margin", [-0.1, 0.1])
def test_binary_stream_reaches_its_level_at_any_of_sixty_looks_with_at_most_alpha(margin):
    """Exact: a walk over (losses, gains), stopped where the wealth reaches 1 / alpha."""
    for alpha in (0.05, 0.00125):
        rate = ever_reached(60, margin, alpha, psi=0.4)
        assert 0 < rate <= alpha
    assert ever_reached(60, margin, 0.05, psi=0.4, loss=margin - 0.3) > 0.8


def ever_reached(n, margin, alpha, psi, loss=None):
    loss = margin if loss is None else loss
    lost, won = (psi + loss) / 2, (psi - loss) / 2
    b, c = np.indices((n + 1, n + 1))
    still = np.zeros((n + 1, n + 1))
    still[0, 0] = 1
    for size in range(1, n + 1):
        after = still * (1 - psi)
        after[1:] += still[:-1] * lost
        after[:, 1:] += still[:, :-1] * won
        inside = b + c <= size
        after[inside] *= stats.paired_binary_e(b[inside], c[inside], size, margin) < 1 / alpha
        still = after
    return 1 - still.sum()


@given(rows, st.floats(-1.5, 1.5), st.floats(0, 0.4))
def test_wider_margins_and_gains_never_lower_the_wealth(counts, margin, wider):
    wealth = stats.betting_e_within(VALUES, counts, 2.0, margin)
    assert stats.betting_e_within(VALUES, counts, 2.0, margin + wider) >= wealth * (1 - 1e-12)
    saved = min(counts[0], 1)
    better = [counts[0] - saved, *counts[1:4], counts[4] + saved]
    assert stats.betting_e_within(VALUES, better, 2.0, margin) >= wealth * (1 - 1e-12)


@settings(max_examples=25)
@given(rows, st.sampled_from([0.3, 0.05, 0.025, 0.000125]))
def test_interval_holds_the_losses_whose_p_exceeds_the_level(counts, alpha):
    low, high = stats.betting_bounds(VALUES, counts, 2.0, alpha)
    assert -2 <= low <= high <= 2
    if high < 2:
        assert stats.betting_p_within(VALUES, counts, 2.0, high) == pytest.approx(alpha)
    if low > -2:
        assert stats.betting_p_beyond(VALUES, counts, 2.0, low) == pytest.approx(alpha)
    observed = -np.dot(VALUES, counts) / max(sum(counts), 1)
    assert low - 1e-9 <= observed <= high + 1e-9


@settings(max_examples=25)
@given(rows, st.floats(-1.9, 1.9))
def test_sides_mirror_and_a_unit_does_not_matter(counts, margin):
    within = stats.betting_e_within(VALUES, counts, 2.0, margin)
    mirrored = stats.betting_e_beyond(np.negative(VALUES), counts, 2.0, -margin)
    assert mirrored == within
    scaled = stats.betting_e_within(np.multiply(VALUES, 50), counts, 100.0, 50 * margin)
    assert scaled == pytest.approx(within, rel=1e-9)
    low, high = stats.betting_bounds(VALUES, counts, 2.0, 0.025)
    assert stats.betting_bounds(np.negative(VALUES), counts, 2.0, 0.025) == (-high, -low)


def test_cells_side_by_side():
    counts = np.array([[3, 400, 2], [0, 0, 0], [40, 400, 1]])
    margin = [0.05, 0.05, np.nan]
    p = stats.betting_p_within(BINARY, counts, 1.0, margin)
    assert p[0] == stats.betting_p_within(BINARY, counts[0], 1.0, 0.05)
    assert p[1] == pytest.approx(1)
    assert np.isnan(p[2])
    low, high = stats.betting_bounds(BINARY, counts, [1.0, 1.0, 2.0], [0.025, 0.025, 0.05])
    assert (low[1], high[1]) == (-1, 1)
    assert (low[2], high[2]) == stats.betting_bounds(BINARY, counts[2], 2.0, 0.05)
    by_level = stats.betting_bounds(BINARY, counts[0], 1.0, [0.05, 0.025])[1]
    assert by_level[0] < by_level[1] == high[0]


def test_binary_wealth_is_that_of_three_values_and_swaps():
    e = stats.paired_binary_e([12, 0], [3, 0], [500, 500], 0.02)
    table = [[12, 485, 3], [0, 500, 0]]
    np.testing.assert_array_equal(e, stats.betting_e_within(BINARY, table, 1.0, 0.02))
    beyond = stats.betting_e_beyond(BINARY, table, 1.0, 0.02)
    np.testing.assert_allclose(stats.paired_binary_e([3, 0], [12, 0], 500, -0.02), beyond)


def test_margins_beyond_the_cap_and_overflow_are_not_errors():
    assert stats.betting_p_within(BINARY, [0, 50, 0], 1.0, 5.0) < 1e-100
    assert stats.betting_p_within(BINARY, [0, 50, 0], 1.0, -5.0) == 1
    assert stats.betting_e_within(BINARY, [0, 10**7, 0], 1.0, 0.5) == np.inf
    assert stats.betting_bounds(BINARY, [30, 0, 0], 1.0, 0.025)[1] == 1


@pytest.mark.parametrize("alpha", [0.05, 0.025, 0.000125])
@pytest.mark.parametrize("ratio", [1.5, 7.5, 100.0, 4000.0])
def test_floor_is_the_first_n_at_which_identical_pairs_pass(alpha, ratio):
    floor = stats.betting_floor(ratio, 1.0, alpha)
    assert stats.betting_bounds([0.0], [floor], ratio, alpha)[1] < 1
    assert stats.betting_bounds([0.0], [floor - 1], ratio, alpha)[1] >= 1


def test_floor_at_the_default_level_and_at_its_ends():
    assert stats.betting_floor(1, 0.001, 0.025) == pytest.approx(5.63 / 0.001, rel=2e-3)
    floors = stats.betting_floor(1, [np.nan, 0.1, 1.0, 3.0], 0.025)
    assert np.isnan(floors).tolist() == [True, False, False, False]
    assert floors[2:].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("values", "counts", "cap", "message"),
    [
        ([-1, 2], [1, 1], 1, "within the cap"),
        ([np.nan, 0], [1, 1], 1, "within the cap"),
        ([0, 1], [1, 1, 1], 1, "one number for each"),
        ([[0, 1]], [[1, 1]], 1, "one number for each"),
        ([0, 1], [-1, 1], 1, "not negative"),
        ([0, 1], [np.nan, 1], 1, "finite"),
        ([0, 1], [1, 1], 0, "cap"),
    ],
)
def test_impossible_tables_are_refused(values, counts, cap, message):
    with pytest.raises(ValueError, match=message):
        stats.betting_p_within(values, counts, cap, 0.1)
    with pytest.raises(ValueError, match=message):
        stats.betting_bounds(values, counts, cap, 0.025)


def test_values_that_do_not_occur_need_not_fit():
    p = stats.betting_p_within([0, 5], [100, 0], 1.0, 0.2)
    assert p == stats.betting_p_within([0], [100], 1.0, 0.2)


@pytest.mark.parametrize("alpha", [0, 0.6, np.nan])
def test_bad_levels_are_refused(alpha):
    with pytest.raises(ValueError, match="level"):
        stats.betting_bounds(BINARY, [1, 1, 1], 1.0, alpha)


def test_bets_never_risk_ruin_and_stakes_are_a_share_each():
    assert BETS.max() < 1
    assert STAKES.sum() == pytest.approx(1)


@pytest.mark.long
@pytest.mark.parametrize("best", [5147, 1889])
def test_mixture_needs_at_most_two_fifths_more_than_its_best_single_bet(best):
    """No loss, margin 1 pp, discordance 3 % or 1 %; ``best`` was found over 25 single bets."""
    psi = 0.03 if best > 2000 else 0.01
    n = round(1.4 * best)
    draws = np.random.default_rng(5).multinomial(n, [psi / 2, 1 - psi, psi / 2], 2000)
    assert np.mean(stats.betting_p_within(BINARY, draws, 1.0, 0.01) <= 0.025) > 0.9
