from __future__ import annotations

import math

import numpy as np
import pytest
from benchmarks.validity.binary import fewest_gains
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from quantassay import stats

# margin, discordance, loss, n for power .9 at .025, and the exact power there
PLANS = [
    (0.01, 0.01, 0.0, 1417),
    (0.01, 0.03, 0.0, 3332),
    (0.01, 0.03, 0.003, 6693),
    (0.02, 0.05, 0.0, 1413),
    (0.05, 0.10, 0.0, 462),
]


@pytest.mark.parametrize(("margin", "discordance", "loss", "n"), PLANS)
def test_published_sample_sizes(margin, discordance, loss, n):
    assert stats.binary_sample_size(margin, discordance, loss) == n
    assert stats.binary_power(n, margin, discordance, loss) == pytest.approx(0.9, abs=1e-3)


@pytest.mark.parametrize(("margin", "discordance", "loss", "n"), [PLANS[0], PLANS[3], PLANS[4]])
def test_exact_power_is_at_least_what_was_planned(margin, discordance, loss, n):
    fewest = fewest_gains(n, margin, 0.025)
    k = np.arange(n + 1)
    share = (discordance - loss) / (2 * discordance)
    power = (binom.pmf(k, n, discordance) * binom.sf(fewest - 1, k, share)).sum()
    assert 0.9 <= power <= 0.935


@given(st.integers(20, 10**6), st.floats(0.0005, 0.9), st.sampled_from([0.05, 0.025, 0.001]))
def test_smallest_detectable_inverts_sample_size(n, discordance, alpha):
    margin = stats.smallest_detectable_binary(n, discordance, alpha)
    if margin < 0.99:
        assert stats.binary_sample_size(margin * 1.0001, discordance, alpha=alpha) <= n + 1
        assert stats.binary_sample_size(margin * 0.99, discordance, alpha=alpha) > n


def test_smallest_detectable_is_about_the_rule_of_thumb():
    rough = (1.96 + 1.2816) * math.sqrt(0.03 / 50_000)
    assert stats.smallest_detectable_binary(50_000, 0.03) == pytest.approx(rough, rel=0.02)


@given(st.floats(0.001, 0.5), st.floats(0, 1), st.floats(-0.3, 0.3))
def test_never_below_the_floor_and_more_power_costs_more(margin, discordance, loss):
    sizes = stats.binary_sample_size(margin, discordance, loss, [0.5, 0.8, 0.9, 0.99])
    assert np.all(sizes >= stats.binary_floor(margin, 0.025))
    assert np.all(np.diff(sizes[np.isfinite(sizes)]) >= 0)
    assert np.isinf(sizes).all() == (loss >= margin)


def test_no_power_below_the_floor():
    assert stats.binary_power([367, 368], 0.01, 0.001).tolist() == [0, pytest.approx(0.6, abs=0.3)]


def test_power_at_the_floor_is_low():
    for discordance, power in ((0.01, 0.35), (0.03, 0.17)):
        assert stats.binary_power(368, 0.01, discordance) == pytest.approx(power, abs=0.1)


def test_power_at_the_margin_is_the_level():
    assert stats.binary_power(5000, 0.02, 0.1, 0.02) == pytest.approx(0.025, abs=1e-3)


def test_needed_n_takes_what_was_observed():
    needed = stats.needed_n_binary([45, 60, 0, 0], [45, 20, 0, 0], [3000, 3000, 0, 900], 0.01)
    assert needed[0] == stats.binary_sample_size(0.01, 0.03)
    assert needed[1] == np.inf
    assert np.isnan(needed[2])
    assert needed[3] >= stats.binary_floor(0.01, 0.025)


def test_undefined_arguments_are_nan():
    assert np.isnan(stats.binary_sample_size(0.01, np.nan))
    assert np.isnan(stats.binary_sample_size(np.nan, 0.1))
    assert np.isnan(stats.binary_power(100, 0.01, np.nan))
    assert np.isnan(stats.smallest_detectable_binary([0, 100], [0.1, np.nan])).all()


def test_hopeless_sizes_detect_nothing():
    assert stats.smallest_detectable_binary(1, 0.5) == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize(
    "bad", [{"power": 1.0}, {"power": 0.0}, {"discordance": 1.1}, {"margin": 0}]
)
def test_bad_arguments_are_refused(bad):
    with pytest.raises(ValueError, match=r"power|discordance|margin"):
        stats.binary_sample_size(**{"margin": 0.01, "discordance": 0.1} | bad)
