from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multinomial

from quantassay.stats import (
    binary_floor,
    binary_interval,
    clopper_pearson,
    exact_binary_interval,
    exact_binary_p_beyond,
    exact_binary_p_within,
)
from quantassay.stats.strict import GAMMA
from quantassay.stats.trinomial import ranked


@st.composite
def tables(draw, largest=400):
    n = draw(st.integers(1, largest))
    b = draw(st.integers(0, n))
    return b, draw(st.integers(0, n - b)), n


@pytest.mark.parametrize("table", [(0, 0, 12), (1, 4, 15), (3, 0, 9), (5, 5, 20)])
@pytest.mark.parametrize("margin", [-0.1, 0.0, 0.05, 0.3])
def test_p_is_the_worst_sum_over_all_tables_ranked_as_good(table, margin):
    b, c, n = table
    every = np.array([(i, j) for i in range(n + 1) for j in range(n + 1 - i)], float)
    limit = ranked(*every.T, np.full(len(every), float(n))).limit
    observed = limit[(every == (b, c)).all(axis=1)][0]
    good = every[limit <= observed + 1e-9].astype(int)
    cells = np.column_stack([good, n - good.sum(axis=1)])
    low, high = np.clip(clopper_pearson(b + c, n, GAMMA / 2), abs(margin), 1)
    sums = []
    for psi in np.linspace(low, high, 400):
        law = [(psi + margin) / 2, (psi - margin) / 2, 1 - psi]
        sums.append(multinomial.pmf(cells, n, np.clip(law, 0, 1)).sum())
    found = exact_binary_p_within(b, c, n, margin)
    assert found == pytest.approx(min(max(sums) + GAMMA, 1), rel=1e-3)
    assert exact_binary_p_beyond(c, b, n, -margin) == found


@given(tables(), st.floats(-0.9, 0.9), st.floats(-0.9, 0.9))
def test_p_falls_as_the_margin_widens(table, one, other):
    narrow, wide = sorted((one, other))
    before, after = exact_binary_p_within(*table, [narrow, wide])
    assert after <= before + 1e-11


@settings(max_examples=40)
@given(tables(), st.floats(0.005, 0.9), st.sampled_from([0.05, 0.025, 0.0005]))
def test_p_and_interval_agree(table, margin, alpha):
    low, high = exact_binary_interval(*table, alpha)
    assert low <= (table[0] - table[1]) / table[2] <= high
    if abs(high - margin) > 1e-7:
        assert (high < margin) == (exact_binary_p_within(*table, margin) <= alpha)
    if abs(low - margin) > 1e-7:
        assert (low > margin) == (exact_binary_p_beyond(*table, margin) <= alpha)


@pytest.mark.parametrize("table", [(0, 0, 200), (6, 16, 161), (40, 30, 1500), (20, 12, 300)])
def test_hardly_wider_than_the_rule_in_use(table):
    low, high = binary_interval(*table, 0.025)
    strict_low, strict_high = exact_binary_interval(*table, 0.025)
    assert strict_low <= low + 1e-4
    assert high - 1e-4 <= strict_high
    assert strict_high - strict_low <= 1.03 * (high - low)


def test_full_agreement_above_the_floor():
    floor = binary_floor(0.05, 0.025)
    assert exact_binary_p_within(0, 0, floor, 0.05) <= 0.0252
    assert exact_binary_p_within(0, 0, floor + 1, 0.05) <= 0.025


def test_a_level_of_gamma_leaves_everything_open():
    assert exact_binary_interval(3, 1, 50, GAMMA) == (-1, 1)


def test_tables_side_by_side():
    found = exact_binary_p_within([0, 6, 6], [0, 16, 16], [0, 161, 161], 0.02)
    assert np.isnan(found[0])
    assert found[1] == found[2] == exact_binary_p_within(6, 16, 161, 0.02)


def test_more_gamma_searches_less():
    narrow = exact_binary_p_within(6, 16, 161, 0.0, gamma=0.01)
    assert narrow - 0.01 < exact_binary_p_within(6, 16, 161, 0.0)


@pytest.mark.parametrize(
    "call", [((0, 0, 1_000_000_001, 0.1), {}), ((0, 0, 9, 0.1), {"gamma": 0.0})]
)
def test_too_many_pairs_and_bad_gammas_are_refused(call):
    positional, named = call
    for rule in (exact_binary_p_within, exact_binary_p_beyond, exact_binary_interval):
        with pytest.raises(ValueError, match="exact rule"):
            rule(*positional, **named)
