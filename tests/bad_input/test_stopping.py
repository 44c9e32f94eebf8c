"""Declared looks save inference and survive interruption; others decide nothing by themselves."""

from __future__ import annotations

import json

import jsonschema
import numpy as np
import pytest

from quantassay.claims.schema import claim_schema

STOP = {"stopping": {"looks": [150, 250], "spending": "obrien-fleming"}}
WORSE = np.diag([0.05, 1, 1, 1])
COUNTING = """
from pathlib import Path

def predict(x):
    with (Path(__file__).parent / "calls.txt").open("a") as file:
        file.write(f"{len(x)}\\n")
    return x * [0.05, 1, 1, 1] if WORSE else x * 1.01
"""


def entries(assay, event):
    lines = (assay.out / "journal.jsonl").read_text("utf-8").splitlines()
    return [entry["data"] for entry in map(json.loads, lines) if entry["event"] == event]


def claim(assay):
    return json.loads((assay.out / "claim.json").read_text("utf-8"))


def calls(assay):
    path = assay.folder / "calls.txt"
    return [int(line) for line in path.read_text("utf-8").split()] if path.exists() else []


def counting(assay, worse):
    assay.module("counting", COUNTING.replace("WORSE", str(worse)))
    return {"variants": {"low": {"model": ..., "engine": "python:counting:predict"}}}


def test_a_fail_stops_at_the_first_look(run, assay):
    assay.model("low.onnx", WORSE)
    assert run(STOP).code == 1
    found = claim(assay)["stopping"]
    assert (found["looks"], found["n"], found["reference"]) == ([150, 250, 400], 400, 150)
    assert found["candidates"]["low"]["n"] == 150
    [cell] = claim(assay)["candidates"]["low"]["accuracy"]
    assert (cell["verdict"], cell["n"]) == ("fail", 150)
    assert cell["look"]["number"] == 1 and cell["look"]["of"] == 3
    jsonschema.validate(claim(assay), claim_schema())
    [look] = entries(assay, "look")
    assert look["candidate"] == "low"
    assert look["cells"][0]["verdict"] == "fail"
    assert 0 < look["cells"][0]["level"] < 0.025


def test_inference_that_is_not_needed_is_not_run(run, assay):
    assert run(STOP | counting(assay, worse=True)).code == 1
    assert sum(calls(assay)) == 150
    assert claim(assay)["noise_floor"]["n"] == 150


def test_a_pass_comes_where_the_level_of_the_look_allows(run, assay):
    assert run(STOP | counting(assay, worse=False)).code == 0
    stop = claim(assay)["stopping"]["candidates"]["low"]
    assert sum(calls(assay)) == stop["n"] < 400
    assert stop["why"] == "where every gate cell had passed"


def test_reports_say_where_it_stopped(run, assay):
    assay.model("low.onnx", WORSE)
    run(STOP)
    for name in ("report.md", "report.html"):
        text = (assay.out / name).read_text("utf-8")
        assert "look 1 of 3" in text
        assert "250 not run" in text
        assert "at its look" in text
        assert "top1 [95 %]" not in text


def test_an_interrupted_run_goes_on_with_the_same_bytes(run, assay, monkeypatch):
    import quantassay.workflows.steps.looking as workflow

    changes = STOP | {"metrics": [{"name": "top1", "margin": 0.009}]}
    assert run(changes).code == 3
    whole, looks = (assay.out / "verdicts.json").read_bytes(), len(entries(assay, "look"))
    seen = []

    def stop(*given):
        seen.append(given)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return note(*given)

    note = workflow.note_look
    assay.out.rename(assay.folder / "first")
    with monkeypatch.context() as patched:
        patched.setattr(workflow, "note_look", stop)
        assert run(changes).code == 130
    assert run(changes).code == 3
    assert (assay.out / "verdicts.json").read_bytes() == whole
    assert len(entries(assay, "look")) == looks == 3


def test_looks_changed_after_one_was_seen_are_an_amendment(run, assay, monkeypatch):
    import quantassay.workflows.steps.looking as workflow

    def stop(*_):
        raise KeyboardInterrupt

    changes = STOP | {"metrics": [{"name": "top1", "margin": 0.009}]}
    with monkeypatch.context() as patched:
        patched.setattr(workflow, "record_predictions", stop)
        assert run(changes).code == 130
    run(changes | {"stopping": {"looks": [200, 300]}})
    [amendment] = [a for a in entries(assay, "amendment") if a["key"] == "stopping.looks"]
    assert (amendment["old"], amendment["new"]) == ("[150,250]", "[200,300]")


