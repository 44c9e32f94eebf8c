"""Activations seen batch by batch: as if all had been there at once."""

import itertools
from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kurtosis

from quantassay.tendencies.activations import (
    PARTS,
    Activations,
    activation_kurtosis,
    outlier_channels,
    range_stability,
    seen,
    worst,
)
from quantassay.tendencies.figure import Figure


def looked(values, batches, axis=-1, order=None):
    """Look at samples in batches that end at these places."""
    edges = [0, *batches, len(values)]
    looks = [
        seen(values[a:b], axis, np.arange(a, b)) for a, b in itertools.pairwise(edges) if b > a
    ]
    return reduce(Activations.merged, [looks[at] for at in order or range(len(looks))])


def figures(found):
    return [tell(found) for tell in (activation_kurtosis, outlier_channels, range_stability)]


def values_of(seed, samples=24):
    return np.random.default_rng(seed).normal(size=(samples, 5, 6)).astype(np.float32)


@given(st.integers(0, 2**31), st.sets(st.integers(1, 23), max_size=5), st.randoms())
def test_batches_and_their_order_make_no_difference(seed, cuts, random):
    values, cuts = values_of(seed), sorted(cuts)
    order = list(range(len(cuts) + 1))
    random.shuffle(order)
    whole, parts = figures(looked(values, [])), figures(looked(values, cuts, order=order))
    for one, other in zip(whole, parts, strict=True):
        assert (one.n, one.counted) == (other.n, other.counted)
        assert one.value == pytest.approx(other.value, rel=1e-6)


@given(st.integers(0, 2**31), st.sampled_from([0.25, 4.0, -64.0]))
def test_scale_makes_no_difference(seed, scale):
    values = values_of(seed)
    one, other = figures(looked(values, [])), figures(looked(values * scale, []))
    assert [a.value for a in other] == pytest.approx([a.value for a in one], rel=1e-6)


@pytest.mark.parametrize("axis", [1, -1])
def test_each_figure_is_what_it_says(axis):
    values = values_of(3)
    values[:, 2, 4] *= 50
    found = looked(values, [7, 9], axis)
    assert activation_kurtosis(found).value == pytest.approx(kurtosis(values, None, fisher=False))
    others = tuple(at for at in range(3) if at != axis % 3)
    largest = np.abs(values).max(axis=others)
    assert outlier_channels(found).value == pytest.approx(largest.max() / np.median(largest))
    assert outlier_channels(found).n == len(largest)
    parts = [values[at::PARTS] for at in range(PARTS)]
    widths = [part.max() - part.min() for part in parts]
    assert range_stability(found).value == pytest.approx(max(widths) / min(widths))
    assert range_stability(found).n == PARTS


def test_memory_is_of_the_order_of_channels():
    found = looked(np.zeros((64, 100, 7), np.float32) + 1, [32])
    assert found.largest.shape == (7,)
    assert found.low.shape == found.high.shape == (PARTS,)


def test_constant_activations_are_undefined():
    found = looked(np.full((16, 3), 2.0), [])
    kurtosis_, channels, stability = figures(found)
    assert (kurtosis_.value, stability.value) == (None, None)
    assert "the same" in kurtosis_.reason
    assert "constant" in stability.reason
    assert channels.value == 1


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_counted_and_nothing_else_told(wrong):
    values = values_of(4)
    values[3, 1, 1] = wrong
    for one in figures(looked(values, [10])):
        assert one.value is None
        assert one.reason == "1 values are NaN or infinite"


def test_zero_median_one_channel_and_one_part_are_undefined():
    values = np.zeros((16, 5))
    values[:, 0] = np.arange(16)
    assert "median channel is zero" in outlier_channels(looked(values, [])).reason
    assert "fewer than 2 channels" in outlier_channels(looked(values[:, :1], [])).reason
    assert "fewer than 2 parts" in range_stability(looked(values[:1], [])).reason


def test_samples_that_are_not_the_first_dimension_have_no_parts():
    found = seen(np.random.default_rng(0).normal(size=(7, 4)), -1, None)
    assert range_stability(found).value is None
    assert "not that of samples" in range_stability(found).reason
    assert outlier_channels(found).value is not None


def test_samples_flattened_with_their_positions_keep_their_parts():
    values = values_of(5)
    flat, owner = values.reshape(-1, 6), np.arange(len(values))
    one, other = seen(values, -1, owner), seen(flat, -1, np.repeat(owner, 5))
    assert figures(one) == figures(other)


def test_rows_of_samples_need_not_be_alike_in_number():
    values = np.arange(12.0).reshape(6, 2)
    found = seen(values, -1, np.array([0, 0, 0, 1, 1, 2]))
    # 0 to 5, 6 to 9, 10 to 11
    assert range_stability(found).value == 5.0
    assert range_stability(found).n == 3


def test_channels_that_differ_in_number_do_not_merge():
    with pytest.raises(ValueError, match="3 channels and 4"):
        looked(np.ones((2, 3)), []).merged(looked(np.ones((2, 4)), []))


def test_the_worst_layer_stands_for_the_model():
    layers = [Figure(2.0, 9, "x"), Figure(None, 0, "x", "constant"), Figure(5.0, 9, "x")]
    assert worst(layers) == Figure(5.0, 2, "layers")
    assert worst(layers, low=True) == Figure(2.0, 2, "layers")
    assert worst(layers[1:2]).reason == "of no layer: constant"
    assert worst([]).reason == "no layer was seen"
