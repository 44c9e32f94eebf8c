from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from quantassay import stats
from quantassay.records.cells import CandidateVerdict
from quantassay.records.speed import SpeedVerdict
from quantassay.verdicts.cells import judge
from quantassay.verdicts.overall import WORST_FIRST, withheld
from quantassay.verdicts.speed import (
    ALONE,
    SPEEDUP,
    Family,
    Timing,
    family,
    level_of,
    speed_verdict,
    untimed,
    with_speed,
    withheld_speed,
)

ALPHA, NONE = 0.025, Family()


def logs_at(ratio, spread=0.05, blocks=20):
    """Log ratios of exactly this mean and spread."""
    z = np.random.default_rng(blocks).normal(size=blocks)
    return np.log(ratio) + spread * (z - z.mean()) / z.std(ddof=1)


def judged(ratio, declared=1.2, cells=NONE, times=1, **more):
    return speed_verdict(Timing(logs_at(ratio, **more), 8.0, times), declared, ALPHA, cells)


def decided(verdict, deciding=("top1",)):
    return CandidateVerdict(verdict, "as the cells are", deciding=deciding)


def speed(verdict):
    return SpeedVerdict(1.2, verdict, "as timed", 0.5, 0.5)


def test_passes_where_the_interval_lies_above():
    found = judged(1.4)
    low = stats.speed_ratio(logs_at(1.4)).low
    assert (found.verdict, found.needed_seconds) == ("pass", None)
    assert low > 1.2 and f"[{low:.4g}" in found.reason
    assert found.p_within == stats.speed_p_within(logs_at(1.4), 1.2)


def test_fails_where_it_is_slower():
    found = judged(1.0)
    assert found.verdict == "fail"
    assert found.p_beyond == stats.speed_p_beyond(logs_at(1.0), 1.2)


def test_is_inconclusive_where_the_machine_is_too_noisy():
    found = judged(1.25, spread=0.3)
    assert found.verdict == "inconclusive"
    assert "too noisy to tell" in found.reason and "20 blocks" in found.reason
    blocks = stats.speed_needed_blocks(logs_at(1.25, 0.3), 1.2, ALPHA / 2)
    assert found.needed_seconds == pytest.approx(8.0 * blocks / 20)


def test_names_no_time_where_none_would_do():
    assert judged(1.2, spread=0.3).needed_seconds is None


@pytest.mark.parametrize(
    ("logs", "why"),
    [(logs_at(9.0, blocks=9), "9 blocks"), (np.full(20, 1.0), "no spread"), ([], "0 blocks")],
)
def test_what_cannot_be_judged_is_insufficient(logs, why):
    found = speed_verdict(Timing(np.array(logs), 1.0), 1.2, ALPHA)
    assert (found.verdict, found.p_within, found.p_beyond) == ("insufficient", None, None)
    assert why in found.reason


def test_a_fail_is_adjusted_with_the_cells_left():
    ratio = next(r for r in np.linspace(1.2, 1.1, 500) if judged(r).verdict == "fail")
    alone, among = judged(ratio), judged(ratio, cells=Family(9, 0))
    assert among.p_beyond == pytest.approx(10 * alone.p_beyond)
    assert among.verdict == "inconclusive" and "Holm" in among.reason
    assert judged(ratio, cells=Family(9, 9)).verdict == "fail"


def test_a_family_is_what_the_cells_say(group):
    cells = judge("a", "b", [group([(0, 0, 900), (400, 0, 900)], [0.02, 0.02])], 0.95, reserved=1)
    watched = judge("a", "b", [group([(0, 0, 900)], [0.02], role="watch")], 0.95)
    assert family([*cells, *watched]) == Family(2, 1)
    assert family([*cells, *watched]).factor == 2


def test_timing_again_until_it_passes_gains_at_most_alpha():
    assert level_of(1, ALPHA) == ALPHA
    assert sum(level_of(k, ALPHA) for k in range(2, 10_000)) < ALPHA
    ratio = next(r for r in np.linspace(1.2, 1.4, 500) if judged(r).verdict == "pass")
    again = judged(ratio, times=2)
    assert again.verdict == "inconclusive" and "timing again" in again.reason
    assert judged(1.6, times=5).verdict == "pass"
    assert judged(0.9, times=5).verdict == "fail"


def test_swapping_sides_mirrors():
    for ratio in np.linspace(0.9, 1.6, 29):
        logs = logs_at(ratio)
        one = speed_verdict(Timing(logs, 1.0), 1.2, ALPHA)
        other = speed_verdict(Timing(-logs, 1.0), 1 / 1.2, ALPHA)
        mirrored = {"pass": "fail", "fail": "pass"}
        assert other.verdict == mirrored.get(one.verdict, one.verdict)
        assert (one.p_within, one.p_beyond) == pytest.approx((other.p_beyond, other.p_within))


@pytest.mark.parametrize(("declared", "times"), [(1.0, 1), (1.5, 1), (1.2, 2)])
def test_no_pass_more_often_than_its_level(declared, times):
    # at the boundary, and alike but for it, each sign of a log ratio is as likely as the other
    signs = np.array(list(product([-1, 1], repeat=10)))
    logs = np.log(declared) + signs * np.arange(1, 11) / 100
    away = (logs - np.log(declared)).mean(axis=1) / logs.std(axis=1, ddof=1) * np.sqrt(10)
    above = logs[away > 1.5]  # no other passes
    found = [speed_verdict(Timing(row, 1.0, times), declared, ALPHA).verdict for row in above]
    assert 0 < found.count("pass") / len(logs) <= level_of(times, ALPHA)


@pytest.mark.parametrize(("own", "pace"), list(product(WORST_FIRST, repeat=2)))
def test_a_candidate_gets_the_worse_of_both(own, pace):
    found = with_speed(decided(own), speed(pace))
    worse = min(own, pace, key=WORST_FIRST.index)
    assert found.verdict == worse
    assert (SPEEDUP in found.deciding) == (pace == worse)
    assert ("top1" in found.deciding) == (own == worse)
    assert ("as timed" in found.reason) == (pace == worse)


@pytest.mark.parametrize("pace", WORST_FIRST)
def test_a_speed_up_alone_is_no_pass(pace):
    found = with_speed(CandidateVerdict(None, "nothing was judged"), speed(pace))
    assert found.verdict == ("inconclusive" if pace == "pass" else pace)
    assert pace != "pass" or found.reason == ALONE


@pytest.mark.parametrize("pace", WORST_FIRST)
def test_what_is_withheld_stays_withheld(pace):
    kept = withheld(decided("pass"), "nothing was quantized")
    assert with_speed(kept, speed(pace)) == kept
    assert withheld_speed(speed(pace), "nothing").verdict == "insufficient"


def test_what_was_not_timed_is_insufficient():
    found = untimed(1.2, "its answers are recorded ones")
    assert found.verdict == "insufficient" and "recorded" in found.reason
    assert with_speed(decided("pass"), found).verdict == "insufficient"