@pytest.mark.parametrize(
    ("stopping", "words"),
    [
        ({"looks": [500]}, ("stopping.looks", "400 samples")),
        ({"looks": [100], "max": 500}, ("stopping.max", "400 samples")),
        ({"looks": [300, 200]}, ("rise strictly",)),
    ],
)
def test_looks_beyond_the_test_set_are_refused(run, stopping, words):
    run({"stopping": stopping}).refused(*words)


def test_max_leaves_the_rest_alone(run, assay):
    changes = {"stopping": {"looks": [0.5], "max": 300}}
    assert run(changes | counting(assay, worse=False)).code in (0, 3)
    assert sum(calls(assay)) <= 300
    assert "100 samples lie beyond the last look" in (assay.out / "report.md").read_text("utf-8")


def test_strata_and_clusters_are_looked_at_whole(run, assay):
    assay.data(assay.values, assay.target, patient=[f"p{i // 4}" for i in range(400)],
               site=["a", "b"] * 200)  # fmt: skip
    changes = STOP | {
        "strata": ["site"],
        "task": {"clusters": "patient"},
        "metrics": [{"name": "top1", "margin": 0.3, "by": {"site": 0.4}}],
    }
    run(changes)
    [first, *_] = entries(assay, "look")
    assert first["n"] == 152
    assert [cell["n"] for cell in first["cells"]] == [152, 76, 76]


def test_further_references_are_shown_and_judge_nothing(run, assay):
    assay.model("mid.onnx", np.eye(4) * 1.02)
    changes = STOP | {"reference": ["fp32", "mid"], "variants": {"mid": {"model": "mid.onnx"}}}
    assert run(changes).code == 0
    text = (assay.out / "report.md").read_text("utf-8")
    assert "mid" in text


def test_recorded_answers_may_stop_too(run, assay, answers):
    answers("ref.parquet", wrong=0)
    answers("cand.parquet", wrong=200)
    changes = STOP | {
        "variants": {
            "fp32": {"model": ..., "predictions": "ref.parquet"},
            "low": {"model": ..., "predictions": "cand.parquet"},
        },
        "task": {"data": {"input": ...}, "outputs": ...},
    }
    assert run(changes).code == 1
    assert claim(assay)["stopping"]["candidates"]["low"]["look"] == 1


RERUN = {"metrics": [{"name": "top1", "margin": 0.02}]}


def recorded(answers, wrong):
    answers("ref.parquet", wrong=0)
    answers("cand.parquet", wrong=wrong)
    return RERUN | {
        "variants": {
            "fp32": {"model": ..., "predictions": "ref.parquet"},
            "low": {"model": ..., "predictions": "cand.parquet"},
        },
        "task": {"data": {"input": ...}, "outputs": ...},
    }


def test_results_computed_again_with_another_outcome_need_a_bound_for_every_look(
    run, assay, answers
):
    assert run(recorded(answers, 5)).code == 3
    outcome = run(recorded(answers, 2))
    assert outcome.code == 3
    assert outcome.verdict() == "inconclusive"
    assert "holds at every look" in (assay.out / "report.md").read_text("utf-8")
    # what decides at every look decides here
    assert run(recorded(answers, 120)).code == 1


def test_the_same_outcome_again_is_no_further_look(run, answers):
    for _ in range(2):
        assert run(recorded(answers, 2)).code == 0


def test_the_same_model_again_is_no_candidate_here_either(run, assay):
    assay.model("low.onnx")
    outcome = run(STOP)
    assert (outcome.code, outcome.verdict()) == (3, "insufficient")


def files(answers, wrong, **columns):
    """Recorded answers, the first ``wrong`` of them lost by the candidate."""
    return {
        "variants": {
            "fp32": {"model": ..., "predictions": str(answers("ref.parquet", wrong=0))},
            "low": {"model": ..., "predictions": str(answers("cand.parquet", wrong=wrong))},
        },
        "task": {"data": {"input": ...}, "outputs": ...} | columns,
    }


