from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as scipy_stats

from quantassay.stats import deviation_interval
from quantassay.stats.deviation import deviation_factors


def test_eight_values():
    """The statistics page's multiplier, and scipy's quantiles."""
    low, high = deviation_factors(8)
    assert (round(low, 2), round(high, 2)) == (0.66, 2.04)
    assert low == pytest.approx(np.sqrt(7 / scipy_stats.chi2.ppf(0.975, 7)))
    assert high == pytest.approx(np.sqrt(7 / scipy_stats.chi2.ppf(0.025, 7)))


def test_interval_is_the_deviation_times_both():
    x = np.random.default_rng(0).normal(3, 2, 8)
    found = deviation_interval(x, 0.9)
    low, high = deviation_factors(8, 0.9)
    spread = np.std(x, ddof=1)
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (spread, low * spread, high * spread)
    )


def test_few_values_are_undefined():
    for x in ([], [1.0]):
        assert np.isnan([*vars(deviation_interval(x)).values()]).all()
    assert np.isnan(deviation_factors(0)).all()


@pytest.mark.parametrize("values", [[1.0, np.nan], [[1.0, 2.0]], [np.inf, 1.0]])
def test_bad_values_are_refused(values):
    with pytest.raises(ValueError, match="finite"):
        deviation_interval(values)
    with pytest.raises(ValueError, match="confidence"):
        deviation_interval([1.0, 2.0], 1.0)
