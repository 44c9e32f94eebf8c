from __future__ import annotations

import json
from dataclasses import replace

import pytest

from quantassay.claims.build import claim
from quantassay.claims.consistency import MOST, consistent, grouped
from quantassay.claims.disclosures import disclosures
from quantassay.claims.execution import executed
from quantassay.claims.reading import read_claim_file, result_of
from quantassay.records.executor import EngineUse, PrecisionUse


@pytest.fixture
def complete(result):
    """A result whose cells are of all its strata."""
    test_set = replace(result.test_set, strata={"digit": {"0": 200}}, digest="sha256:" + "ab" * 32)
    return replace(result, test_set=test_set)


@pytest.fixture
def differ(complete, tmp_path):
    """What differs in the claim of the result after a change to it."""

    def check(change=lambda value: None, made=None):
        source = made or complete
        value = claim(replace(source, disclosures=disclosures(source)))
        change(value)
        path = tmp_path / "claim.json"
        path.write_text(json.dumps(value))
        file = read_claim_file(path)
        assert file.problems == ()
        found = consistent(file.claim, result_of(file.claim))
        return {c.what: (c.claimed, c.found) for c in found if c.outcome == "differs"}

    return check


def low(value):
    return value["candidates"]["int8"]


def test_a_claim_agrees_with_itself(differ):
    assert differ() == {}


OVERALL = "top1 @ overall of int8"


def cell(**changes):
    return lambda value: low(value)["accuracy"][0].update(changes)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (cell(delta=0.5), f"arithmetic of cells: {OVERALL}, delta"),
        (cell(loss=0.02), f"arithmetic of cells: {OVERALL}, loss"),
        (cell(interval=[0.02, -0.01]), f"arithmetic of cells: {OVERALL}, interval"),
        (cell(metric="f1"), "arithmetic of cells: f1 @ overall of int8"),
        (cell(interval=[-0.01, 0.2]), f"verdicts of cells: {OVERALL}"),
        (cell(verdict="fail"), f"verdicts of cells: {OVERALL}"),
        (cell(margin=None), f"verdicts of cells: {OVERALL}"),
        (cell(reference="other"), f"names: {OVERALL}"),
        (lambda v: low(v).update(name="other"), "names: int8"),
        (lambda v: low(v)["throughput"].update(variant="other"), "names: int8, throughput"),
        (lambda v: low(v)["accuracy"].pop(1), "strata: top1 @ digit=0 of int8"),
        (lambda v: v["task"].update(digest="abc"), "digests: task.digest"),
        (lambda v: v["disclosures"].update(task="another"), "disclosures: task"),
        (lambda v: v["disclosures"].update(weather="fine"), "disclosures: weather"),
        (lambda v: v["disclosures"].pop("metric"), "disclosures: metric"),
        (lambda v: v.update(missing=["throughput"]), "missing: throughput"),
        (lambda v: v.update(decision_grade=False), "missing: decision_grade"),
        (lambda v: v.update(trade_off="half"), "trade-off"),
        (lambda v: low(v)["sample_size"].update(n=9), "sample size: int8.n"),
        (lambda v: v["software"].update(numpy="0.1"), "software: software.numpy"),
        (lambda v: low(v).update(engine="other"), "software: int8, engine"),
        (lambda v: low(v)["throughput"].update(artifact_bytes=3), "files timed: int8, bytes"),
        (lambda v: low(v).update(executed="int4 native"), "precision executed: int8"),
        (lambda v: low(v)["accuracy"].clear(), "trade-off: accuracy"),
    ],
)
def test_what_does_not_agree_is_named(differ, change, what):
    assert what in differ(change)


def test_strata_of_several_tasks_are_their_own(differ):
    def tasks(value):
        for each in low(value)["accuracy"]:
            each["stratum"] = {"task": "one", **each["stratum"]}
        low(value)["sample_size"]["stratum"] = {"task": "one", "digit": "0"}

    assert not [what for what in differ(tasks) if what.startswith("strata")]


def test_a_claim_may_not_hide_what_it_lacks(differ, complete):
    silent = replace(complete, noise_floor=None)
    found = differ(lambda v: v.update(missing=[], decision_grade=True), silent)
    assert found["missing: noise floor"] == ("not named", "not disclosed")
    assert found["missing: decision_grade"] == ("True", "False: not disclosed: noise floor")


def test_a_long_list_of_differences_is_cut_and_counted():
    listed = [(str(at), "a", "b") for at in range(MOST + 7)]
    found = grouped("cells", iter(listed), "")
    assert len(found) == MOST + 1
    assert found[-1].found == "7 more differences"


def test_two_low_precisions_are_both_told(result):
    uses = (
        PrecisionUse("Conv", "int8", 3, "native", ""),
        PrecisionUse("Gemm", "int8", 1, "native", ""),
        PrecisionUse("Relu", "float16", 1, "emulated", ""),
    )
    use = EngineUse("ort", "1", "CPU", 1, None, uses)
    assert executed(None, use) == "int8 native (4 operations); float16 emulated (1 operation)"
    assert executed(result.variants[1], replace(use, precisions=())) == "int8"
    assert executed(result.variants[1], None) is None
    full = replace(use, precisions=use.precisions[:1], full_precision={"Relu": 2, "Gemm": 1})
    assert executed(None, full) == "int8 native (3 operations); fp32 (3 operations)"
    assert executed(result.variants[1], replace(use, tells=False)) == f"not told by {use.engine}"