@pytest.mark.parametrize("strict", [False, True])
def test_a_heavy_cluster_that_is_not_drawn_yet_lets_nothing_pass(run, assay, answers, strict):
    heavy = [f"p{max(i, 40)}" for i in range(400)]
    assay.data(assay.values, assay.target, patient=heavy)
    changes = files(answers, 41, clusters="patient") | {"strict": strict}
    changes |= {"metrics": [{"name": "top1", "margin": 0.05}], "stopping": {"looks": [150, 250]}}
    for seed in range(4):
        assert run(changes | {"seed": seed}).code == 3
        [cell] = claim(assay)["candidates"]["low"]["accuracy"]
        assert (cell["verdict"], cell["n"]) == ("insufficient", 400)
    early = [cell for look in entries(assay, "look")[:2] for cell in look["cells"]]
    assert [cell["verdict"] for cell in early] == ["insufficient"] * 2


def test_clusters_of_unequal_size_pass_at_the_last_look_alone(run, assay, answers):
    assay.data(assay.values, assay.target, patient=[f"p{max(i, 8)}" for i in range(400)])
    changes = STOP | files(answers, 0, clusters="patient")
    assert run(changes | {"metrics": [{"name": "top1", "margin": 0.4}]}).code == 0
    verdicts = [look["cells"][0]["verdict"] for look in entries(assay, "look")]
    assert verdicts == ["inconclusive", "inconclusive", "pass"]


def test_the_largest_cluster_beyond_the_last_look_leaves_no_verdict(run, assay, answers):
    heavy = [f"p{max(i, 40)}" for i in range(400)]
    assay.data(assay.values, assay.target, patient=heavy)
    changes = files(answers, 0, clusters="patient") | {"stopping": {"looks": [150], "max": 250}}
    reasons = set()
    for seed in range(6):
        assert run(changes | {"seed": seed}).code == 3
        reasons |= {cell["reason"] for cell in claim(assay)["candidates"]["low"]["accuracy"]}
    assert any("beyond the last look" in reason for reason in reasons)


def test_clusters_of_one_size_are_counted_as_clusters_from_the_first_look(run, assay, answers):
    assay.data(assay.values, assay.target, patient=[f"p{i // 4}" for i in range(400)])
    changes = STOP | files(answers, 200, clusters="patient")
    assert run(changes | {"metrics": [{"name": "top1", "margin": 0.1}]}).code == 1
    [cell] = claim(assay)["candidates"]["low"]["accuracy"]
    assert cell["look"]["number"] < 3
    assert cell["clusters"] * 4 == cell["n"]


def test_macro_f1_is_judged_at_the_last_look_alone(run, assay, answers):
    changes = STOP | files(answers, 0) | {"metrics": [{"name": "f1", "margin": 0.2}]}
    run(changes)
    first, second, last = entries(assay, "look")
    assert {first["cells"][0]["verdict"], second["cells"][0]["verdict"]} == {"inconclusive"}
    assert last["n"] == 400


def test_a_class_beyond_the_last_look_leaves_macro_f1_without_verdict(run, assay, answers):
    target = np.array(assay.target) % 3
    target[np.argsort(target)[:1]] = 3
    assay.data(assay.values, target)
    changes = files(answers, 0) | {"metrics": [{"name": "f1", "margin": 0.2}]}
    for name in ("ref.parquet", "cand.parquet"):
        answers(name, target=target, pred=target)
    reasons = set()
    for seed in range(6):
        run(changes | {"stopping": {"looks": [150], "max": 250}, "seed": seed})
        reasons |= {cell["reason"] for cell in claim(assay)["candidates"]["low"]["accuracy"]}
    assert any("a class of it occurs beyond the last look" in reason for reason in reasons)


def test_looks_at_runs_that_were_killed_are_counted(run, assay, answers, monkeypatch):
    import quantassay.workflows.steps.looking as workflow

    def kill(*given):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(given)
        return note(*given)

    note, margin = workflow.note_look, {"metrics": [{"name": "top1", "margin": 0.03}]}
    for wrong in (24, 12):
        seen = []
        with monkeypatch.context() as patched:
            patched.setattr(workflow, "note_look", kill)
            assert run(STOP | files(answers, wrong) | margin).code == 130
    assert run(STOP | files(answers, 3) | margin).code == 3
    [cell] = claim(assay)["candidates"]["low"]["accuracy"]
    assert "computed 3 times" in cell["reason"]
    assert "would pass at a single look" in cell["reason"]
    assert {entry["key"] for entry in entries(assay, "amendment")} == {
        "variants.low (what answered)"
    }
