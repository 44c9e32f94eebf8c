from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quantassay import stats


@st.composite
def tables(draw, largest=600):
    n = draw(st.integers(1, largest))
    b = draw(st.integers(0, n))
    return b, draw(st.integers(0, n - b)), n


margins = st.floats(0.002, 0.9)
levels = st.sampled_from([0.2, 0.05, 0.025, 0.005, 0.000125, 1e-8])


@settings(max_examples=30)
@given(tables(), levels)
def test_interval_holds_the_estimate_and_mirrors(table, alpha):
    b, c, n = table
    low, high = stats.binary_interval(b, c, n, alpha)
    assert -1 <= low <= (b - c) / n <= high <= 1
    assert stats.binary_interval(c, b, n, alpha) == (-high, -low)


@given(tables(), margins)
def test_p_values_mirror(table, margin):
    b, c, n = table
    assert stats.binary_p_within(b, c, n, margin) == stats.binary_p_beyond(c, b, n, -margin)


@settings(max_examples=30)
@given(tables(), margins, levels)
def test_p_and_interval_agree(table, margin, alpha):
    b, c, n = table
    low, high = stats.binary_interval(b, c, n, alpha)
    if abs(high - margin) > 1e-7:
        assert (high < margin) == (stats.binary_p_within(b, c, n, margin) <= alpha)
    if abs(low - margin) > 1e-7:
        assert (low > margin) == (stats.binary_p_beyond(b, c, n, margin) <= alpha)


@settings(max_examples=30)
@given(tables(), levels)
def test_ends_are_where_p_equals_the_level(table, alpha):
    b, c, n = table
    low, high = stats.binary_interval(b, c, n, alpha)
    if high < 1:
        assert stats.binary_p_within(b, c, n, high) == pytest.approx(alpha, rel=1e-5)
    if low > -1:
        assert stats.binary_p_beyond(b, c, n, low) == pytest.approx(alpha, rel=1e-5)


@settings(max_examples=30)
@given(tables(), levels, st.data())
def test_a_loss_in_place_of_a_tie_or_a_gain_raises_the_high_end(table, alpha, data):
    b, c, n = table
    before = stats.binary_interval(b, c, n, alpha)[1]
    if b + c < n:
        assert stats.binary_interval(b + 1, c, n, alpha)[1] >= before - 1e-7
    if c:
        low, high = stats.binary_interval(b + 1, c - 1, n, alpha)
        assert high >= before - 1e-7
        assert low >= stats.binary_interval(b, c, n, alpha)[0] - 1e-7


@settings(max_examples=30)
@given(tables(), margins, margins)
def test_a_wider_margin_never_loses_a_pass_nor_makes_a_failure(table, one, other):
    narrow, wide = sorted((one, other))
    before, after = (stats.paired_binary(*table, m).verdict for m in (narrow, wide))
    assert before != "pass" or after == "pass"
    assert after != "fail" or before == "fail"


@settings(max_examples=30)
@given(tables(), margins, st.floats(0.5, 0.999), st.floats(0.5, 0.999))
def test_stricter_confidence_never_gains_a_verdict(table, margin, one, other):
    loose, strict = sorted((one, other))
    before, after = (stats.paired_binary(*table, margin, c) for c in (loose, strict))
    for verdict in ("pass", "fail"):
        assert after.verdict != verdict or before.verdict == verdict
    assert after.interval[0] <= before.interval[0] + 1e-7
    assert after.interval[1] >= before.interval[1] - 1e-7


@settings(max_examples=30)
@given(tables(largest=2000))
def test_identical_predictions_never_fail(table):
    assert stats.paired_binary(0, 0, table[2], 0.01).verdict in {"pass", "insufficient"}


@given(margins, levels)
def test_full_agreement_does_not_pass_below_the_floor(margin, alpha):
    floor = stats.binary_floor(margin, alpha)
    assert floor == 1 or stats.binary_p_within(0, 0, floor - 1, margin) > alpha


@given(margins, st.sampled_from([0.05, 0.025]))
def test_full_agreement_passes_at_the_floor_or_a_pair_later(margin, alpha):
    floor = stats.binary_floor(margin, alpha)
    # (1 - margin)^n may equal the level but for rounding
    enough = floor if alpha == 0.05 else floor + 1
    assert stats.binary_p_within(0, 0, enough, margin) <= alpha * (1 + 1e-6)


