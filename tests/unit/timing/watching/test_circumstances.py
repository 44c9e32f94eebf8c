from __future__ import annotations

import pytest

from quantassay.timing.watching.circumstances import (
    course,
    frequency_findings,
    held_back_facts,
    held_back_findings,
    load_findings,
    other_load,
    stolen_words,
)
from quantassay.timing.watching.glances import Stretch
from quantassay.timing.watching.processor_state import HeldBack

NOTHING = HeldBack(None, None, None, None)


def stretches(*others, stolen=0.0):
    return [
        Stretch(0.5, 0.5, 0.5 * one, None if stolen is None else 0.5 * stolen) for one in others
    ]


def test_mean_and_largest_of_other_load():
    assert other_load(stretches(0.0, 1.0, 0.2)) == (pytest.approx((0.4, 1.0)), "")


def test_noise_of_ticks_is_not_below_zero():
    assert other_load(stretches(-0.04, -0.02))[0] == (0.0, 0.0)


def test_counters_that_miss_our_own_work_are_not_believed():
    found, why = other_load(stretches(-0.9, -1.0))
    assert found is None
    assert "less processor time" in why
    assert load_findings(stretches(-0.9, -1.0)) == []


def test_nothing_seen_is_no_zero():
    found, why = other_load([])
    assert found is None
    assert why
    assert load_findings([]) == []


@pytest.mark.parametrize("others", [[0.6] * 10, [0.0] * 8 + [1.5] * 2])
def test_load_that_matters_is_found(others):
    (text,) = load_findings(stretches(*others))
    assert "other processes kept" in text


@pytest.mark.parametrize("others", [[0.4] * 10, [0.0] * 19 + [1.5]])
def test_load_that_does_not_is_not(others):
    assert load_findings(stretches(*others)) == []


def test_steal():
    assert "steal" in load_findings(stretches(0.0, 0.0, stolen=0.2))[0]
    assert stolen_words(stretches(0.0, stolen=0.2)).startswith("0.20 cores on average")
    assert stolen_words(stretches(0.0, stolen=None)).startswith("not available")


def test_a_frequency_that_fell():
    (text,) = frequency_findings([4500.0] * 4 + [4000.0] * 8 + [3200.0] * 4)
    assert "fell from 4.50 to 3.20 GHz" in text


@pytest.mark.parametrize("values", [[4500.0] * 10 + [4200.0] * 6, [4000.0, 2000.0], [2e3, 4e3] * 8])
def test_a_frequency_that_did_not(values):
    assert frequency_findings(values) == []


def test_course_of_a_figure():
    words = course([4500.0, 4400.0, 3000.0, 3100.0], "GHz", "scaling_cur_freq", 1e-3)
    assert words == (
        "4.5 GHz at first, 3.1 at last, 3 to 4.5 in all (scaling_cur_freq, after trials)"
    )
    assert course([], "GHz", "no cpufreq") == "not available: no cpufreq"


def test_what_held_it_back():
    before, after = HeldBack(5, 1, 1.0, 0.5), HeldBack(12, 4, 2.0, 0.5)
    hot, quota = held_back_findings(before, after)
    assert "throttled 7 times" in hot
    assert "used up in 3 periods" in quota
    facts = held_back_facts(before, after, 4.0)
    assert facts["throttling"] == "7 times because of heat"
    assert facts["quota"] == "used up in 3 periods"
    assert facts["pressure"].startswith("in 25 % of the time some task waited")
    assert facts["pressure in the container"].startswith("in 0 % of the time")


def test_nothing_held_it_back_or_nobody_knows():
    calm = HeldBack(5, 1, 1.0, 0.5)
    assert held_back_findings(calm, calm) == []
    assert held_back_findings(NOTHING, NOTHING) == []
    facts = held_back_facts(NOTHING, NOTHING, 4.0)
    assert all(text.startswith("not available: no ") for text in facts.values())
