"""Moments: split and merge is whole, order does not matter, scipy agrees."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kurtosis as by_scipy

from quantassay.tendencies.moments import Moments, kurtosis

NUMBERS = st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=60)


def of(*pieces):
    found = Moments()
    for piece in pieces:
        found = found.merged(Moments.of(np.array(piece, float)))
    return found


def same(one, other):
    scale = max(abs(one.fourth), one.second, 1.0)
    assert one.count == other.count
    assert one.mean == pytest.approx(other.mean, rel=1e-9, abs=1e-9)
    assert one.second == pytest.approx(other.second, rel=1e-9, abs=1e-9 * scale)
    assert one.third == pytest.approx(other.third, rel=1e-9, abs=1e-9 * scale)
    assert one.fourth == pytest.approx(other.fourth, rel=1e-9, abs=1e-9 * scale)


@given(NUMBERS, st.lists(st.integers(0, 60), max_size=4))
def test_pieces_merge_to_the_whole(numbers, cuts):
    edges = [0, *sorted(min(cut, len(numbers)) for cut in cuts), len(numbers)]
    pieces = [numbers[a:b] for a, b in itertools.pairwise(edges)]
    merged = Moments()
    for piece in pieces:
        merged = merged.merged(Moments.of(np.array(piece, float)) if piece else Moments())
    same(merged, Moments.of(np.array(numbers)))


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_order_of_pieces_does_not_matter(a, b, c):
    same(of(a, b, c), of(c, a, b))


@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3), st.booleans())
def test_kurtosis_is_that_of_scipy_and_does_not_depend_on_scale(seed, scale, turned):
    numbers = np.random.default_rng(seed).standard_t(5, 200)
    found = kurtosis(Moments.of(numbers), "values")
    assert found.n == 200
    assert found.value == pytest.approx(by_scipy(numbers, fisher=False))
    moved = numbers * (-scale if turned else scale)
    assert kurtosis(Moments.of(moved), "values").value == pytest.approx(found.value)


def test_a_mean_far_from_zero_costs_no_digits():
    numbers = np.random.default_rng(1).normal(size=4000)
    far = of(*np.split(numbers + 1e6, 8))
    expected = by_scipy(numbers, fisher=False)
    assert kurtosis(far, "values").value == pytest.approx(expected, rel=1e-6)
    # the textbook formula, with powers of the numbers themselves, is off by far more
    moved = numbers + 1e6
    raw = [np.mean(moved**power) for power in (1, 2, 3, 4)]
    naive = raw[3] - 4 * raw[0] * raw[2] + 6 * raw[0] ** 2 * raw[1] - 3 * raw[0] ** 4
    assert abs(naive / (raw[1] - raw[0] ** 2) ** 2 - expected) > 1


def test_arrays_longer_than_a_piece_are_whole(monkeypatch):
    numbers = np.random.default_rng(2).normal(size=(10, 37)).astype(np.float32)
    whole = Moments.of(numbers)
    monkeypatch.setattr("quantassay.tendencies.pieces.PIECE", 16)
    same(Moments.of(numbers), whole)


@pytest.mark.parametrize(
    ("numbers", "why"), [([], "no values"), ([0.1] * 9, "the same"), ([0.0] * 3, "the same")]
)
def test_undefined_says_why(numbers, why):
    seen = Moments.of(np.array(numbers)) if numbers else Moments()
    found = kurtosis(seen, "values")
    assert found.value is None
    assert why in found.reason
