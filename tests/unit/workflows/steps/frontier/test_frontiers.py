from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quantassay import stats
from quantassay.evidence import Binary
from quantassay.verdicts.overall import overall_verdict, withheld
from quantassay.workflows.steps.comparing import compared
from quantassay.workflows.steps.frontier.basis import ONE_RATE, STOPPED, UNTIMED, Basis
from quantassay.workflows.steps.frontier.frontiers import frontiers
from quantassay.workflows.steps.timing.speedup import speedups, with_speedups

RATIOS = {"int8": 1.5, "int4": 3.0}
TIMING = {"blocks": 12}


def basis_of(exam, answers, trials, times=None):
    accuracy = compared(exam, answers)[0]
    found = speedups(exam, accuracy, trials, {})
    precisions = {name: name for name in answers}
    return Basis(
        exam, answers, with_speedups(accuracy, found), precisions, trials, found, times or {}
    )


def drawn(basis):
    (found,) = frontiers(basis)
    return found


def points(part):
    return {one.variant: one for one in part.points}


def test_the_fastest_passes_on_every_stratum(contest):
    found = drawn(basis_of(*contest(RATIOS, timing=TIMING)))
    assert (found.fastest, found.reason, found.candidates) == ("int8", "", 2)
    assert [(p.variant, p.verdict, p.passes) for p in found.whole.points] == [
        ("fp32", None, False),
        ("int8", "pass", True),
        ("int4", "fail", False),
    ]


def test_on_a_stratum_its_own_cells_decide(contest):
    found = drawn(basis_of(*contest(RATIOS, timing=TIMING)))
    fastest = {part.stratum["part"]: part.fastest for part in found.strata}
    assert fastest == {"a": "int4", "b": "int8"}
    assert points(found.strata[0])["int4"].verdict == "pass"


def test_both_sides_of_a_rectangle_hold_at_once(contest):
    basis = basis_of(*contest(RATIOS, timing=TIMING))
    found = points(drawn(basis).whole)["int8"]
    assert found.loss_interval == pytest.approx(stats.binary_interval(4, 0, 1200, 0.0125))
    logs = [np.log(a.throughput / b.throughput) for a, b in zip(
        basis.trials["int8"], basis.trials["fp32"], strict=True)]  # fmt: skip
    wide = stats.speed_ratio(logs, 0.975)
    assert (found.speed, found.speed_interval) == (wide.estimate, (wide.low, wide.high))
    home = points(drawn(basis).whole)["fp32"]
    assert (home.speed, home.loss) == (1.0, 0.0)


def test_who_is_slower_and_loses_more_is_dominated(contest):
    found = drawn(basis_of(*contest({"int8": 1.5, "int4": 0.7}, timing=TIMING)))
    assert points(found.whole)["int4"].dominated_by == ("fp32", "int8")
    assert points(found.whole)["int4"].p_dominated <= 0.025
    assert points(found.strata[0])["int4"].dominated_by == ()  # it loses no more there
    faster = drawn(basis_of(*contest(RATIOS, timing=TIMING)))
    assert all(not point.dominated_by for point in faster.whole.points)


def test_a_declared_speed_up_must_be_reached_too(contest):
    found = drawn(basis_of(*contest(RATIOS, timing={**TIMING, "speedup": 2.0})))
    assert found.fastest is None and "no candidate passes" in found.reason
    assert "no faster than declared" in found.guarantee


def test_a_candidate_at_the_edge_does_not_pass_at_the_shared_level(contest):
    losses = next(b for b in range(60, 0, -1) if stats.paired_binary(b, 0, 600, 0.05).verdict
                  == "pass")  # fmt: skip
    lost = {"int8": (0, losses), "int4": (0, losses)}
    found = drawn(basis_of(*contest(RATIOS, lost, timing=TIMING)))
    whole = points(found.whole)
    assert whole["int4"].verdict == "pass" and not whole["int4"].passes
    assert found.fastest is None
    assert points(found.strata[0])["int4"].passes


def test_what_is_withheld_is_never_chosen(contest):
    basis = basis_of(*contest(RATIOS, {"int8": (2, 2), "int4": (2, 2)}, timing=TIMING))
    assert drawn(basis).fastest == "int4"
    verdicts = dict(basis.comparison.candidates)
    verdicts["int4"] = withheld(verdicts["int4"], "nothing was quantized")
    kept = replace(basis.comparison, candidates=verdicts, verdict=overall_verdict(verdicts))
    found = drawn(replace(basis, comparison=kept))
    assert found.fastest == "int8" and all(part.fastest == "int8" for part in found.strata)


