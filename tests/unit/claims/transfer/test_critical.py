from __future__ import annotations

import pytest

from quantassay.claims.transfer.claimed import read_claim
from quantassay.claims.transfer.critical import critical_axis, critical_readings
from quantassay.records.deployment import CriticalStratum, Deployment
from quantassay.records.transfer import CriticalReading


def reading(claim, *, place: str = "night", there=None, **more) -> CriticalReading:
    there = Deployment("d", critical=(CriticalStratum({"place": place}, **more),), **(there or {}))
    metrics = [known] if (known := claim.metric(there.metric or "top1")) else []
    (found,) = critical_readings(claim, claim.candidates[0], there, metrics)
    return found


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({}, "fail"),  # by the claim's own margin of .02
        ({"margin": 0.04}, "inconclusive"),
        ({"margin": 0.1}, "pass"),
        ({"place": "day"}, "pass"),
        ({"place": "dawn", "margin": 0.5}, "insufficient"),
        ({"metric": "top5"}, "insufficient"),
        ({"metric": "auroc"}, "insufficient"),
    ],
)
def test_each_stratum_by_its_own_cell(claim, more, verdict) -> None:
    found = reading(claim, **more)
    assert found.verdict == verdict
    assert found.reason


@pytest.mark.parametrize(
    ("margin", "there", "used"),
    [
        (None, None, (0.02, "claim")),
        (None, 0.01, (0.01, "deployment")),
        (None, 0.3, (0.02, "claim")),  # a wider one never loosens the claim's
        (0.1, 0.01, (0.1, "deployment")),
    ],
)
def test_the_smaller_margin_holds_unless_the_stratum_has_its_own(claim, margin, there, used):
    found = reading(claim, margin=margin, there={"metric": "top1", "margin": there})
    assert (found.margin, found.margin_of) == used


def test_a_margin_of_another_metric_is_none_of_this_one(claim) -> None:
    found = reading(claim, metric="top1", there={"metric": "auroc", "margin": 0.001})
    assert (found.margin, found.margin_of) == (0.02, "claim")


def test_an_unknown_metric_hides_no_stratum_that_was_not_measured(claim) -> None:
    found = reading(claim, place="dawn", there={"metric": "acc"})
    assert found.verdict == "insufficient"
    assert "no metric 'acc', and place=dawn was not measured: the claim has" in found.reason
    assert "'place=day', 'place=night'" in found.reason


def test_what_was_insufficient_stays_so_at_any_margin(edited) -> None:
    claim = edited(2, {"verdict": "insufficient", "reason": "too few"})
    assert reading(claim, margin=0.9).verdict == "insufficient"


def test_without_a_margin_nothing_is_judged(edited) -> None:
    assert reading(edited(2, {"margin": None})).verdict is None


def test_a_reference_with_too_little_to_lose(edited) -> None:
    claim = edited(2, {"reference_value": 0.05})
    assert reading(claim, margin=0.08).verdict == "insufficient"


def test_a_score_that_is_better_low_has_the_rest_to_lose(raw, write) -> None:
    raw["metrics"][0]["higher_is_better"] = False
    raw["candidates"]["int8"]["accuracy"][2]["reference_value"] = 0.95
    assert reading(read_claim(write(raw)), margin=0.1).verdict == "insufficient"
    raw["candidates"]["int8"]["accuracy"][2]["reference_value"] = 0.05
    assert reading(read_claim(write(raw)), margin=0.1).verdict == "pass"


def test_a_pass_that_the_claim_withholds_is_none(edited) -> None:
    claim = edited(2, {"margin": 0.1, "verdict": "inconclusive", "reason": "these raters alone"})
    assert "its pass is withheld (these raters alone)" in reading(claim).reason


def test_the_axis_names_the_first_that_does_not_pass(claim) -> None:
    assert critical_axis([]) == []
    good, bad = reading(claim, place="day"), reading(claim)
    (same,), (differs,) = critical_axis([good]), critical_axis([good, bad])
    assert (same.status, same.gates) == ("same", False)
    assert (differs.status, differs.gates) == ("differs", True)
    assert differs.why.startswith("top1 @ place=night")
