from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quantassay.stats import newcombe_interval

counts = st.integers(0, 200)


@given(counts, counts, counts, counts)
def test_holds_the_estimate_and_mirrors(both, loss, gain, neither):
    n = both + loss + gain + neither
    if not n:
        return
    low, high = newcombe_interval([[both, loss], [gain, neither]], 0.025)
    estimate = (loss - gain) / n
    assert -1 - 1e-12 <= low <= estimate + 1e-12
    assert estimate - 1e-12 <= high <= 1 + 1e-12
    mirrored = newcombe_interval([[both, gain], [loss, neither]], 0.025)
    assert mirrored == pytest.approx((-high, -low), abs=1e-12)


def test_tables_side_by_side_and_empty():
    low, high = newcombe_interval([[[59, 6], [16, 80]], [[0, 0], [0, 0]]], 0.025)
    assert (low[0], high[0]) == newcombe_interval([[59, 6], [16, 80]], 0.025)
    assert np.isnan([low[1], high[1]]).all()


@pytest.mark.parametrize("table", [[1, 2, 3, 4], [[1, 2], [3, -4]]])
def test_bad_tables_are_refused(table):
    with pytest.raises(ValueError, match="table"):
        newcombe_interval(table, 0.025)
