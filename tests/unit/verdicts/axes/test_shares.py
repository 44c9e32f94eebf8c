from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.verdicts.axes.shares import (
    Share,
    difference,
    factor,
    ratio_of_factors,
    share_of,
)

NUMBERS = st.floats(-1, 1)


@st.composite
def shares(draw) -> tuple[Share, float]:
    """A share, and a truth that its interval holds."""
    low, truth, high = sorted(draw(NUMBERS) for _ in range(3))
    return Share(draw(st.floats(low, high)), low, high), truth


def test_a_share_is_of_the_largest_loss(penalty):
    found = share_of(penalty(loss=0.1, ends=(-0.2, 0.3), largest=2.0))
    assert found == Share(0.05, -0.1, 0.15)


def test_no_share_is_above_all_there_is(penalty):
    assert share_of(penalty(loss=0.5, ends=(0.2, 1.7))) == Share(0.5, 0.2, 1.0)


@pytest.mark.parametrize(
    "changes",
    [
        {"ends": None},
        {"largest": None},
        {"largest": float("inf")},
        {"largest": 0.0},
        {"stratum": {"digit": "8"}},
    ],
)
def test_what_cannot_be_compared_is_no_share(penalty, changes):
    assert share_of(penalty(**{"loss": 0.1, "ends": (0.0, 0.2), **changes})) is None


def test_a_loss_that_is_open_has_the_middle_of_its_interval():
    assert Share(None, 0.1, 0.2).middle == pytest.approx(0.15)
    assert difference(Share(None, 0.1, 0.2), Share(0.0, 0.0, 0.0)).estimate is None


def test_by_hand():
    more, less = Share(0.38, 0.31, 0.44), Share(0.01, -0.005, 0.02)
    found = difference(more, less)
    assert (found.estimate, found.low, found.high) == pytest.approx((0.37, 0.29, 0.445))
    times, reason = factor(more, less)
    assert times is not None and not reason
    # 0.31 / 0.02; no end above, since the smaller one may be nothing at all
    assert times == (pytest.approx(15.5), None)
    assert factor(more, Share(0.01, 0.005, 0.02))[0] == pytest.approx((15.5, 88.0))


@pytest.mark.parametrize(
    ("more", "less", "why"),
    [
        (Share(0.1, 0.0, 0.2), Share(0.0, 0.0, 0.1), "not settled above zero"),
        (Share(0.1, -0.1, 0.2), Share(0.0, 0.0, 0.1), "not settled above zero"),
        (Share(-0.1, -0.2, -0.05), Share(-0.3, -0.4, -0.2), "not settled above zero"),
        (Share(0.1, 0.05, 0.2), Share(-0.1, -0.2, -0.05), "zero at most"),
        (Share(0.1, 0.05, 0.2), Share(0.0, 0.0, 0.0), "zero at most"),
    ],
)
def test_where_there_is_no_factor(more, less, why):
    times, reason = factor(more, less)
    assert times is None
    assert why in reason


def test_ratio_of_factors_by_hand():
    a, b = Share(0.4, 0.3, 0.5), Share(0.02, 0.01, 0.03)
    c, d = Share(0.2, 0.1, 0.25), Share(0.1, 0.05, 0.2)
    # (0.3 x 0.05) / (0.03 x 0.25), (0.5 x 0.2) / (0.01 x 0.1)
    assert ratio_of_factors((a, b), (c, d))[0] == pytest.approx((2.0, 100.0))
    none, why = ratio_of_factors((a, b), (c, Share(0.1, 0.0, 0.2)))
    assert none is None
    assert "not all four" in why


@given(shares(), shares())
def test_a_difference_holds_the_true_one(one, other):
    (a, true_a), (b, true_b) = one, other
    found = difference(a, b)
    assert found.low <= true_a - true_b <= found.high


@given(shares(), shares())
def test_turned_round_a_difference_is_mirrored(one, other):
    there, back = difference(one[0], other[0]), difference(other[0], one[0])
    assert (back.low, back.high) == (-there.high, -there.low)
    assert back.estimate == -there.estimate


@given(shares())
def test_the_same_penalty_twice_is_never_told_apart(one):
    found = difference(one[0], one[0])
    assert found.low <= 0 <= found.high


@given(shares(), shares())
def test_a_factor_holds_the_true_one(one, other):
    (a, true_a), (b, true_b) = one, other
    times, reason = factor(a, b)
    assert (times is None) == bool(reason)
    if times is not None:
        low, high = times
        assert low is not None and low > 0
        assert true_a >= low * true_b * (1 - 1e-9)
        assert high is None or true_a <= high * true_b * (1 + 1e-9)


@given(st.tuples(shares(), shares(), shares(), shares()))
def test_a_ratio_of_factors_holds_the_true_one(four):
    (a, x), (b, y), (c, z), (d, w) = four
    times, _ = ratio_of_factors((a, b), (c, d))
    if times is not None:
        low, high = times
        assert low is not None and high is not None
        assert low * y * z * (1 - 1e-9) <= x * w <= high * y * z * (1 + 1e-9)
