from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, chi2

from quantassay.stats import mcnemar_asymptotic, mcnemar_exact, mcnemar_midp, mcnemar_power

counts = st.integers(0, 300)


@given(counts, counts)
def test_exact_is_the_sign_test(b, c):
    expected = binomtest(b, b + c).pvalue if b + c else 1.0
    assert mcnemar_exact(b, c) == pytest.approx(expected, rel=1e-9)


@given(counts, counts)
def test_midp_leaves_out_half_the_observed_table(b, c):
    left_out = binom.pmf(b, b + c, 0.5) if b != c else 0
    expected = mcnemar_exact(b, c) - left_out
    if b == c:
        expected = 1 - 0.0 if b == 0 else 2 * binom.cdf(b, 2 * b, 0.5) - binom.pmf(b, 2 * b, 0.5)
    assert mcnemar_midp(b, c) == pytest.approx(min(expected, 1), rel=1e-7, abs=1e-15)


@given(counts, counts)
def test_asymptotic_is_a_chi_square(b, c):
    statistic, p = mcnemar_asymptotic(b, c, corrected=False)
    if b + c:
        assert statistic == pytest.approx((b - c) ** 2 / (b + c))
        assert p == pytest.approx(chi2.sf(statistic, 1))
        assert mcnemar_asymptotic(b, c, corrected=True)[0] <= statistic
    else:
        assert np.isnan([statistic, p]).all()


def test_tables_side_by_side():
    assert mcnemar_exact([0, 6], [0, 16]).tolist() == [1, mcnemar_exact(6, 16)]


def test_bad_counts_are_refused():
    for test in (mcnemar_exact, mcnemar_midp):
        with pytest.raises(ValueError, match="losses"):
            test(-1, 2)


@pytest.mark.parametrize(("loss", "gain", "n"), [(0.2, 0.1, 40), (0.0, 0.3, 25), (0.4, 0.6, 12)])
def test_power_is_the_chance_of_a_small_p(loss, gain, n):
    k = np.arange(n + 1)
    total = 0.0
    for discordant in k:
        b = np.arange(discordant + 1)
        small = mcnemar_exact(b, discordant - b) <= 0.05
        within = binom.pmf(b, discordant, loss / (loss + gain))[small].sum()
        total += within * binom.pmf(discordant, n, loss + gain)
    assert mcnemar_power(loss, gain, n) == pytest.approx(total, rel=1e-9)
    assert mcnemar_power(gain, loss, n) == pytest.approx(total, rel=1e-9)


def test_no_pairs_have_no_power():
    assert mcnemar_power(0.2, 0.1, 0) == 0


@pytest.mark.parametrize("bad", [(0.6, 0.6, 9), (-0.1, 0.2, 9), (0.1, 0.1, -1), (0.1, 0.1, 9, 1.0)])
def test_bad_probabilities_are_refused(bad):
    with pytest.raises(ValueError, match="probabilities"):
        mcnemar_power(*bad)
