"""The bar of the product: how often a cell at its margin passes, or fails, by exact enumeration."""

from __future__ import annotations

import math
import runpy
from pathlib import Path

import numpy as np
import pytest

from quantassay import stats

BENCHMARK = Path(__file__).parents[3] / "benchmarks" / "validity" / "binary_size.py"
enumeration = runpy.run_path(str(BENCHMARK))
SIZES, MARGINS = enumeration["SIZES"], enumeration["MARGINS"]


def worst(n: int, margin: float, alpha: float, points: int = 1100) -> float:
    gains = enumeration["fewest_gains"](n, margin, alpha)
    return enumeration["worst"](n, margin, gains, points)[0]


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
@pytest.mark.parametrize("n", [20, 78, 200])
def test_other_levels_stay_within_two_per_cent(n, alpha):
    for m in (0.01, 0.0544, 0.20):
        assert worst(n, -m, alpha, 500) <= 1.02 * alpha
        if passable(n, m, alpha):
            assert worst(n, m, alpha, 500) <= 1.02 * alpha


def test_enumeration_sees_an_anticonservative_rule():
    """One table more than the rule admits is one too many."""
    gains = enumeration["fewest_gains"](100, 0.05, 0.025)
    assert enumeration["worst"](100, 0.05, gains - 1, 500)[0] > 0.027


@pytest.mark.long
@pytest.mark.parametrize("n", [*range(5, 300, 7), 400, 736, 1000, 2000])
def test_other_sizes_stay_close_to_their_level(n):
    for m in (0.005, 0.0192, 0.05, 0.0871, 0.15, 0.30):
        if passable(n, m, 0.025):
            assert worst(n, m, 0.025, 400) <= 0.0253
        assert worst(n, -m, 0.025, 400) <= 0.0258


@pytest.mark.parametrize(("n", "margin"), [(12, 0.1), (40, 0.1), (75, 0.05)])
def test_verdicts_are_what_is_enumerated(n, margin):
    k, c = (v.ravel() for v in np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij"))
    k, c = k[c <= k], c[c <= k]
    cells = stats.paired_binary(k - c, c, n, margin)
    passing = (c >= enumeration["fewest_gains"](n, margin, 0.025)[k]) & (n >= cells.floor)
    failing = k - c >= enumeration["fewest_gains"](n, -margin, 0.025)[k]
    np.testing.assert_array_equal(cells.verdict == "pass", passing)
    np.testing.assert_array_equal(cells.verdict == "fail", failing)
    assert failing.any()
    assert passing.any() == (n >= 36)
