"""The bar of the product: how often a cell at its margin passes, or fails, by exact enumeration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from benchmarks.validity import binary, record
from benchmarks.validity.binary import MARGINS, SIZES, fewest_gains

from quantassay import stats


def worst(n: int, margin: float, alpha: float, points: int = 600) -> float:
    return binary.worst(n, margin, fewest_gains(n, margin, alpha), points)[0]


def passable(n: int, margin: float, alpha: float) -> bool:
    return n >= math.log(alpha) / math.log1p(-margin)


@pytest.mark.parametrize("n", SIZES)
def test_false_pass_stays_at_its_level(n):
    margins = [m for m in MARGINS if passable(n, m, 0.025)]
    assert margins
    assert max(worst(n, m, 0.025) for m in margins) <= 0.0251


@pytest.mark.parametrize("n", SIZES)
def test_false_fail_stays_at_its_level(n):
    assert max(worst(n, -m, 0.025) for m in MARGINS) <= 0.0251


@pytest.mark.parametrize(("n", "margin"), [(48, 0.0871), (78, 0.0544), (178, 0.0192), (20, 0.20)])
def test_corners_where_the_e_value_alone_exceeds_its_level(n, margin):
    assert worst(n, margin, 0.025) <= 0.025


@pytest.mark.parametrize("alpha", [0.05, 0.005, 0.0005, 0.000125])
@pytest.mark.parametrize("n", [12, 20, 78, 200])
def test_other_levels_stay_in_proportion(n, alpha):
    for m in (0.01, 0.0544, 0.20):
        assert worst(n, -m, alpha, 300) <= 1.004 * alpha
        if passable(n, m, alpha):
            assert worst(n, m, alpha, 300) <= 1.004 * alpha


@pytest.mark.parametrize(
    ("n", "margin"), [(66, 0.0871), (7, -0.07), (8, -0.0761), (15, -0.02), (292, 0.2492)]
)
def test_corners_where_a_narrower_search_exceeded_its_level(n, margin):
    assert worst(n, margin, 0.025) <= 0.0251


def test_the_strict_rule_keeps_its_level():
    for n, margin in ((12, -0.0062), (48, 0.0871), (66, 0.0871), (100, -0.05)):
        for alpha in (0.025, 0.0005):
            gains = fewest_gains(n, margin, alpha, binary.STRICT)
            assert binary.worst(n, margin, gains, 400)[0] <= alpha
            if (n, margin) != (12, -0.0062):
                assert np.any(gains <= np.arange(n + 1))


@pytest.mark.parametrize(("n", "margin"), [(10, 0.3), (12, -0.2)])
@pytest.mark.parametrize("alpha", [0.05, 0.005])
def test_maximized_gains_are_the_region_of_the_maximized_p(n, margin, alpha):
    k, c = (v.ravel() for v in np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0)))
    k, c = k[c <= k], c[c <= k]
    gains = binary.maximized_gains(n, margin, alpha)[k.astype(int)]
    p = stats.maximized_p_within(k - c, c, n, margin)
    np.testing.assert_array_equal(p <= alpha, c >= gains)


def test_wald_and_tango_are_shown_to_miss():
    figures = {m.names[0]: m.figure(50, "false PASS", 0.10, 0.025, 300) for m in binary.QUICK}
    assert figures["wald_interval"].rate > 2 * 0.025
    assert figures["tango_interval"].rate > 0.025
    assert not figures["wald_interval"].holds


def test_margins_are_folded_into_the_worst():
    figures = list(binary.judged_at(binary.RULE, 12, (0.1, 0.3), 100))
    folded = list(binary.worst_margin(iter(figures)))
    assert len({(one.side, one.alpha) for one in figures}) == len(folded)
    assert all(one.holds for one in folded)
    assert max(one.rate for one in figures) == max(one.rate for one in folded)


def test_published_figures_hold():
    figures = [one for one in record.read("binary") if one.answer == "judged"]
    assert len(figures) > 500
    assert [one for one in figures if not one.holds] == []


def test_enumeration_sees_an_anticonservative_rule():
    """One table more than the rule admits is one too many."""
    gains = fewest_gains(100, 0.05, 0.025)
    assert binary.worst(100, 0.05, gains - 1, 500)[0] > 0.027


@pytest.mark.long
@pytest.mark.parametrize("n", [*range(5, 300, 7), 400, 736, 1000, 2000])
def test_other_sizes_stay_close_to_their_level(n):
    for m in (0.005, 0.0192, 0.05, 0.0871, 0.15, 0.30):
        if passable(n, m, 0.025):
            assert worst(n, m, 0.025, 400) <= (0.0251 if n <= 300 else 0.0255)
        assert worst(n, -m, 0.025, 400) <= (0.0251 if n <= 300 else 0.0255)


@pytest.mark.parametrize(("n", "margin"), [(12, 0.1), (40, 0.1), (48, 0.08)])
def test_verdicts_are_what_is_enumerated(n, margin):
    k, c = (v.ravel() for v in np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"))
    k, c = k[c <= k], c[c <= k]
    cells = stats.paired_binary(k - c, c, n, margin)
    passing = (c >= fewest_gains(n, margin, 0.025)[k]) & (n >= cells.floor)
    failing = k - c >= fewest_gains(n, -margin, 0.025)[k]
    np.testing.assert_array_equal(cells.verdict == "pass", passing)
    np.testing.assert_array_equal(cells.verdict == "fail", failing)
    assert failing.any()
    assert passing.any() == (n >= 36)
