from __future__ import annotations

import numpy as np
import pytest
from scipy import stats as laws

from quantassay.claims.transfer.claimed import read_claim
from quantassay.claims.transfer.mix import APART, TOGETHER, reweighted, separate
from quantassay.claims.transfer.refusals import Mix
from quantassay.records.transfer import Reweighted
from quantassay.stats import binary_interval, standardized


def at(claim, margin: float | None = 0.02, metric: str = "top1", **shares: float) -> Reweighted:
    mix = Mix("place", shares)
    return reweighted(claim, claim.candidates[0], claim.metric(metric), mix, margin)


def test_the_loss_is_the_weighted_mean_and_its_interval_movers(claim) -> None:
    found = at(claim, day=0.9, night=0.1)
    cells = [claim.candidates[0].cell("top1", {"place": place}) for place in ("day", "night")]
    ends = np.array([cell.interval for cell in cells]).T
    wanted = standardized([0.0, 0.04], (ends[0], ends[1]), [0.9, 0.1])
    assert (found.loss, *found.interval) == pytest.approx(tuple(map(float, wanted)))
    assert (found.method, found.verdict, found.n) == (APART, "pass", 900)


def test_a_mix_of_more_nights_no_longer_passes_and_then_fails(claim) -> None:
    assert at(claim, day=0.5, night=0.5).verdict == "inconclusive"
    assert at(claim, night=1.0).verdict == "fail"
    assert at(claim, margin=0.1, night=1.0).verdict == "pass"
    assert at(claim, margin=None, night=1.0).verdict is None


def test_the_mix_of_the_test_set_is_read_from_the_whole(claim) -> None:
    found = at(claim, day=2 / 3, night=1 / 3)
    whole = claim.candidates[0].cell("top1", {})
    assert found.interval == whole.interval
    assert found.method.startswith("the claim's own cell")


@pytest.mark.parametrize(
    ("shares", "metric", "reason"),
    [
        ({"day": 0.5, "dawn": 0.5}, "top1", "place=dawn: was not measured"),
        ({"day": 1.0}, "auroc", "auroc is no mean over samples (area under the ROC curve)"),
    ],
)
def test_what_was_not_measured_is_refused_without_a_figure(claim, shares, metric, reason) -> None:
    found = at(claim, metric=metric, **shares)
    assert found.verdict == "insufficient"
    assert found.refused[0].startswith(reason)
    assert (found.loss, found.interval, found.shift) == (None, None, None)


def test_a_stratum_without_a_share_need_not_be_measured(claim) -> None:
    assert at(claim, day=1.0, dawn=0.0).verdict == "pass"


def test_a_dimension_that_is_not_there_names_the_nearest(claim) -> None:
    mix = Mix("places", {"day": 1.0})
    found = reweighted(claim, claim.candidates[0], claim.metric("top1"), mix, 0.02)
    assert "no cells by 'places' (did you mean 'place'?): it has 'place'" in found.reason


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"verdict": "insufficient", "reason": "too few"}, "its verdict is insufficient (too few)"),
        ({"interval": None, "reason": "one cluster"}, "has no interval (one cluster)"),
        ({"loss": None, "changed": 4}, "its loss is open without targets"),
        ({"exploratory": True}, "was found by looking"),
        ({"look": {"number": 1, "of": 2, "level": 0.01}}, "different looks"),
    ],
)
def test_a_stratum_that_says_too_little_is_refused(edited, fields, reason: str) -> None:
    from dataclasses import fields as names

    from quantassay.records.looks import Look

    if "look" in fields:
        known = {"number": 1, "of": 2, "level": 0.01, "final": True}
        rest = {f.name: 1 for f in names(Look) if f.name not in known}
        fields = {"look": {**known, **rest}}
    found = at(edited(2, fields), day=0.5, night=0.5)
    assert found.verdict == "insufficient"
    assert reason in found.reason


@pytest.mark.parametrize(("verdict", "deciding"), [("insufficient", []), (None, [])])
def test_a_candidate_without_a_verdict_has_none_elsewhere(raw, write, verdict, deciding) -> None:
    decision = {"verdict": verdict, "reason": "it changed nothing", "deciding": deciding}
    raw["candidates"]["int8"]["decision"].update(decision)
    found = at(read_claim(write(raw)), day=1.0)
    assert found.verdict == "insufficient"
    assert "gives int8 no verdict: it changed nothing" in found.reason


def test_a_reference_with_too_little_to_lose_gives_no_pass(edited) -> None:
    found = at(edited(1, {"reference_value": 0.015}), day=1.0)
    assert found.verdict == "insufficient"
    assert "all that it has to lose" in found.reason


def test_a_mix_that_was_counted_passes_only_where_its_error_allows(claim) -> None:
    def counted(day: int, night: int) -> Reweighted:
        n = day + night
        mix = Mix(
            "place", {"day": day / n, "night": night / n}, counts={"day": day, "night": night}
        )
        return reweighted(claim, claim.candidates[0], claim.metric("top1"), mix, 0.012)

    assert counted(9_500, 500).verdict == "pass"
    few = counted(19, 1)
    assert few.verdict == "inconclusive"
    assert "but 20 samples leave mixes open" in few.reason


