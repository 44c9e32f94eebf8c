from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.stats import benjamini_hochberg, holm

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=40)
both = pytest.mark.parametrize("rule", [holm, benjamini_hochberg])


@both
@given(p=p_values, gaps=st.integers(0, 5))
def test_untested_hypotheses_do_not_count(rule, p, gaps):
    with_gaps = np.insert(np.array(p), np.zeros(gaps, int), np.nan)
    adjusted = rule(with_gaps)
    assert np.isnan(adjusted).sum() == gaps
    np.testing.assert_array_equal(adjusted[gaps:], rule(p))


@both
@given(p=p_values)
def test_adjusted_values_keep_the_order_and_are_no_smaller(rule, p):
    adjusted = rule(p)
    assert np.all(adjusted >= np.array(p) * (1 - 1e-12))
    assert np.all(np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0)


@given(p=p_values)
def test_discoveries_are_never_fewer_than_findings(p):
    assert np.all(benjamini_hochberg(p) <= holm(p) * (1 + 1e-12))


@both
def test_no_hypothesis(rule):
    assert rule([]).shape == (0,)
    assert np.isnan(rule([np.nan])).all()


@both
@pytest.mark.parametrize("p", [[-0.1], [1.1], [[0.5]]])
def test_bad_values_are_refused(rule, p):
    with pytest.raises(ValueError, match="p-values"):
        rule(p)
