from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from quantassay.records.cells import CandidateVerdict, Verdict
from quantassay.records.speed import SpeedVerdict
from quantassay.reports.subject import Subject
from quantassay.reports.verdict import banner


@pytest.fixture
def result(factory: ModuleType) -> Any:
    """One candidate, fp16, that passes on accuracy."""
    return factory.passing()


def judged(result: Any, verdict: Verdict, declared: float, **ruling: Any) -> Subject:
    found = SpeedVerdict(declared, verdict, "0.79 is below", 0.9, 0.001, 42.0)
    speeds = tuple(
        replace(speed, verdict=found if speed.variant == "fp16" else None)
        for speed in result.speeds
    )
    one = CandidateVerdict(**{"verdict": verdict, "reason": "the speed-up", **ruling})
    comparison = replace(result.comparison, verdict=one.verdict, candidates={"fp16": one})
    changed = replace(result, speeds=speeds, comparison=comparison)
    return Subject(comparison, result.metrics, changed)


def test_the_speed_verdict_stands_beside_the_accuracy(result: Any) -> None:
    (ruling,) = banner(judged(result, "pass", 0.5)).rulings
    assert "throughput 0.81× [0.79, 0.84] against fp32 (offline, 24 random blocks); speed-up of " \
        "0.5× declared: PASS" in ruling.facts  # fmt: skip


def test_a_pass_names_the_speed_up_that_it_rests_on(result: Any) -> None:
    assert banner(judged(result, "pass", 0.5)).headline.endswith(
        "The declared speed-up is reached: fp16."
    )


def test_a_candidate_that_is_only_too_slow_is_called_so(result: Any) -> None:
    made = banner(judged(result, "fail", 1.5, deciding=("speed-up",)))
    assert made.headline == "Slower than the declared speed-up: fp16."
    (ruling,) = made.rulings
    assert ruling.deciding == (
        "speed-up (above): 0.79 is below; about 42 s of timing would settle it",
    )


def test_one_that_cannot_be_told_is_open(result: Any) -> None:
    made = banner(judged(result, "inconclusive", 0.8, deciding=("speed-up",)))
    assert made.headline == "Neither above nor below the declared speed-up: fp16."


@pytest.mark.parametrize("verdict", ["fail", "inconclusive", "insufficient"])
def test_a_pass_over_a_speed_up_that_does_not_pass_is_refused(
    result: Any, verdict: Verdict
) -> None:
    subject = judged(result, verdict, 1.5)
    one = CandidateVerdict("pass", "all pass")
    comparison = replace(subject.comparison, verdict="pass", candidates={"fp16": one})
    with pytest.raises(ValueError, match="'fp16' passes, but its speed-up is"):
        banner(replace(subject, comparison=comparison))


def test_a_speed_up_that_passes_beside_an_interval_that_holds_it_is_refused(result: Any) -> None:
    with pytest.raises(ValueError, match="interval down to what was declared"):
        banner(judged(result, "pass", 0.8))
