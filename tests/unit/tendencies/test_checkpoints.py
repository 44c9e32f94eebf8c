"""Weights and tendencies at two stages of training."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from quantassay.tendencies.checkpoints import cosine, ranks_agree, relative_change
from quantassay.tendencies.figure import Figure


def figures(*values):
    return [Figure(value, 1, "values", "" if value is not None else "why") for value in values]


def test_direction_and_length_of_the_change():
    first, second = np.array([[3, 0], [0, 4.0]]), np.array([[3, 0], [0, 0.0]])
    assert cosine(first, second).value == pytest.approx(3 / 5)
    assert relative_change(first, second).value == pytest.approx(4 / 5)
    assert relative_change(first, second).n == 4
    assert cosine(first, first * 2).value == pytest.approx(1)
    assert relative_change(first, first * 2).value == pytest.approx(1)


def test_many_weights_are_summed_in_pieces():
    rng = np.random.default_rng(1)
    first, second = (rng.normal(size=1_500_000).astype(np.float32) for _ in range(2))
    exact = [each.astype(np.float64) for each in (first, second)]
    expected = exact[0] @ exact[1] / np.linalg.norm(exact[0]) / np.linalg.norm(exact[1])
    assert cosine(first, second).value == pytest.approx(expected, rel=1e-9)


def test_zeros_have_no_direction():
    zeros, ones = np.zeros(3), np.ones(3)
    assert cosine(zeros, ones).value is None
    assert cosine(ones, zeros).reason == "all weights of one stage are zero"
    assert relative_change(zeros, ones).reason == "all weights of the first stage are zero"
    assert relative_change(ones, zeros).value == 1


def test_layers_that_keep_their_order_agree():
    assert ranks_agree(figures(1, 2, 30, 4), figures(10, 20, 50, 40)).value == pytest.approx(1)
    first, second = [1, 2, 2, 5, 4], [3, 3, 1, 9, 2]
    expected = spearmanr(first, second).statistic
    assert ranks_agree(figures(*first), figures(*second)).value == pytest.approx(expected)


def test_undefined_layers_do_not_count():
    found = ranks_agree(figures(1, None, 3, 4), figures(1, 2, 3, 9))
    assert (found.value, found.n) == (pytest.approx(1), 3)
    few = ranks_agree(figures(1, None, 3), figures(1, 2, 3))
    assert few.reason == "2 layers have it at both stages, and ranks need 3"
    same = ranks_agree(figures(1, 1, 1), figures(1, 2, 3))
    assert same.reason == "all layers have the same figure at one stage"
