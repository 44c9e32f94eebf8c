"""Paired tables of others, with what they published of them, and statsmodels beside ours."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from quantassay import stats

EXAMPLES = Path(__file__).parents[2].parent / "shared" / "worked_examples.json"

# R package contingencytables, chapter 8 of Fagerland, Lydersen and Laake, "Statistical Analysis of
# Contingency Tables" (2017): complete response before and after consolidation therapy (Cavo 2012).
CAVO = (6, 16, 161)
# The same: airway hyper-responsiveness before and after stem cell transplantation (Bentur 2009).
BENTUR = (1, 7, 21)

# statsmodels, stats/tests/test_nonparametric.py: exact p from vassarstats.net, the others from R's
# mcnemar.test; losses, gains, exact p (six decimals), corrected and plain chi-square with their p
MCNEMAR = [
    (121, 59, 0.000004, 20.67222, 5.450095e-06, 21.35556, 3.815136e-06),
    (70, 59, 0.378688, 0.7751938, 0.3786151, 0.9379845, 0.3327967),
    (80, 59, 0.089452, 2.87769784, 0.08981434, 3.17266187, 0.07488031),
    (30, 60, 0.00206, None, None, None, None),
    (10, 30, 0.002221, None, None, None, None),
    (10, 10, 1.0, None, None, None, None),
]


def rounded(interval):
    return tuple(round(float(end), 4) for end in interval)


@pytest.mark.parametrize(
    ("interval", "published"),
    [
        (stats.wald_interval, (-0.1184, -0.0058)),
        (stats.agresti_min_interval, (-0.1182, -0.0045)),
        (stats.tango_interval, (-0.1240, -0.0054)),
    ],
)
def test_intervals_contingencytables(interval, published):
    assert rounded(interval(*CAVO, 0.025)) == published


def test_exact_unconditional_contingencytables():
    # theirs confines the discordance at gamma = .0001, added once to a two-sided p
    found = 2 * stats.exact_unconditional(*CAVO, gamma=1e-4) - 1e-4
    assert found == pytest.approx(0.034053, abs=5e-7)


def test_exact_unconditional_over_all_discordances():
    # not published: the same test without confining, Suissa and Shuster (1991)
    assert 2 * stats.exact_unconditional(*CAVO) == pytest.approx(0.034204, abs=5e-7)


def test_wald_of_a_small_table():
    # an independent computation, four decimals and a half
    assert stats.wald_interval(*BENTUR, 0.025) == pytest.approx((-0.51971, -0.05172), abs=5e-6)
    assert stats.tango_interval(*BENTUR, 0.025) == pytest.approx((-0.51723, -0.02600), abs=5e-6)


def test_small_table_mcnemar():
    b, c, n = BENTUR
    statistic, p = stats.mcnemar_asymptotic(b, c, corrected=False)
    assert (statistic, p) == (4.5, pytest.approx(0.0338949, abs=5e-8))
    assert stats.mcnemar_exact(b, c) == 0.0703125
    assert stats.mcnemar_midp(b, c) == 0.0390625
    # R package ratesci, README: N - 1 version 4.29, p = .0384
    assert round(statistic * (n - 1) / n, 2) == 4.29


def test_exact_mcnemar_vignette():
    # R package exact2x2, vignette "Exact McNemar's test": matrix(c(21, 9, 2, 12), 2)
    corrected = stats.mcnemar_asymptotic(2, 9, corrected=True)
    plain = stats.mcnemar_asymptotic(2, 9, corrected=False)
    assert corrected == pytest.approx((3.272727, 0.0704404), abs=5e-7)
    assert plain == pytest.approx((4.454545, 0.0348085), abs=5e-7)
    assert stats.mcnemar_exact(2, 9) == pytest.approx(0.06542969, abs=5e-9)


def test_power_of_the_exact_test():
    # the example of powerPaired2x2 in R package exact2x2, computed independently
    assert stats.mcnemar_power(0.5, 0.3, 100) == pytest.approx(0.5693192607, abs=5e-11)


@pytest.mark.parametrize("row", MCNEMAR)
def test_mcnemar_statsmodels_tests(row):
    b, c, exact, corrected, corrected_p, plain, plain_p = row
    assert stats.mcnemar_exact(b, c) == pytest.approx(exact, abs=5e-7)
    if corrected is not None:
        found = stats.mcnemar_asymptotic(b, c, corrected=True)
        assert found == pytest.approx((corrected, corrected_p), rel=3e-7)
        found = stats.mcnemar_asymptotic(b, c, corrected=False)
        assert found == pytest.approx((plain, plain_p), rel=3e-7)


@pytest.mark.parametrize(("b", "c"), [(1, 7), (2, 9), (12, 2), (40, 20), (300, 260), (0, 5)])
def test_mcnemar_beside_statsmodels(b, c):
    theirs = mcnemar([[10, b], [c, 20]], exact=True)
    assert stats.mcnemar_exact(b, c) == pytest.approx(theirs.pvalue, rel=1e-9)
    for corrected in (True, False):
        theirs = mcnemar([[10, b], [c, 20]], exact=False, correction=corrected)
        found = stats.mcnemar_asymptotic(b, c, corrected=corrected)
        assert found == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-9)


@pytest.mark.parametrize(("k", "n"), [(0, 10), (3, 50), (50, 50), (120, 4000)])
def test_clopper_pearson_and_wilson_beside_statsmodels(k, n):
    from quantassay.stats.newcombe import wilson

    for ours, theirs in ((stats.clopper_pearson, "beta"), (wilson, "wilson")):
        low, high = proportion_confint(k, n, 0.05, method=theirs)
        found = ours(k, n, 0.025)
        assert found == pytest.approx((float(low), float(high)), abs=1e-9)


def test_newcombe_without_correlation_beside_statsmodels():
    # independent margins: the paired interval is the unpaired hybrid score interval
    table = np.array([[48, 12], [32, 8]])
    low, high = confint_proportions_2indep(60, 100, 80, 100, compare="diff", method="newcomb")
    assert stats.newcombe_interval(table, 0.025) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("table", [CAVO, BENTUR, (12, 2, 50), (40, 20, 160)])
def test_the_rule_in_use_lies_beside_tango(table):
    low, high = stats.tango_interval(*table, 0.025)
    for interval in (stats.binary_interval, stats.exact_binary_interval):
        found = interval(*table, 0.025)
        assert found == pytest.approx((low, high), abs=0.1 * (high - low))


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the examples are not beside the repository")
def test_every_worked_example_is_covered():
    examples = json.loads(EXAMPLES.read_text())
    tables = {(e["table"][0][1], e["table"][1][0]) for e in examples["mcnemar"]}
    covered = {row[:2] for row in MCNEMAR} | {BENTUR[:2], (2, 9)}
    assert tables == covered
    (power,) = examples["power_exact_mcnemar"]
    found = stats.mcnemar_power(power["pb"], power["pc"], power["npairs"])
    assert found == pytest.approx(power["recomputed_here"], abs=5e-11)
