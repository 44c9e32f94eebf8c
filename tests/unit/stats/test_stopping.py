from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from quantassay.stats import expected_information, nominal_levels, stopping_chances

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
