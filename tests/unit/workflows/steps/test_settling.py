"""What would settle each axis: a number, and where it comes from."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.claims.transfer.conftest import binary_cell, claim_of

from quantassay.claims.transfer.claimed import Claimed, read_claim
from quantassay.claims.transfer.critical import critical_readings
from quantassay.claims.transfer.mix import TOGETHER, reweighted
from quantassay.claims.transfer.refusals import Mix
from quantassay.records.deployment import CriticalStratum, Deployment
from quantassay.records.transfer import Axis, Measurement, Reweighted
from quantassay.workflows.plan import plan
from quantassay.workflows.steps.settling import planned, settle


@pytest.fixture
def claim(tmp_path: Path) -> Claimed:
    cells = [
        binary_cell({}, 12, 900),
        binary_cell({"place": "day"}, 0, 600),
        binary_cell({"place": "night"}, 12, 300),
    ]
    path = tmp_path / "claim.json"
    path.write_text(json.dumps(claim_of(cells, {"place": {"day": 600, "night": 300}}, 900)))
    return read_claim(path)


def at(claim: Claimed, margin: float = 0.02, declared: bool = True, **shares: float) -> Reweighted:
    mix = Mix("place", shares, declared=declared)
    return reweighted(claim, claim.candidates[0], claim.metric("top1"), mix, margin)


def settled(claim: Claimed, name: str, *readings, status="differs", **said) -> Measurement:
    axis = Axis(name, status, "", None, None, "", gates=True)
    return settle(claim, claim.candidates[0], Deployment("d", **said), axis, readings)


def test_a_changed_model_needs_the_n_of_a_plan_with_targets(claim) -> None:
    found = settled(claim, "quantized model", at(claim, day=0.9, night=0.1))
    assert (found.labelled, found.source) == (True, "plan")
    # 12 of 900 changed: at most 1.8 % of them, at 80 % confidence
    assert found.command == "quantassay plan --metric top1 --margin 0.02 --discordance 0.018"
    assert found.n == plan(margin=0.02, discordance=0.018).cells[0].outlooks[0].needed


def test_another_stack_needs_no_targets(claim) -> None:
    found = settled(claim, "executor: processor", status="implicit", metric="top1", margin=0.05)
    assert not found.labelled
    assert "--margin 0.05" in found.command
    assert found.words.startswith("say executor: processor in the deployment; if it differs: ")


def test_a_throughput_needs_timed_pairs(claim) -> None:
    assert settled(claim, "throughput").n == 12


def test_a_stratum_that_was_not_measured_is_measured(claim) -> None:
    found = settled(claim, "strata mix", at(claim, day=0.5, dawn=0.5))
    assert "place=dawn, with targets" in found.words
    assert found.n is not None


def test_a_stratum_that_may_not_degrade_needs_samples_of_its_own(claim) -> None:
    there = Deployment("d", critical=(CriticalStratum({"place": "night"}, margin=0.05),))
    one = critical_readings(claim, claim.candidates[0], there, [claim.metric("top1")])
    assert one[0].verdict == "inconclusive"
    found = settled(claim, "critical strata", *one)
    # 12 of 300 changed there, all of them losses: a loss of .8 margins
    assert found.command.endswith("--margin 0.05 --discordance 0.053 --loss 0.8")
    assert found.n > 300
    assert "place=night" in found.words
    beyond = replace(one[0], margin=0.038)
    assert settled(claim, "critical strata", beyond).n is None


def test_a_wide_interval_needs_samples_of_its_strata(claim) -> None:
    open_one = at(claim, margin=0.025, day=0.6, night=0.4)
    found = settled(claim, "strata mix", open_one)
    assert found.source == "limits"
    assert found.n > 900
    shared = settled(claim, "strata mix", replace(open_one, method=TOGETHER))
    assert shared.n > found.n


def test_nothing_settles_what_is_shown(claim) -> None:
    assert settled(claim, "strata mix", at(claim, night=1.0)).n is None
    beyond = at(claim, margin=0.03, day=0.1, night=0.9)
    assert beyond.verdict == "inconclusive"
    found = settled(claim, "strata mix", beyond)
    assert (found.n, "no number of samples would" in found.words) == (None, True)


def test_a_mix_that_nobody_says_is_counted_as_closely_as_matters(claim) -> None:
    one = at(claim, margin=0.025, declared=False, day=2 / 3, night=1 / 3)
    assert one.shift is not None
    found = settled(claim, "strata mix", one, status="implicit")
    assert not found.labelled
    assert found.n == -(-0.25 * (1.96 / one.shift.share) ** 2 // 1)


def test_where_no_mix_would_turn_it_none_need_be_counted(claim) -> None:
    one = at(claim, margin=0.2, declared=False, day=2 / 3, night=1 / 3)
    found = settled(claim, "strata mix", one, status="implicit")
    assert (found.n, "no mix of them" in found.words) == (None, True)


def test_where_no_shift_is_known_shares_are_counted_to_five_points(claim) -> None:
    one = replace(at(claim, declared=False, day=2 / 3, night=1 / 3), shift=None)
    assert settled(claim, "strata mix", one, status="implicit").n == 385


@pytest.mark.parametrize(
    ("metric", "margin"), [(None, 0.1), ("top1", None), ("top1", 1e-9), ("nothing-such", 0.1)]
)
def test_what_cannot_be_planned_has_no_number(metric, margin) -> None:
    n, command = planned(metric, margin, None, 0.95)
    assert n is None
    assert command.startswith("quantassay plan")


def test_a_name_from_a_claim_cannot_leave_the_command() -> None:
    assert "'top1; rm -rf x'" in planned("top1; rm -rf x", 0.1, None, 0.9)[1]
