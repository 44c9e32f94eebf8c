from __future__ import annotations

import numpy as np
import pytest

from quantassay.claims.transfer.shifts import Strata, moved, smallest_shift, worst_within

LOSS, HIGH = np.array([0.0, 0.02, 0.06]), np.array([0.01, 0.03, 0.08])
NAMES = ["a", "b", "c"]


@pytest.mark.parametrize("apart", [True, False])
def test_the_shift_takes_the_upper_end_to_the_margin_and_no_less_would(apart: bool) -> None:
    strata, shares = Strata(NAMES, LOSS, HIGH, apart), np.array([0.7, 0.2, 0.1])
    shift = smallest_shift(strata, shares, 0.05)
    assert shift.turns == "no pass"
    assert {move.to for move in shift.moves} == {"c"}
    assert sum(move.share for move in shift.moves) == pytest.approx(shift.share)
    after = moved(shares, 2, np.array([0, 1]), shift.share)
    assert strata.upper(after) == pytest.approx(0.05, abs=1e-9)
    assert strata.upper(moved(shares, 2, np.array([0, 1]), shift.share - 1e-6)) < 0.05


def test_added_limits_need_the_smallest_shift_there_is() -> None:
    """Where the upper end is linear in the shares, a search over many mixes finds none smaller."""
    strata, shares = Strata(NAMES, LOSS, HIGH, apart=False), np.array([0.5, 0.3, 0.2])
    found = smallest_shift(strata, shares, 0.045)
    tried = np.random.default_rng(0).dirichlet([1, 1, 1], 20_000)
    turned = tried[tried @ HIGH >= 0.045]
    assert found.share <= np.abs(turned - shares).sum(axis=1).min() / 2 + 1e-9


def test_a_reading_that_does_not_pass_is_told_what_would() -> None:
    strata = Strata(NAMES, LOSS, HIGH, apart=True)
    shift = smallest_shift(strata, np.array([0.1, 0.1, 0.8]), 0.02)
    assert shift.turns == "a pass"
    assert shift.moves[0].origin == "c"
    assert shift.moves[0].to == "a"


def test_no_mix_turns_what_every_stratum_agrees_on() -> None:
    strata = Strata(NAMES, LOSS, HIGH, apart=True)
    assert smallest_shift(strata, np.array([0.2, 0.3, 0.5]), 0.1).share is None
    assert smallest_shift(strata, np.array([0.2, 0.3, 0.5]), 0.001).share is None


@pytest.mark.parametrize("apart", [True, False])
def test_the_bound_over_mixes_is_above_every_mix_in_the_box(apart: bool) -> None:
    from quantassay.stats import clopper_pearson

    strata, counts = Strata(NAMES, LOSS, HIGH, apart), np.array([12, 5, 3])
    bound = worst_within(strata, counts, 0.05)
    low, high = clopper_pearson(counts, 20, 0.05 / 6)
    tried = np.random.default_rng(1).dirichlet(counts + 1, 50_000)
    inside = tried[((tried >= low) & (tried <= high)).all(axis=1)]
    assert len(inside) > 1000
    assert max(strata.upper(mix) for mix in inside[:5000]) <= bound + 1e-12
    # for added limits the bound is reached
    if not apart:
        assert bound - (inside @ HIGH).max() < 0.01


def test_more_samples_leave_fewer_mixes() -> None:
    strata = Strata(NAMES, LOSS, HIGH, apart=True)
    few, many = (worst_within(strata, np.array([6, 3, 1]) * k, 0.05) for k in (1, 1000))
    assert strata.upper(np.array([0.6, 0.3, 0.1])) < many < few
