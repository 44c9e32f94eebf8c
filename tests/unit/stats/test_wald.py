from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.stats import agresti_min_interval, bonett_price_interval, wald_interval

EVERY = [wald_interval, agresti_min_interval, bonett_price_interval]


@pytest.mark.parametrize("interval", EVERY)
@given(n=st.integers(1, 300), data=st.data())
def test_mirrors(interval, n, data):
    b = data.draw(st.integers(0, n))
    c = data.draw(st.integers(0, n - b))
    low, high = interval(b, c, n, 0.025)
    assert low <= high
    assert interval(c, b, n, 0.025) == pytest.approx((-high, -low), abs=1e-12)


def test_wald_is_the_normal_interval_of_the_mean():
    d = np.repeat([1.0, -1.0, 0.0], [9, 4, 30])
    half = 1.959963984540054 * d.std() / np.sqrt(len(d))
    found = wald_interval(9, 4, 43, 0.025)
    assert found == pytest.approx((d.mean() - half, d.mean() + half), rel=1e-12)


def test_adjusted_forms_are_wald_of_a_larger_table():
    assert bonett_price_interval(9, 4, 43, 0.05) == pytest.approx(
        wald_interval(10, 5, 45, 0.05), rel=1e-12
    )
    # half a pair in every cell: twice the table is whole
    low, high = agresti_min_interval(9, 4, 43, 0.05)
    doubled = wald_interval(19, 9, 90, 0.05)
    assert (low + high) == pytest.approx(sum(doubled), rel=1e-12)
    assert (high - low) == pytest.approx((doubled[1] - doubled[0]) * np.sqrt(2), rel=1e-12)


def test_wald_collapses_where_nothing_differs():
    assert wald_interval(0, 0, 10, 0.025) == (0, 0)
    assert agresti_min_interval(0, 0, 10, 0.025)[1] > 0.1


def test_bonett_price_stays_a_proportion():
    assert agresti_min_interval(3, 0, 3, 0.025)[1] > 1
    assert bonett_price_interval(3, 0, 3, 0.025)[1] == 1
    assert bonett_price_interval(0, 3, 3, 0.025)[0] == -1


@pytest.mark.parametrize("interval", EVERY)
def test_no_pairs_have_no_interval(interval):
    low, high = interval([0, 1], [0, 1], [0, 9], 0.025)
    assert np.isnan([low[0], high[0]]).all()
    assert np.isfinite([low[1], high[1]]).all()


@pytest.mark.parametrize("interval", EVERY)
@pytest.mark.parametrize("bad", [(1, 1, 1, 0.025), (1, 1, 5, 0.7)])
def test_bad_arguments_are_refused(interval, bad):
    with pytest.raises(ValueError, match=r"losses|level"):
        interval(*bad)
