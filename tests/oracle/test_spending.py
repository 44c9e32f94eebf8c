"""Boundaries of group-sequential tests as published."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from quantassay.stats import nominal_levels

# Two-sided .05 over five equal looks: the spending functions of Lan and DeMets as
# tabulated by Jennison and Turnbull (2000), section 7.2, and by Reboussin and others (2000).
OBRIEN_FLEMING = (4.877, 3.357, 2.680, 2.290, 2.031)
POCOCK = (2.438, 2.427, 2.410, 2.397, 2.386)


@pytest.mark.parametrize(
    ("spending", "bounds"), [("obrien-fleming", OBRIEN_FLEMING), ("pocock", POCOCK)]
)
def test_five_equal_looks(spending, bounds):
    found = -special.ndtri(nominal_levels(np.arange(1, 6) / 5, 0.025, spending))
    assert found == pytest.approx(bounds, abs=6e-4)


def test_two_equal_looks():
    # R package gsDesign: gsDesign(k = 2, test.type = 1, alpha = 0.025, sfu = sfLDOF)
    found = -special.ndtri(nominal_levels([0.5, 1.0], 0.025))
    assert found == pytest.approx((2.963, 1.969), abs=6e-4)