def test_who_does_not_gate_is_shown_and_never_chosen(contest):
    exam, answers, trials = contest(
        RATIOS, {"int8": (2, 2), "int4": (2, 2)}, timing=TIMING,
        variants={
            "fp32": {"predictions": "fp32.parquet"},
            "int8": {"predictions": "int8.parquet"},
            "int4": {"predictions": "int4.parquet", "gate": False},
        },
    )  # fmt: skip
    found = drawn(basis_of(exam, answers, trials))
    assert (found.candidates, found.fastest) == (1, "int8")
    assert points(found.whole)["int4"].speed > 2


def test_looks_that_nobody_declared_cost_a_choice(contest):
    parts = contest(RATIOS, {"int8": (0, 8), "int4": (0, 16)}, timing=TIMING)
    assert drawn(basis_of(*parts)).fastest == "int4"
    assert drawn(basis_of(*parts, times={"int4": 3})).fastest == "int8"


def test_without_common_blocks_nobody_is_dominated(contest):
    exam, answers, trials = contest({"int8": 1.5, "int4": 0.7}, timing=TIMING)
    trials["int4"] = [replace(one, block=one.block + 100) for one in trials["int4"]]
    trials["fp32"] += [replace(one, block=one.block + 100) for one in trials["fp32"]]
    found = drawn(basis_of(exam, answers, trials))
    assert points(found.whole)["int4"].dominated_by == ("fp32",)
    assert "int4 and int8" in found.method


def test_cost_of_right_answers(contest):
    exam, answers, trials = contest(RATIOS, timing={**TIMING, "price": {"per_hour": 3.6,
                                    "currency": "USD"}})  # fmt: skip
    found = drawn(basis_of(exam, answers, trials))
    through = np.exp(np.mean([np.log(one.throughput) for one in trials["fp32"]]))
    assert found.cost_unit == "USD"
    assert points(found.whole)["fp32"].cost == pytest.approx(1000 * 0.001 / through)
    assert all(point.cost is None for part in found.strata for point in part.points)
    assert isinstance(exam.question.metrics[0].metric.evidence, Binary)


def test_nothing_timed_gives_reasons_and_no_number(contest):
    exam, answers, _ = contest(RATIOS, timing=TIMING)
    found = drawn(basis_of(exam, answers, {}))
    assert (found.whole.points, found.strata, found.fastest) == ((), (), None)
    assert found.reason == found.whole.reason == UNTIMED
    quiet = contest(RATIOS, timing=None)
    assert frontiers(basis_of(*quiet)) == ()


def test_at_one_declared_rate_none_is_the_fastest(contest):
    server = {**TIMING, "protocol": "server", "latency": "10ms", "rate": 100}
    found = drawn(basis_of(*contest(RATIOS, timing=server)))
    assert (found.reason, found.fastest, found.whole.points) == (ONE_RATE, None, ())


def test_where_sampling_could_stop_early_none_is_chosen(contest):
    exam, answers, trials = contest(RATIOS, timing=TIMING)
    looked = replace(basis_of(exam, answers, trials), exam=replace(exam, order=object()))
    assert (drawn(looked).reason, drawn(looked).whole.points) == (STOPPED, ())


@pytest.mark.parametrize("seed", range(6))
def test_the_fastest_never_has_a_cell_that_does_not_pass(contest, seed):
    rng = np.random.default_rng(seed)
    names = [f"c{i}" for i in range(5)]
    lost = {name: rng.integers(0, 40, 2).tolist() for name in names}
    ratios = {name: float(rng.uniform(0.5, 3)) for name in names}
    basis = basis_of(*contest(ratios, lost, timing={**TIMING, "speedup": 0.9}))
    found = drawn(basis)
    for part in (found.whole, *found.strata):
        if part.fastest is None:
            continue
        own = [c for c in basis.comparison.cells if c.candidate == part.fastest]
        here = [c for c in own if not part.stratum or c.stratum == part.stratum]
        assert {c.verdict for c in here if c.role == "gate"} == {"pass"}
        assert all(c.p_within <= 0.025 / 5 for c in here)
        faster = [p for p in part.points if p.passes and p.speed > points(part)[part.fastest].speed]
        assert not faster
