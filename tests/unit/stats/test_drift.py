from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as reference

from quantassay.stats import log_drift


def test_the_estimate_is_that_of_a_straight_line_on_logarithms():
    values = np.random.default_rng(1).lognormal(size=20)
    found = log_drift(values)
    line = reference.linregress(np.arange(20), np.log(values))
    assert found.estimate == pytest.approx(np.exp(19 * line.slope))
    assert found.low < found.estimate < found.high


def test_alternating_noise_has_the_plain_t_interval():
    # neighbours are unlike each other, which is not counted in favour
    values = np.exp(np.tile([0.0, 0.1], 10))
    line = reference.linregress(np.arange(20), np.log(values))
    half = reference.t.ppf(0.95, 18) * 19 * line.stderr
    found = log_drift(values, 0.9)
    assert np.log([found.low, found.high]) == pytest.approx(19 * line.slope + [-half, half])


def test_a_steady_fall_is_seen():
    noise = np.random.default_rng(2).normal(size=20) * 0.03
    found = log_drift(np.exp(np.linspace(0, np.log(0.8), 20) + noise))
    assert found.high < 1
    assert found.low < 0.8 < found.high


def missed(noise):
    found = [log_drift(np.exp(one)) for one in noise]
    return np.mean([not one.low <= 1 <= one.high for one in found])


def test_load_that_stays_for_a_while_is_seldom_taken_for_drift():
    random = np.random.default_rng(3)
    switched = np.cumsum(random.random((400, 20)) < 0.2, axis=1) % 2
    assert missed(-0.4 * switched + 0.02 * random.normal(size=(400, 20))) < 0.1
    independent = missed(0.05 * random.normal(size=(400, 20)))
    assert 0.005 < independent < 0.06


def test_scale_does_not_matter_and_order_mirrors():
    values = np.random.default_rng(4).lognormal(size=12)
    one, scaled, back = log_drift(values), log_drift(1000 * values), log_drift(values[::-1])
    assert (scaled.low, scaled.high) == pytest.approx((one.low, one.high))
    assert back.low == pytest.approx(1 / one.high)


def test_too_few_say_nothing():
    assert np.isnan(log_drift([1, 2, 3, 4]).estimate)
    assert log_drift([2.0] * 5).low == pytest.approx(1)


@pytest.mark.parametrize("values", [[1, 2, 0, 3, 4], [np.nan] * 6, [[1.0] * 6], [-1] * 6])
def test_what_is_no_throughput_is_refused(values):
    with pytest.raises(ValueError, match="throughputs"):
        log_drift(values)
