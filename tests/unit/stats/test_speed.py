from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as reference

from quantassay.stats import speed_ratio


def test_interval_is_students():
    logs = np.log([1.9, 2.0, 2.1, 1.7, 2.4])
    expected = reference.ttest_1samp(logs, 0).confidence_interval(0.9)
    found = speed_ratio(logs, 0.9)
    assert (found.low, found.high) == pytest.approx((np.exp(expected.low), np.exp(expected.high)))
    assert found.estimate == pytest.approx(reference.gmean(np.exp(logs)))


def test_slower_and_faster_mirror():
    logs = np.log([1.9, 2.0, 2.1])
    faster, slower = speed_ratio(logs), speed_ratio(-logs)
    assert faster.low == pytest.approx(1 / slower.high)


def test_one_pair_has_no_interval():
    assert speed_ratio([0.0]).estimate == 1
    assert np.isnan(speed_ratio([0.0]).low)
    assert np.isnan(speed_ratio([]).estimate)


@pytest.mark.parametrize("logs", [[np.nan, 0], [np.inf, 0], [[0, 0]]])
def test_bad_ratios_are_refused(logs):
    with pytest.raises(ValueError, match="log ratios"):
        speed_ratio(logs)