def test_clusters_that_reach_over_strata_are_told_from_their_number(edited) -> None:
    claim = edited(0, {"clusters": 450})
    for at_cell, clusters in ((1, 300), (2, 150)):
        claim = edited(at_cell, {"clusters": clusters})
    assert separate(claim.candidates[0], "top1", "place")
    claim = edited(2, {"clusters": 300})
    assert not separate(claim.candidates[0], "top1", "place")
    wide = at(claim, day=0.9, night=0.1)
    assert wide.method == TOGETHER
    assert wide.interval[1] > at(edited(2, {"clusters": 150}), day=0.9, night=0.1).interval[1]


def test_limits_of_an_unknown_kind_are_added(edited) -> None:
    assert at(edited(1, {"method": "a new one"}), day=0.9, night=0.1).method == TOGETHER


def test_at_the_margin_few_mixes_pass(claim) -> None:
    """The chance of a PASS where the true loss at the mix is the margin, by enumeration."""
    n, lost, share = 60, 0.05, 0.8
    margin = share * lost
    counts = np.arange(15)
    chance = laws.binom.pmf(counts, n, lost)
    low, high = binary_interval(counts, 0, n, 0.025)
    quiet = [float(end) for end in binary_interval(0, 0, 200, 0.025)]
    passes = 0.0
    for b, p in zip(counts, chance, strict=True):
        ends = ([low[b], quiet[0]], [high[b], quiet[1]])
        passes += p * (standardized([b / n, 0.0], ends, [share, 1 - share])[2] < margin)
    assert passes <= 0.025


def test_a_score_that_is_better_low_has_the_rest_to_lose(raw, write) -> None:
    """An error rate of .99 cannot rise by more than .01."""
    raw["metrics"][0]["higher_is_better"] = False
    for cell in raw["candidates"]["int8"]["accuracy"]:
        cell.update(reference_value=0.99)
    found = at(read_claim(write(raw)), day=0.95, night=0.05)
    assert (found.verdict, "all that it has to lose" in found.reason) == ("insufficient", True)
    for cell in raw["candidates"]["int8"]["accuracy"]:
        cell.update(reference_value=0.01)
    assert at(read_claim(write(raw)), day=0.95, night=0.05).verdict == "pass"


def test_a_stratum_that_was_neither_counted_nor_measured_may_have_a_share(edited) -> None:
    """20 samples without a night leave nights of one in ten open, which may lose everything."""
    claim = edited(2, {"verdict": "insufficient"})

    def counted(days: int, metric: str) -> Reweighted:
        mix = Mix("place", {"day": 1.0, "night": 0.0}, counts={"day": days, "night": 0})
        return reweighted(claim, claim.candidates[0], claim.metric(metric), mix, 0.02)

    assert counted(20, "top1").verdict == "inconclusive"
    assert counted(20_000, "top1").verdict == "pass"


def test_a_loss_without_a_largest_value_leaves_the_end_open(raw, write) -> None:
    raw["metrics"][0]["unit"] = "nats"
    raw["candidates"]["int8"]["accuracy"][2].update(verdict="insufficient")
    claim = read_claim(write(raw))
    mix = Mix("place", {"day": 1.0, "night": 0.0}, counts={"day": 20_000, "night": 0})
    found = reweighted(claim, claim.candidates[0], claim.metric("top1"), mix, 0.02)
    assert (found.verdict, "has no end" in found.reason) == ("inconclusive", True)


@pytest.mark.parametrize("verdict", ["inconclusive", None])
@pytest.mark.parametrize("shares", [{"day": 2 / 3, "night": 1 / 3}, {"day": 1.0}])
def test_a_pass_that_the_claim_withholds_is_none_elsewhere(edited, shares, verdict) -> None:
    """Its interval ends below the margin, and the claim gives no pass: for its raters alone."""
    why = {"verdict": verdict, "reason": "these raters alone", "margin": 0.06}
    found = at(edited(0, why), margin=0.06, **shares)
    assert found.verdict == "insufficient"
    assert "its pass is withheld (these raters alone)" in found.reason


def test_the_whole_without_a_verdict_bars_its_strata_unless_it_is_but_small(edited) -> None:
    blind = {"verdict": "insufficient", "reason": "the reference is at its worst"}
    assert "the whole test set: its verdict" in at(edited(0, blind), day=1.0).reason
    assert at(edited(0, {**blind, "floor_n": 901}), day=1.0).verdict == "pass"


def test_a_described_stratum_of_a_run_that_could_stop_is_refused(edited) -> None:
    look = {"number": 1, "of": 5, "n_max": 5000, "level": 0.025, "final": True}
    described = {"look": look, "role": "described", "margin": None, "verdict": None}
    found = at(edited(1, described), day=1.0)
    assert (found.verdict, "of a single look" in found.reason) == ("insufficient", True)
