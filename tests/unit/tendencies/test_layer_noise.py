"""Signal to noise between two streams of arrays."""

import itertools
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.tendencies.layer_noise import Noise, decibels


def pair(seed, n=64):
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(n, 3)).astype(np.float32)
    return own, own + rng.normal(size=(n, 3)).astype(np.float32) / 10


@given(st.integers(0, 2**31), st.sets(st.integers(1, 63), max_size=5))
def test_batches_make_no_difference(seed, cuts):
    own, other = pair(seed)
    edges = [0, *sorted(cuts), 64]
    looks = [Noise.between(own[a:b], other[a:b]) for a, b in itertools.pairwise(edges)]
    whole = decibels(Noise.between(own, other))
    assert decibels(reduce(Noise.merged, looks[::-1])).value == pytest.approx(whole.value)
    assert whole.n == own.size
    expected = 10 * np.log10((own**2.0).sum() / ((own - other.astype(float)) ** 2).sum())
    assert whole.value == pytest.approx(expected, rel=1e-5)


@given(st.integers(0, 2**31), st.sampled_from([0.5, -8.0, 1024.0]))
def test_scale_makes_no_difference(seed, scale):
    own, other = pair(seed)
    found = decibels(Noise.between(own * scale, other * scale))
    assert found.value == pytest.approx(decibels(Noise.between(own, other)).value, rel=1e-6)


def test_ten_times_less_noise_is_twenty_decibels():
    own = np.ones(100)
    assert decibels(Noise.between(own, own + 0.1)).value == pytest.approx(20)
    assert decibels(Noise.between(own, own + 0.01)).value == pytest.approx(40)
    assert decibels(Noise.between(own, -own)).value == pytest.approx(-10 * np.log10(4))


def test_half_precision_is_compared_in_full():
    own = np.array([1.0, 2.0, 3.0], np.float32)
    found = decibels(Noise.between(own * 1000, (own * 1000).astype(np.float16)))
    assert found.reason == "no difference at all"


def test_undefined_says_why():
    one, zero = np.ones(4), np.zeros(4)
    assert "no difference" in decibels(Noise.between(one, one)).reason
    assert "zero throughout" in decibels(Noise.between(zero, one)).reason
    assert decibels(Noise()).reason == "no values"
    overflown = np.array([1.0, np.inf, np.nan, 1.0])
    found = decibels(Noise.between(one, overflown).merged(Noise.between(one, one * 2)))
    assert (found.value, found.reason) == (None, "2 values are NaN or infinite")


def test_other_shapes_are_refused():
    with pytest.raises(ValueError, match=r"shape \(4,\) instead of \(3,\)"):
        Noise.between(np.ones(3), np.ones(4))
