"""Weights pruned and perturbed."""

import numpy as np
import pytest

from quantassay.tendencies.redundancy import perturbed, pruned


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_the_smallest_share_becomes_zero(kind):
    values = np.array([[3, -1, 0.5, 4], [-2, 0.25, 8, -6]], kind)
    found = pruned(values, 0.5)
    np.testing.assert_array_equal(found, [[3, 0, 0, 4], [0, 0, 8, -6]])
    assert found.dtype == kind
    assert values[0, 1] == -1


def test_of_equal_magnitudes_the_first_go():
    np.testing.assert_array_equal(pruned(np.array([1.0, -1, 1, 1]), 0.5), [0, 0, 1, 1])


@pytest.mark.parametrize(("share", "zeros"), [(0.001, 0), (0.1, 10), (0.3, 30), (0.999, 99)])
def test_a_share_of_a_weight_is_none(share, zeros):
    values = np.random.default_rng(1).normal(size=(10, 10))
    found = pruned(values, share)
    assert np.count_nonzero(found == 0) == zeros
    if zeros:
        assert np.abs(values[found == 0]).max() <= np.abs(found[found != 0]).min()


def test_noise_is_a_share_of_the_layers_own_spread():
    values = (np.random.default_rng(2).normal(size=(400, 300)) * 5 + 100).astype(np.float32)
    noise = perturbed(values, 0.05, 7, "layer") - values
    assert np.std(noise) == pytest.approx(0.05 * np.std(values), rel=0.01)
    assert abs(np.mean(noise)) < 0.005


def test_noise_depends_on_seed_and_layer_alone():
    values = np.random.default_rng(3).normal(size=50).astype(np.float16)
    first = perturbed(values, 0.1, 7, "a")
    np.testing.assert_array_equal(first, perturbed(values, 0.1, 7, "a"))
    assert first.dtype == np.float16
    assert (first != perturbed(values, 0.1, 7, "b")).any()
    assert (first != perturbed(values, 0.1, 8, "a")).any()


def test_weights_that_are_all_the_same_stay():
    values = np.full((3, 3), 2, np.float32)
    np.testing.assert_array_equal(perturbed(values, 0.5, 1, "a"), values)
