from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multinomial

from quantassay import stats
from quantassay.stats import planning_exact


def brute(n: int, margin: float, psi: float, loss: float, alpha: float = 0.025) -> float:
    """Sum every table whose interval ends below the margin."""
    b, c = np.divmod(np.arange((n + 1) ** 2), n + 1)
    inside = b + c <= n
    b, c = b[inside], c[inside]
    passes = stats.binary_interval(b, c, n, alpha)[1] < margin
    chances = [(psi + loss) / 2, (psi - loss) / 2, 1 - psi]
    return float(multinomial.pmf(np.stack([b, c, n - b - c], 1)[passes], n, chances).sum())


@pytest.mark.parametrize(
    ("n", "margin", "psi", "loss"),
    [(40, 0.1, 0.05, 0.0), (40, 0.1, 0.3, 0.03), (48, 0.08, 0.1, -0.02), (25, 0.2, 0.2, 0.0)],
)
def test_power_is_the_probability_of_all_tables_that_pass(n, margin, psi, loss):
    found = stats.enumerated_binary_power(n, margin, psi, loss)
    assert found == pytest.approx(brute(n, margin, psi, loss), abs=2e-4)


def test_power_at_the_floor_is_low():
    found = stats.enumerated_binary_power(368, 0.01, [0.01, 0.03])
    assert found[1] == pytest.approx(0.171, abs=0.002)
    assert found[0] < 0.45


def test_no_power_below_the_floor_and_none_undefined():
    found = stats.enumerated_binary_power([35, 36, np.nan, 50], 0.1, [0.01, 0.01, 0.01, np.nan])
    assert found[0] == 0
    assert found[1] > 0.5
    assert np.isnan(found[2:]).all()


def test_more_than_a_margin_of_one_and_no_discordance():
    assert stats.enumerated_binary_power(40, 0.1, 0.0) == pytest.approx(1.0)
    assert stats.enumerated_binary_power(5, 1.0, 0.5) > 0.9


@pytest.mark.parametrize("power", [0.8, 0.9])
@pytest.mark.parametrize(
    ("margin", "psi", "loss"),
    [(0.1, 0.005, 0.0), (0.05, 0.03, 0.05 / 3), (0.02, 0.01, 0.0), (0.02, 0.05, -0.005)],
)
def test_planned_n_has_its_power_and_one_fewer_misses_it(margin, psi, loss, power):
    n = float(stats.enumerated_binary_sample_size(margin, psi, loss, power))
    reached = float(stats.enumerated_binary_power(n, margin, psi, loss))
    assert reached >= power
    close = reached <= power + planning_exact.CLOSE
    fewer = float(stats.enumerated_binary_power(n - 1, margin, psi, loss))
    assert close or fewer < power
    assert n <= 1.2 * stats.binary_sample_size(margin, psi, loss, power)


def test_the_normal_size_is_taken_where_many_change():
    n = stats.enumerated_binary_sample_size(0.01, 0.2)
    assert n == stats.binary_sample_size(0.01, 0.2)
    assert stats.enumerated_binary_power(n, 0.01, 0.2) == stats.binary_power(n, 0.01, 0.2)


def test_a_start_that_is_too_small_is_raised(monkeypatch):
    wanted = stats.enumerated_binary_sample_size(0.05, 0.03)
    monkeypatch.setattr(planning_exact, "binary_sample_size", lambda *_: np.asarray(80.0))
    assert stats.enumerated_binary_sample_size(0.05, 0.03) == pytest.approx(float(wanted), abs=3)


def test_hopeless_and_undefined_sizes():
    found = stats.enumerated_binary_sample_size([0.05, 0.05, np.nan], 0.1, [0.05, np.nan, 0.0])
    assert np.isinf(found[0])
    assert np.isnan(found[1:]).all()


def test_cells_side_by_side_are_cells_alone():
    margins, shares = np.array([0.05, 0.1, 0.05]), np.array([0.05, 0.1, 0.05])
    together = stats.enumerated_binary_sample_size(margins, shares)
    assert together.tolist() == [
        float(stats.enumerated_binary_sample_size(m, p))
        for m, p in zip(margins, shares, strict=True)
    ]


@pytest.mark.parametrize(("n", "psi"), [(90, 0.03), (500, 0.01), (1792, 0.03), (20_000, 0.05)])
def test_smallest_detectable_has_about_the_power(n, psi):
    margin = stats.enumerated_smallest_detectable_binary(n, psi)
    assert margin <= stats.smallest_detectable_binary(n, psi)
    assert stats.enumerated_binary_power(n, margin, psi) == pytest.approx(0.9, abs=0.05)


def test_nothing_is_detected_by_nothing():
    found = stats.enumerated_smallest_detectable_binary([0, 10, 10], [0.1, np.nan, 0.9])
    assert np.isnan(found[:2]).all()
    assert 0.5 < found[2] <= 1


@pytest.mark.parametrize("bad", [{"discordance": 1.2}, {"margin": 0.0}, {"alpha": 0.6}])
def test_bad_arguments_are_refused(bad):
    with pytest.raises(ValueError, match=r"discordance|margin|level"):
        stats.enumerated_binary_power(**{"n": 100, "margin": 0.05, "discordance": 0.1} | bad)
