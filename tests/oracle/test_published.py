"""Other people's values, pasted with their source."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from quantassay import stats

# R package contingencytables, chapter 8 of Fagerland, Lydersen and Laake, "Statistical Analysis of
# Contingency Tables" (2017): complete response before and after consolidation therapy (Cavo 2012).
# Differences are row minus column, which is our loss: reference minus candidate.
CAVO = [[59, 6], [16, 80]]
# The same: airway hyper-responsiveness before and after stem cell transplantation (Bentur 2009).
BENTUR = [[1, 1], [7, 12]]


def loss(table):
    (_, b), (c, _) = table
    return b, c, int(np.sum(table))


def test_tango_contingencytables():
    low, high = stats.tango_interval(*loss(CAVO), 0.025)
    assert (round(low, 4), round(high, 4)) == (-0.1240, -0.0054)


def test_newcombe_contingencytables():
    low, high = stats.newcombe_interval(CAVO, 0.025)
    assert (round(low, 4), round(high, 4)) == (-0.1186, -0.0046)


def test_mcnemar_contingencytables():
    b, c, n = loss(CAVO)
    assert stats.mcnemar_asymptotic(b, c, corrected=False)[1] == pytest.approx(0.033006, abs=5e-7)
    assert stats.mcnemar_asymptotic(b, c, corrected=True)[1] == pytest.approx(0.055009, abs=5e-7)
    assert stats.mcnemar_exact(b, c) == pytest.approx(0.052479, abs=5e-7)
    assert stats.mcnemar_midp(b, c) == pytest.approx(0.034690, abs=5e-7)
    # theirs is two-sided, with gamma = .0001 added once
    two_sided = 2 * stats.exact_unconditional(b, c, n, gamma=1e-4) - 1e-4
    assert two_sided == pytest.approx(0.034053, abs=5e-7)


def test_mcnemar_statsmodels_documentation():
    # statsmodels' test of mcnemar: Stata's "mcci 101 121 59 33"
    statistic, p = stats.mcnemar_asymptotic(121, 59, corrected=True)
    assert (statistic, p) == (pytest.approx(20.67222, abs=5e-6), pytest.approx(5.450095e-06))
    statistic, p = stats.mcnemar_asymptotic(121, 59, corrected=False)
    assert (statistic, p) == (pytest.approx(21.35556, abs=5e-6), pytest.approx(3.815136e-06))


@pytest.mark.parametrize(("b", "c"), [(0, 1), (3, 3), (6, 16), (121, 59), (40, 0), (1, 500)])
def test_mcnemar_statsmodels_beside_ours(b, c):
    table = [[10, b], [c, 20]]
    for corrected in (True, False):
        theirs = mcnemar(table, exact=False, correction=corrected)
        statistic, p = stats.mcnemar_asymptotic(b, c, corrected=corrected)
        # statsmodels subtracts 1 from 0 too where losses equal gains
        if b != c:
            assert statistic == pytest.approx(theirs.statistic, rel=1e-12)
            assert p == pytest.approx(theirs.pvalue, rel=1e-9)
    assert stats.mcnemar_exact(b, c) == pytest.approx(mcnemar(table, exact=True).pvalue, rel=1e-9)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # contingencytables, BENTUR
        ((1, 7, 21), -0.5172, -0.0260),
        # an independent implementation of Tango (1998), see the statistics page
        ((12, 2, 50), 0.0611, 0.3447),
        ((40, 20, 160), 0.0309, 0.2181),
    ],
)
def test_tango(counts, low, high):
    found = stats.tango_interval(*counts, 0.025)
    assert (round(found[0], 4), round(found[1], 4)) == (low, high)


def test_small_table_newcombe_and_exact():
    low, high = stats.newcombe_interval(BENTUR, 0.025)
    assert (round(low, 4), round(high, 4)) == (-0.5069, -0.0256)
    assert round(stats.mcnemar_exact(1, 7), 4) == 0.0703


def test_exact_bounds_of_nothing_in_ten():
    # Clopper and Pearson, 1934: 1 - .05^(1/10) and 1 - .025^(1/10)
    assert stats.clopper_pearson(0, 10, 0.05)[1] == pytest.approx(0.2589, abs=5e-5)
    assert stats.clopper_pearson(0, 10, 0.025)[1] == pytest.approx(0.3085, abs=5e-5)
