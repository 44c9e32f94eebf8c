from __future__ import annotations

import numpy as np
import pytest

from quantassay.verdicts.speed import SPEEDUP
from quantassay.workflows.steps.comparing import compared
from quantassay.workflows.steps.grounds import withhold
from quantassay.workflows.steps.timing.speedup import (
    NOT_KEPT,
    RECORDED,
    REFERENCE,
    held_back,
    not_timed,
    speedups,
    with_speedups,
)

FAST, EVEN = {"int8": 2.0, "int4": 2.0}, {"int8": 1.0, "int4": 2.0}


@pytest.fixture
def race(contest):
    """Verdicts on accuracy, and those together with a speed-up, of candidates so fast."""

    def run(ratios, speedup=1.2, **changes):
        exam, answers, trials = contest(
            ratios, timing={"blocks": 12, "speedup": speedup, **changes}
        )
        accuracy = compared(exam, answers)[0]
        found = speedups(exam, accuracy, trials, {})
        return accuracy, found, with_speedups(accuracy, found)

    return run


def test_a_candidate_that_is_too_slow_fails(race):
    accuracy, found, both = race(EVEN)
    assert accuracy.candidates["int8"].verdict == "pass"
    assert both.candidates["int8"].verdict == found.verdicts["int8"].verdict == "fail"
    assert both.candidates["int8"].deciding == (SPEEDUP,)
    assert both.verdict == "fail"


def test_one_that_loses_too_much_fails_however_fast(race):
    _, found, both = race(FAST)
    assert found.verdicts["int4"].verdict == "pass"
    assert both.candidates["int4"].verdict == "fail"
    assert SPEEDUP not in both.candidates["int4"].deciding
    assert both.candidates["int8"].verdict == "pass"


def test_without_a_declared_speed_up_nothing_changes(race):
    accuracy, found, both = race(EVEN, speedup=None)
    assert both is accuracy and found.verdicts == {}
    assert found.passes("int8", 1e-9)


def test_a_pass_at_the_shared_level_needs_its_p(race):
    _, found, _ = race(FAST)
    p = found.verdicts["int8"].p_within
    assert found.passes("int8", p) and not found.passes("int8", p / 2)


def test_what_has_no_trials_is_insufficient(contest):
    exam, answers, trials = contest(FAST, timing={"speedup": 1.2})
    accuracy = compared(exam, answers)[0]
    del trials["int8"]
    found = speedups(exam, accuracy, trials, {})
    assert found.verdicts["int8"].verdict == "insufficient"
    assert with_speedups(accuracy, found).candidates["int8"].verdict == "insufficient"
    assert REFERENCE in not_timed(exam.rubric, "int8", 1.2).reason
    rubric = exam.rubric.model_copy(deep=True)
    rubric.variants["fp32"] = rubric.variants["fp32"].model_copy(
        update={"predictions": None, "model": "fp32.onnx"}
    )
    assert RECORDED in not_timed(rubric, "int8", 1.2).reason
    rubric.variants["int8"] = rubric.variants["fp32"]
    assert NOT_KEPT in not_timed(rubric, "int8", 1.2).reason


def test_grounds_withhold_the_speed_up_too(race):
    _, found, both = race(FAST)
    final = withhold(both, {"int8": "nothing was quantized"})
    kept = held_back(found, final).verdicts
    assert (kept["int8"].verdict, kept["int8"].reason) == ("insufficient", "nothing was quantized")
    assert kept["int4"] == found.verdicts["int4"]


def test_blocks_that_are_not_shared_do_not_count(contest):
    exam, answers, trials = contest(FAST, timing={"speedup": 1.2})
    trials["int8"] = [type(one)(one.latencies, one.span, one.samples, None, one.block + 6)
                      for one in trials["int8"]]  # fmt: skip
    found = speedups(exam, compared(exam, answers)[0], trials, {})
    assert "6 blocks" in found.verdicts["int8"].reason


def test_accuracy_is_adjusted_for_the_speed_up_beside_it(contest):
    lost = {"int8": (2, 2), "int4": (2, 45)}
    plain, answers, _ = contest(FAST, lost, timing={})
    sped, _, _ = contest(FAST, lost, timing={"speedup": 1.2})
    assert (plain.question.reserved, sped.question.reserved) == (0, 1)
    before, after = (
        [c.p_beyond_adjusted for c in compared(exam, answers)[0].cells if c.candidate == "int4"]
        for exam in (plain, sped)
    )
    known = [(a, b) for a, b in zip(before, after, strict=True) if a is not None]
    assert all(a <= b for a, b in known) and any(a < b for a, b in known)
    assert np.isfinite([b for _, b in known]).all()
