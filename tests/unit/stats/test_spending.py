from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from quantassay.stats import nominal_levels, sequential_p, spent_alpha

FIFTHS = np.arange(1, 6) / 5
SPENDINGS = ("obrien-fleming", "pocock")


@pytest.mark.parametrize("spending", SPENDINGS)
def test_everything_is_spent_at_the_end_and_nothing_before(spending):
    spent = spent_alpha([0.0, 0.3, 1.0], 0.025, spending)
    assert spent[0] == 0
    assert 0 < spent[1] < 0.025
    assert spent[2] == pytest.approx(0.025, rel=1e-12)


def test_a_single_look_has_the_whole_level():
    assert nominal_levels([1.0], 0.025) == pytest.approx([0.025], rel=1e-9)


def test_the_first_level_is_what_is_spent_there():
    first = nominal_levels(FIFTHS, 0.025, "pocock")[0]
    assert first == pytest.approx(float(spent_alpha(0.2, 0.025, "pocock")), rel=1e-9)


@pytest.mark.parametrize("spending", SPENDINGS)
@pytest.mark.parametrize("alpha", [0.025, 0.025 / 200])
def test_simulated_looks_reject_as_often_as_asked(spending, alpha):
    draws, looks = 400_000, np.array([0.25, 0.3, 0.7, 1.0])
    steps = np.sqrt(np.diff(looks, prepend=0.0))
    paths = np.cumsum(np.random.default_rng(3).standard_normal((draws, 4)) * steps, axis=1)
    p = special.ndtr(-paths / np.sqrt(looks))
    rate = float((p <= nominal_levels(looks, alpha, spending)).any(axis=1).mean())
    assert abs(rate - alpha) < 4 * np.sqrt(alpha / draws)


def test_cells_are_those_of_their_own_information():
    information = np.array([[0.2, 0.5, 1.0], [0.4, 0.45, 1.0]])
    both = nominal_levels(information, [0.025, 0.001])
    alone = [nominal_levels(information[0], 0.025), nominal_levels(information[1], 0.001)]
    assert both == pytest.approx(np.stack(alone), rel=1e-9)


def test_a_look_that_is_not_taken_leaves_its_share_to_the_next():
    levels = nominal_levels([0.4, 0.7, 1.0], 0.025, "pocock", used=[False, True, True])
    assert levels[0] == 0
    assert levels[1:] == pytest.approx(nominal_levels([0.7, 1.0], 0.025, "pocock"), rel=1e-9)


def test_nothing_new_is_no_look():
    levels = nominal_levels([0.0, 0.5, 0.5, 1.0], 0.025)
    assert levels[[0, 2]].tolist() == [0, 0]
    assert levels[[1, 3]] == pytest.approx(nominal_levels([0.5, 1.0], 0.025), rel=1e-9)


def test_looks_too_close_to_integrate_share_by_bonferroni():
    close = nominal_levels([0.5, 0.5005, 1.0], 0.025, "pocock")
    added = spent_alpha(0.5005, 0.025, "pocock") - spent_alpha(0.5, 0.025, "pocock")
    assert close[1] == pytest.approx(float(added), rel=1e-9)
    assert close[2] < nominal_levels([0.5, 1.0], 0.025, "pocock")[1]


def test_close_looks_agree_with_a_finer_grid(monkeypatch):
    from quantassay.stats import brownian

    looks = [0.5, 0.51, 1.0]
    coarse = nominal_levels(looks, 0.025, "pocock")
    monkeypatch.setattr(brownian, "NODES", 500)
    monkeypatch.setattr(brownian, "MOST_NODES", 3000)
    assert coarse == pytest.approx(nominal_levels(looks, 0.025, "pocock"), rel=1e-6)


@pytest.mark.parametrize("spending", SPENDINGS)
def test_levels_rise_with_the_level_of_all(spending):
    alpha = np.geomspace(1e-6, 0.5, 30)
    looks = np.broadcast_to([0.1, 0.35, 0.8, 1.0], (30, 4))
    assert np.all(np.diff(nominal_levels(looks, alpha, spending), axis=0) > 0)


@pytest.mark.parametrize("spending", SPENDINGS)
def test_the_sequential_p_is_where_a_look_just_rejects(spending):
    p = np.array([0.2, 0.004, 0.3])
    looks = np.array([0.3, 0.6, 1.0])
    found = float(sequential_p(p, looks, spending))
    for level, rejected in ((found * 0.9999, False), (found * 1.0001, True)):
        assert (p <= nominal_levels(looks, level, spending)).any() == rejected


def test_a_single_look_keeps_its_p():
    assert sequential_p([[0.003], [0.6], [0.5]], [1.0]) == pytest.approx([0.003, 1, 1], rel=1e-6)


def test_a_further_look_never_raises_it():
    p = np.random.default_rng(1).uniform(size=(40, 4)) ** 3
    looks = np.array([0.25, 0.5, 0.75, 1.0])
    short, whole = sequential_p(p[:, :3], looks[:3]), sequential_p(p, looks)
    assert np.all(whole <= short * (1 + 1e-6))


def test_it_is_uniform_at_most_under_the_null():
    draws, looks = 4000, np.array([0.5, 1.0])
    steps = np.random.default_rng(5).standard_normal((draws, 2)) * np.sqrt([0.5, 0.5])
    p = special.ndtr(-np.cumsum(steps, axis=1) / np.sqrt(looks))
    found = sequential_p(p[:1500], looks)
    for level in (0.025, 0.1):
        assert (found <= level).mean() == pytest.approx(level, abs=4 * np.sqrt(level / 1500))


def test_looks_that_were_not_taken_do_not_count():
    assert np.isnan(sequential_p([np.nan, np.nan], [0.5, 1.0]))
    found = sequential_p([[np.nan, 0.01]], [0.5, 1.0])
    assert found == pytest.approx([0.01], rel=1e-6)


def test_p_of_zero_is_the_smallest():
    assert 0 < sequential_p([0.0, 1.0], [0.5, 1.0]) < 1e-100


@pytest.mark.parametrize(
    ("looks", "alpha", "spending", "words"),
    [
        ([0.5, 0.4, 1.0], 0.025, "pocock", "never falls"),
        ([0.5, 1.1], 0.025, "pocock", "information"),
        (0.5, 0.025, "pocock", "information"),
        ([0.5, 1.0], 0.6, "pocock", "level"),
        ([0.5, 1.0], 0.025, "linear", "spending is one of"),
    ],
)
def test_what_cannot_be_is_refused(looks, alpha, spending, words):
    with pytest.raises(ValueError, match=words):
        nominal_levels(looks, alpha, spending)


def test_information_beyond_all_is_refused():
    with pytest.raises(ValueError, match="information"):
        spent_alpha(1.2, 0.025)


def test_where_no_level_rejects_it_is_one():
    # smaller than .5, and still beyond every boundary of a total of .5
    assert sequential_p([[0.49, 0.499]], [0.5, 1.0]) == pytest.approx([1.0])
    assert sequential_p([[0.3, 0.9]], [0.1, 1.0]) == pytest.approx([1.0])
