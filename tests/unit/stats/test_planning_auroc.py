from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from quantassay import stats

SPREAD = float(np.sqrt(stats.auroc_difference_variance(0.9, 0.0, 0.95, 0.3)))


def test_planned_power_is_reached():
    """Binormal scores; the spread is measured on many samples."""
    rng, share, m, draws = np.random.default_rng(5), 0.4, 0.05, 800

    def scores(positive):
        noise = rng.normal(size=(2, len(positive)))
        shift = 2**0.5 * ndtri(0.85) * positive
        return shift + noise[0], shift + 0.9 * noise[0] + 0.19**0.5 * noise[1]

    many = np.arange(200_000) % 2 == 0
    seen = stats.paired_placements(*scores(many), many)
    parts = seen.positive_square[0] / 1e5, seen.negative_square[0] / 1e5
    spread = np.sqrt(parts[0] / share + parts[1] / (1 - share))
    n = int(stats.auroc_sample_size(m, spread, share))
    positive = np.tile(np.arange(n) < round(n * share), draws)
    cell = np.repeat(np.arange(draws), n)
    pairs = stats.paired_placements(*scores(positive), positive, cell, draws)
    high = stats.auroc_bounds(pairs, 0.025)[1]
    assert (high < m).mean() == pytest.approx(0.9, abs=0.04)


def test_size_inverts_power_and_reach():
    n = stats.auroc_sample_size(0.02, SPREAD, 0.3, 0.004, 0.8)
    assert stats.auroc_power(n, 0.02, SPREAD, 0.3, 0.004) == pytest.approx(0.8, abs=5e-3)
    margin = stats.smallest_detectable_auroc(5000, SPREAD, 0.3)
    assert stats.auroc_sample_size(margin * 1.0001, SPREAD, 0.3) <= 5000


def test_either_class_has_its_floor():
    least = stats.auroc_floor(0.02, 0.025) / 0.05
    for share in (0.05, 0.95):
        assert stats.auroc_sample_size(0.02, 0.0, share) >= least - 1
        assert stats.auroc_power(least - 2, 0.02, 0.1, share) == 0


def test_undefined_and_bad():
    found = stats.auroc_sample_size(0.02, [0.1, np.nan], 0.3, [0.03, 0.0])
    assert np.isinf(found[0])
    assert np.isnan(found[1])
    assert np.isnan(stats.auroc_power(np.nan, 0.02, 0.1, 0.3))
    assert np.isnan(stats.smallest_detectable_auroc(0, 0.1, 0.3))
    for spread, share in ((-1, 0.5), (0.1, 0.0), (0.1, 1.0)):
        with pytest.raises(ValueError, match="prevalence"):
            stats.auroc_sample_size(0.02, spread, share)