@pytest.mark.parametrize(
    ("margin", "floor"), [(0.005, 736), (0.01, 368), (0.02, 183), (0.05, 72), (0.10, 36)]
)
def test_published_floors(margin, floor):
    assert stats.binary_floor(margin, 0.025) == floor
    assert stats.paired_binary(0, 0, floor, margin).verdict == "pass"
    assert stats.paired_binary(0, 0, floor - 1, margin).verdict == "insufficient"


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ((0, 0, 10), -0.30850, 0.30850),  # 1 - .025^(1/10)
        ((0, 0, 1), -0.975, 0.975),
        ((5, 0, 5), -0.04365, 1.0),
        ((0, 5, 5), -1.0, 0.04365),
    ],
)
def test_corners(table, low, high):
    np.testing.assert_allclose(stats.binary_interval(*table, 0.025), (low, high), atol=5e-6)


def test_no_pairs_are_insufficient():
    none = stats.paired_binary(0, 0, 0, 0.02)
    assert none.verdict == "insufficient"
    assert np.isnan([none.estimate, *none.interval, none.p_within, none.p_beyond]).all()


def test_failure_is_seen_below_the_floor():
    small = stats.paired_binary(9, 0, 12, 0.02)
    assert small.n < small.floor
    assert small.verdict == "fail"


def test_cells_are_judged_side_by_side():
    tables = np.array([[0, 0, 900], [40, 2, 900], [22, 10, 900], [0, 0, 50]])
    cells = stats.paired_binary(*tables.T, 0.02)
    assert list(cells.verdict) == ["pass", "fail", "inconclusive", "insufficient"]
    for i in range(4):
        alone = stats.paired_binary(*tables[i], 0.02)
        assert alone.interval == (cells.interval[0][i], cells.interval[1][i])
        assert alone.p_within == cells.p_within[i]


def test_shapes_broadcast_and_scalars_stay_scalars():
    low, high = stats.binary_interval([[1], [2]], [0, 1, 2], 100, 0.025)
    assert low.shape == high.shape == (2, 3)
    assert isinstance(stats.binary_p_within(1, 1, 50, 0.05), float)


def test_a_cell_without_margin_has_no_p():
    assert np.isnan(stats.binary_p_within(1, 1, 50, np.nan))
    assert stats.paired_binary(1, 1, 50, np.nan).verdict == "insufficient"


def test_the_method_above_a_million_joins_the_one_below():
    n = 1_000_000
    below = np.array(stats.binary_interval(5100, 4900, n, 0.025))
    above = np.array(stats.binary_interval(5100, 4900, n + 1, 0.025))
    np.testing.assert_allclose(below, above, rtol=5e-3)


def test_p_at_a_loss_of_everything():
    assert stats.binary_p_within(3, 0, 3, 1.0) == 1
    assert stats.binary_p_within(2, 0, 3, 1.0) == pytest.approx(0, abs=1e-12)
    assert stats.binary_p_within(2, 0, 3, -1.0) == 1


@pytest.mark.parametrize(
    ("table", "margin"),
    [((-1, 0, 5), 0.1), ((3, 3, 5), 0.1), ((0.5, 0, 5), 0.1), ((0, 0, math.inf), 0.1)]
    + [((1, 1, 5), m) for m in (0.0, -0.1, 1.5, math.inf)],
)
def test_bad_tables_and_margins_are_refused(table, margin):
    with pytest.raises(ValueError, match=r"losses|margin|loss"):
        stats.paired_binary(*table, margin)


@pytest.mark.parametrize("alpha", [0.0, -0.1, 0.6, math.nan])
def test_bad_levels_are_refused(alpha):
    with pytest.raises(ValueError, match="level"):
        stats.binary_interval(1, 1, 5, alpha)


@pytest.mark.parametrize("confidence", [0.0, 1.0, math.nan])
def test_bad_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence"):
        stats.paired_binary(1, 1, 5, 0.1, confidence)


@settings(max_examples=20)
@given(st.integers(1_000_000, 10**9), st.floats(0.001, 0.9))
def test_huge_cells(n, psi):
    b = int(n * psi / 2)
    low, high = stats.binary_interval(b, b, n, 0.025)
    assert high == pytest.approx(1.96 * math.sqrt(psi / n), rel=0.02)
    assert low == -high
