"""Contrasts and shrinkage beside statsmodels and published figures."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.proportion import confint_proportions_2indep

from quantassay.stats import contrast, shrink
from quantassay.stats.newcombe import wilson

ALPHA = 0.025


@pytest.mark.parametrize(
    ("first", "second"), [((48, 80), (56, 70)), ((3, 10), (9, 10)), ((2, 48), (5, 56))]
)
def test_square_and_add_of_wilsons_limits_is_newcombes_interval(first, second):
    wider = contrast(
        first[0] / first[1], wilson(*first, ALPHA), second[0] / second[1], wilson(*second, ALPHA)
    )
    other = confint_proportions_2indep(*second, *first, method="newcomb", alpha=2 * ALPHA)
    assert wider[1:] == pytest.approx(other, abs=1e-12)


def test_newcombes_own_example():
    # Newcombe, 1998, Statistics in Medicine 17:873, table II, method 10: 56/70 less 48/80
    _, low, high = contrast(0.6, wilson(48, 80, ALPHA), 0.8, wilson(56, 70, ALPHA))
    assert (low, high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))


@pytest.mark.parametrize("seed", range(5))
def test_the_variance_between_groups_is_that_of_dersimonian_and_laird(seed):
    rng = np.random.default_rng(seed)
    variance = rng.uniform(0.5, 4, 12)
    loss = rng.normal(0, 1 + seed / 2, 12) + rng.normal(0, np.sqrt(variance))
    other = combine_effects(loss, variance, method_re="chi2")
    found = shrink(loss, variance)
    assert found.between == pytest.approx(max(other.tau2, 0), rel=1e-9)
    if other.tau2 > 0:
        assert found.mean == pytest.approx(other.mean_effect_re)
