from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from quantassay.records.cells import CandidateVerdict, Verdict
from quantassay.records.speed import Percentile, SpeedVerdict
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


def test_throughputs_themselves_stand_beside_their_ratio(result: Any) -> None:
    (ruling,) = banner(judged(result, "pass", 0.5)).rulings
    own, other = (
        next(speed for speed in result.speeds if speed.variant == name) for name in ("fp16", "fp32")
    )
    said = f"{own.throughput:,.0f} samples/s against {other.throughput:,.0f}"
    assert said in ruling.facts


def test_the_latency_of_single_queries_stands_there_too(result: Any) -> None:
    subject = judged(result, "pass", 0.5)
    tails = {"fp16": 0.002, "fp32": 0.00125}
    speeds = {
        name: replace(
            one, protocol="single-stream", latencies=(Percentile(0.99, tails[name], None),)
        )
        for name, one in subject.speeds.items()
        if name in tails
    }
    changed = replace(subject.result, speeds=tuple(speeds.values()))
    (ruling,) = banner(replace(subject, result=changed)).rulings
    assert any(fact.endswith("; p99 of a query 2.00 ms against 1.25 ms") for fact in ruling.facts)


def test_at_a_declared_rate_there_is_no_ratio(result: Any) -> None:
    subject = judged(result, "pass", 0.5)
    speeds = tuple(
        replace(one, protocol="server", rate=500.0, ratio=1.0, ratio_interval=None, verdict=None)
        for one in subject.speeds.values()
    )
    (ruling,) = banner(replace(subject, result=replace(subject.result, speeds=speeds))).rulings
    assert any(
        fact.startswith("throughput: the declared rate, as fp32; no ratio (server, ")
        for fact in ruling.facts
    )


def test_a_pass_names_the_speed_up_that_it_rests_on(result: Any) -> None:
    assert banner(judged(result, "pass", 0.5)).headline.endswith(
        "The declared speed-up is reached: fp16."
    )


def test_a_candidate_that_is_only_too_slow_is_called_so(result: Any) -> None:
    made = banner(judged(result, "fail", 1.5, deciding=("speed-up",)))
    assert made.headline == "Slower than the declared speed-up: fp16."
    (ruling,) = made.rulings
    assert ruling.deciding == (
        "speed-up (above): 0.79 is below; about 42 s of timing would settle it (timing.duration)",
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
