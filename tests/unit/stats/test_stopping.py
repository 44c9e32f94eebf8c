from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from quantassay.stats import chance_left, expected_information, nominal_levels, stopping_chances

FIFTHS = np.arange(1, 6) / 5


def test_chances_without_drift_add_up_to_the_level():
    levels = nominal_levels(FIFTHS, 0.025)
    assert stopping_chances(FIFTHS, levels, 0.0).sum() == pytest.approx(0.025, rel=1e-9)


def test_one_look_has_the_power_it_was_planned_for():
    drift = special.ndtri(0.975) + special.ndtri(0.9)
    assert stopping_chances([1.0], [0.025], drift) == pytest.approx([0.9], rel=1e-9)
    assert expected_information([1.0], [0.025], drift) == pytest.approx(1.0)


def test_chances_with_drift_agree_with_a_simulation():
    levels, draws = nominal_levels(FIFTHS, 0.025), 200_000
    steps = np.random.default_rng(8).standard_normal((draws, 5)) * np.sqrt(0.2) + 3.0 * 0.2
    p = special.ndtr(-np.cumsum(steps, axis=1) / np.sqrt(FIFTHS))
    first = np.where((p <= levels).any(axis=1), (p <= levels).argmax(axis=1), 5)
    simulated = np.bincount(first, minlength=6)[:5] / draws
    assert stopping_chances(FIFTHS, levels, 3.0) == pytest.approx(simulated, abs=0.005)
    used = np.append(FIFTHS, 1.0)[first].mean()
    assert expected_information(FIFTHS, levels, 3.0) == pytest.approx(used, abs=0.005)


@pytest.mark.parametrize(("over", "least"), [(1.0, 0.25), (2.5, 0.45)])
def test_default_looks_save_what_they_should(over, least):
    looks = np.array([0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.0])
    drift = (special.ndtri(0.975) + special.ndtri(0.9)) * np.sqrt(over)
    assert 1 - expected_information(looks, nominal_levels(looks, 0.025), drift) > least


@pytest.mark.parametrize("z", [-1.0, 0.5, 2.0])
def test_what_is_left_agrees_with_a_simulation(z):
    looks = np.array([0.35, 0.5, 0.75, 1.0])
    levels, draws, drift = nominal_levels(looks, 0.025)[1:], 200_000, 2.5
    ahead = np.diff(looks)
    steps = np.random.default_rng(9).standard_normal((draws, 3)) * np.sqrt(ahead) + drift * ahead
    later = (z * np.sqrt(0.35) + np.cumsum(steps, axis=1)) / np.sqrt(looks[1:])
    simulated = (later >= -special.ndtri(levels)).any(axis=1).mean()
    assert chance_left(z, looks, levels, drift) == pytest.approx(simulated, abs=0.004)


def test_nothing_is_left_without_a_look_ahead():
    assert chance_left(5.0, [1.0], [], 3.0) == 0.0
