from __future__ import annotations

import numpy as np
import pytest

from quantassay.stats import arrays


def test_scalars_stay_scalars_and_arrays_arrays():
    assert isinstance(arrays.scalar(np.asarray(0.5)), float)
    assert arrays.scalar(np.asarray([0.5])).shape == (1,)


def test_counts_broadcast():
    b, c, n = arrays.check_counts([1, 2], 3, [[10], [20]])
    assert b.shape == c.shape == n.shape == (2, 2)


@pytest.mark.parametrize(
    ("check", "bad"),
    [
        (arrays.check_alpha, 0.0),
        (arrays.check_alpha, [0.1, 0.51]),
        (arrays.check_confidence, 1.0),
        (arrays.check_margin, -0.01),
        (arrays.check_cap, np.nan),
        (arrays.check_power, 1.0),
    ],
)
def test_values_out_of_range_are_refused(check, bad):
    with pytest.raises(ValueError, match=r"lies in|is positive"):
        check(bad)


def test_a_missing_margin_is_not_a_bad_one():
    assert np.isnan(arrays.check_margin([np.nan, 0.1])).tolist() == [True, False]
