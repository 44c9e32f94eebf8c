from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from quantassay.stats import holm

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@given(p_values)
def test_statsmodels_agrees(p):
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1], atol=1e-15)


@given(p_values, st.integers(0, 5))
def test_untested_hypotheses_do_not_count(p, gaps):
    with_gaps = np.insert(np.array(p), np.zeros(gaps, int), np.nan)
    adjusted = holm(with_gaps)
    assert np.isnan(adjusted).sum() == gaps
    np.testing.assert_array_equal(adjusted[gaps:], holm(p))


def test_no_hypothesis():
    assert holm([]).shape == (0,)
    assert np.isnan(holm([np.nan])).all()


@pytest.mark.parametrize("p", [[-0.1], [1.1], [[0.5]]])
def test_bad_values_are_refused(p):
    with pytest.raises(ValueError, match="p-values"):
        holm(p)
