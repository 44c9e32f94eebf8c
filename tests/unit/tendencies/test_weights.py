"""Stored weights: outliers by channel, concentration, kurtosis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kurtosis

from quantassay.tendencies.weights import weight_concentration, weight_kurtosis, weight_outliers


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("axis", [0, -1])
def test_a_channel_of_large_weights_is_an_outlier_along_its_axis_only(axis):
    values = np.sign(normal(40, 30))
    np.moveaxis(values, axis, 0)[3] *= 8
    assert weight_outliers(values, axis).value == 8
    assert weight_outliers(values, axis).n == values.shape[axis]
    assert weight_outliers(values, -1 - axis).value == 1


def test_the_top_thousandth_is_counted_in_full():
    values = np.ones(10_000)
    values[:10] = 100
    assert weight_concentration(values).value == pytest.approx(10 * 1e4 / (10 * 1e4 + 9990))
    assert weight_concentration(np.ones(5000)).value == pytest.approx(0.001)
    assert weight_concentration(np.ones(1500)).value == pytest.approx(0.001)


def test_fewer_than_a_thousand_weights_count_a_part_of_the_largest():
    values = np.zeros(100)
    values[7] = 3
    assert weight_concentration(values).value == pytest.approx(0.1)


@given(st.integers(0, 2**31), st.sampled_from([1e-3, 7.0, -2e4]), st.integers(2, 4000))
def test_scale_and_order_make_no_difference(seed, scale, n):
    values = normal(n, 2, seed=seed)
    shuffled = np.random.default_rng(seed).permutation(values.reshape(-1)) * scale
    one, other = weight_concentration(values), weight_concentration(shuffled)
    assert 0 < one.value <= 1
    assert other.value == pytest.approx(one.value, rel=1e-5)
    assert weight_kurtosis(shuffled).value == pytest.approx(
        kurtosis(values, None, fisher=False), rel=1e-4
    )


def test_undefined_says_why():
    assert "zero" in weight_concentration(np.zeros((3, 3))).reason
    assert "zero" in weight_outliers(np.zeros((3, 3)), 0).reason
    assert "the same" in weight_kurtosis(np.ones((3, 3))).reason
    broken = normal(4, 4)
    broken[1, 1] = np.nan
    for found in (
        weight_concentration(broken),
        weight_outliers(broken, 0),
        weight_kurtosis(broken),
    ):
        assert (found.value, found.reason) == (None, "1 weights are NaN or infinite")
    assert weight_kurtosis(np.empty((0, 3))).reason == "no weights"
