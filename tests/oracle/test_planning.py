"""Planned sizes and powers beside those of others."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special
from statsmodels.stats.power import NormalIndPower, tt_solve_power

from quantassay import stats


@pytest.mark.parametrize("effect", [0.05, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("power", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("alpha", [0.05, 0.025, 0.001])
def test_a_plain_mean_is_that_of_the_t_test(effect, power, alpha):
    """statsmodels.stats.power.tt_solve_power: noncentral t, one-sided."""
    wanted = tt_solve_power(effect, alpha=alpha, power=power, alternative="larger")
    found = float(stats.mean_sample_size(effect, 1.0, None, 0.0, power, alpha))
    assert found == pytest.approx(np.ceil(wanted), abs=2)


@pytest.mark.parametrize("n", [50, 400])
def test_the_power_of_a_plain_mean(n):
    wanted = tt_solve_power(0.15, nobs=n, alpha=0.025, alternative="larger")
    assert stats.mean_power(n, 0.15, 1.0, None) == pytest.approx(wanted, abs=0.01)


def test_a_binary_cell_of_many_changes_is_a_normal_mean():
    """With margins far below the discordance the restricted variance is the discordance."""
    wanted = NormalIndPower(ddof=0).solve_power(
        0.002 / np.sqrt(0.2), alpha=0.025, power=0.9, ratio=0, alternative="larger"
    )
    assert stats.binary_sample_size(0.002, 0.2) == pytest.approx(wanted, rel=0.002)


@pytest.mark.parametrize(
    ("n", "discordance", "detects"), [(14_042, 422 / 14_042, 0.0041), (5000, 0.03, 0.00687)]
)
def test_the_rule_of_thumb_for_the_smallest_detectable_loss(n, discordance, detects):
    """(z + z) sqrt(psi / n) at power .8 of equation 1 of Miller, 2024, arXiv:2411.00640."""
    z = special.ndtri(0.975) + special.ndtri(0.8)
    thumb = z * np.sqrt(discordance / n)
    assert thumb == pytest.approx(detects, rel=0.02)
    found = stats.enumerated_smallest_detectable_binary(n, discordance, power=0.8)
    assert found == pytest.approx(thumb, rel=0.04)


def test_cluster_inflation_is_the_design_effect_where_samples_are_many():
    """Eldridge, Ashby and Kerry, 2006: n times 1 + (m - 1) rho."""
    mix = stats.cluster_mix([5] * 4000)
    alone = stats.mean_sample_size(0.001, 0.2, 1.0)
    found = stats.cluster_sample_size(mix, 0.001, 0.2, 1.0, 0.3)
    assert found / alone == pytest.approx(float(stats.expected_design_effect(5, 0, 0.3)), rel=0.02)
