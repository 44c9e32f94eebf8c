"""Ways by which something missing, failed, tiny, unpaired or leaked could end as a PASS."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest


def judged(command, *files, options=("--margin", "0.05")):
    return command("compare", *files, *options, "--json")


# too few, or the same ones again


def test_few_samples_without_any_loss(command, answers):
    for n in (1, 2, 10, 71):
        outcome = judged(command, answers("ref.parquet", n, 0), answers("cand.parquet", n, 0))
        assert (outcome.code, outcome.verdict()) == (3, "insufficient"), n
        assert outcome.stderr == ""


REPEATED = {"metrics": [{"name": "top1", "margin": 0.05}]}


@pytest.fixture
def repeated(assay):
    """Ten samples, each of them forty times under another id."""
    values = np.tile(assay.values[:10], (40, 1))
    assay.data(values, np.tile(assay.target[:10], 40), source=[f"u{i}" for i in range(400)])
    return assay


def test_the_same_samples_again_are_not_independent(run, repeated):
    run().refused("task.clusters", "independent", "390 of 400", "'s0010'")


@pytest.mark.parametrize("clusters", ["unknown", {"column": "source", "between": "unknown"}])
def test_the_same_samples_again_count_once(run, repeated, clusters):
    outcome = run({"task": {"clusters": clusters}})
    assert (outcome.code, outcome.verdict()) == (3, "insufficient")
    assert outcome.json["cells"][0]["clusters"] == 10
    assert "390 of 400 samples repeat" in (repeated.out / "report.md").read_text("utf-8")


def test_clusters_that_share_their_samples_are_not_independent(run, repeated):
    changes = {"task": {"data": {"input": "x"}, "clusters": "source"}}
    run(changes).refused("390 of 400")


def test_samples_that_differ_are_not_taken_for_repeats(run):
    outcome = run({"task": {"clusters": "unknown"}})
    assert (outcome.code, outcome.json["cells"][0]["clusters"]) == (0, None)


# nothing that could be lost


def test_answers_that_are_never_right_have_nothing_to_lose(command, answers):
    names = [f"class {i % 4}" for i in range(400)]
    files = answers("ref.parquet", pred=names), answers("cand.parquet", pred=["?"] * 400)
    assert judged(command, *files).verdict() == "insufficient"


def test_a_reference_with_less_to_lose_than_the_margin(command, answers):
    files = answers("ref.parquet", wrong=390), answers("cand.parquet", wrong=400)
    outcome = judged(command, *files)
    assert (outcome.code, outcome.verdict()) == (3, "insufficient")
    assert "0.025" in outcome.json["candidates"]["cand"]["reason"]


def test_a_stratum_in_which_the_reference_has_nothing_to_lose(command, answers):
    group = ["rare" if i < 100 else "usual" for i in range(400)]
    files = answers("ref.parquet", wrong=98, group=group), answers("cand.parquet", wrong=100)
    outcome = judged(command, *files, options=("--margin", "0.1", "--by", "group"))
    assert outcome.verdict() == "insufficient"
    rare = next(c for c in outcome.json["cells"] if c["stratum"] == {"group": "rare"})
    assert rare["verdict"] == "insufficient"


def test_a_candidate_that_is_the_reference(command, run, assay, answers):
    ref = answers("ref.parquet")
    command("compare", ref, f"./{ref.name}", "--margin", "0.05").refused("itself")
    (assay.folder / "link.parquet").symlink_to(ref)
    command("compare", ref, "link.parquet", "--margin", "0.05").refused("itself")
    shutil.copy(ref, assay.folder / "copy.parquet")
    outcome = judged(command, ref, "copy.parquet")
    assert any("make sure that these are two variants" in text for text in outcome.json["findings"])


# answers that are missing, or of another rule


@pytest.fixture
def partly(answers):
    """Answers of which those of 60 wrong samples are left out."""

    def write(name, left_out):
        path = answers(name, wrong=60)
        table = pq.read_table(path)
        pq.write_table(table.slice(60) if left_out else table, path)
        return path

    return write


def test_leaving_out_what_went_wrong_never_helps(command, answers, partly):
    ref = answers("ref.parquet", wrong=0)
    whole = judged(command, ref, partly("whole.parquet", left_out=False))
    judged(command, ref, partly("less.parquet", left_out=True)).refused("60 of 400")
    allowed = ("--margin", "0.05", "--allow-missing")
    less = judged(command, ref, "less.parquet", options=allowed)
    assert whole.verdict() == "fail"
    assert less.verdict() in ("fail", "inconclusive")
    ends = [outcome.json["cells"][0]["interval"][1] for outcome in (whole, less)]
    assert ends[1] >= ends[0]
    assert any("60 of 400" in text for text in less.json["findings"])


@pytest.mark.parametrize("left", [0, 1, 340])
def test_a_candidate_that_is_mostly_absent_never_passes(command, answers, left):
    ref, path = answers("ref.parquet", wrong=0), answers("cand.parquet", wrong=0)
    pq.write_table(pq.read_table(path).slice(0, left), path)
    options = ("--margin", "0.3", "--allow-missing") if left < 2 else ("--margin", "0.05",
              "--allow-missing")  # fmt: skip
    outcome = judged(command, ref, path, options=options)
    assert outcome.code in (2, 3)


def test_the_same_in_a_rubric(run, answers, partly):
    changes = {
        "variants": {
            "fp32": {"model": ..., "predictions": answers("ref.parquet", wrong=0).name},
            "low": {"model": ..., "predictions": partly("less.parquet", left_out=True).name},
        }
    }
    run(changes).refused("low", "60 of 400", "--allow-missing")
    assert run(changes, "--allow-missing").verdict() in ("fail", "inconclusive")


def test_correctness_that_only_the_candidate_claims(command, answers):
    ref, bad = answers("ref.parquet"), answers("bad.parquet", wrong=100, correct=[True] * 400)
    assert judged(command, ref, bad).verdict() == "fail"
    claimed = answers("claimed.parquet", pred=None, correct=[True] * 400)
    judged(command, ref, claimed).refused("correct")


def test_correctness_that_a_vendor_claims_in_a_rubric(run, answers):
    path = answers("bad.parquet", wrong=100, correct=[True] * 400)
    changes = {"variants": {"low": {"model": ..., "predictions": path.name}}}
    assert run(changes).verdict() == "fail"


def test_rows_in_another_order_are_paired_by_name(command, answers):
    ref, path = answers("ref.parquet"), answers("cand.parquet", wrong=100)
    shuffled = np.random.default_rng(0).permutation(400)
    pq.write_table(pq.read_table(path).take(pa.array(shuffled)), path)
    cell = judged(command, ref, path).json["cells"][0]
    assert (cell["losses"], cell["gains"]) == (90, 0)


def test_rows_without_names_are_not_paired(command, answers):
    ref, path = answers("ref.parquet"), answers("cand.parquet")
    pq.write_table(pq.read_table(path).drop_columns(["id"]), path)
    judged(command, ref, path).refused("cand.parquet", "--id")


def test_answers_to_another_test_set_under_the_same_names(run, answers, assay):
    target = (assay.target + (np.arange(400) == 5)) % 4
    path = answers("cand.parquet", target=target, wrong=0)
    changes = {"variants": {"low": {"model": ..., "predictions": path.name}}}
    run(changes).refused("target of 1 of 400", "'s0005'")


@pytest.mark.parametrize("kind", ["logits", "scores"])
def test_answers_of_an_earlier_run_are_judged_as_they_were(run, command, assay, kind):
    values = assay.values.copy()
    values[:50, 0] = np.nan
    assay.data(values)
    outputs = {"task": {"outputs": {"kind": kind}}}
    first = run(outputs)
    shutil.copytree(assay.out / "predictions", assay.folder / "kept")
    recorded = {
        "fp32": {"model": ..., "predictions": "kept/fp32.parquet"},
        "low": {"model": ..., "predictions": "kept/low.parquet"},
    }
    path = assay.write(outputs | {"variants": recorded})
    second = command("run", path, "--out", assay.folder / "second", "--json")
    assert first.verdict() == second.verdict() == "inconclusive"
    assert [c["interval"] for c in first.json["cells"]] == [
        c["interval"] for c in second.json["cells"]
    ]


# candidates and cells that nobody looks at


def test_one_candidate_that_passes_does_not_hide_one_that_fails(run, assay):
    assay.model("bad.onnx", -np.eye(4))
    outcome = run({"variants": {"bad": {"model": "bad.onnx"}}})
    assert (outcome.code, outcome.verdict()) == (1, "fail")
    outcome = run({"reference": ["fp32", "bad"], "variants": {"bad": {"model": "bad.onnx"}}})
    assert (outcome.code, outcome.verdict()) == (1, "fail")


def test_a_candidate_that_does_not_gate_is_no_pass(run):
    outcome = run({"variants": {"low": {"gate": False}}})
    assert (outcome.code, outcome.verdict()) == (3, None)


def test_a_margin_that_does_not_gate_is_no_pass(run):
    outcome = run({"metrics": [{"name": "top1", "margin": {"value": 0.05, "gate": False}}]})
    assert outcome.code == 3
    assert outcome.verdict() != "pass"


def test_nothing_declared_is_no_pass(run):
    outcome = run({"metrics": ["top1"]})
    assert (outcome.code, outcome.verdict()) == (3, None)


def test_what_no_margin_covers_is_said(run, assay):
    assay.model("low.onnx", np.diag([1, 1, 1, -1.0]))
    changes = {
        "strata": [{"name": "first", "where": {"target": [0, 1]}}],
        "metrics": [{"name": "top1", "by": {"first": 0.1}}],
    }
    outcome = run(changes)
    assert outcome.json["candidates"]["low"]["uncovered"] == ["overall"]
    assert "No gate cell covers" in (assay.out / "report.md").read_text("utf-8")


def test_strata_that_are_empty_or_tiny_block(run, assay):
    assay.data(None, None, size=np.where(np.arange(400) < 5, 0.5, 5.0))
    changes = {
        "strata": [{"column": "size", "bins": [1, 2]}],
        "metrics": [{"name": "top1", "margin": 0.05, "by": {"size": 0.1}}],
    }
    outcome = run(changes)
    assert (outcome.code, outcome.verdict()) == (3, "insufficient")
    cells = {c["stratum"].get("size", ""): c for c in outcome.json["cells"]}
    assert cells["1 to <2"]["n"] == 0 and cells["1 to <2"]["verdict"] == "insufficient"


def test_a_report_that_cannot_be_made_is_no_pass(run, monkeypatch):
    import quantassay.workflows.run as workflow

    def broken(_):
        raise ValueError("no ink")

    monkeypatch.setattr(workflow, "html", broken)
    outcome = run()
    assert outcome.code == 4
    assert outcome.errors == ["error: internal error: ValueError: no ink; --verbose shows where"]


def test_exit_codes_follow_the_verdict_in_the_files(run, assay):
    for weights, code in ((np.eye(4) * 1.01, 0), (-np.eye(4), 1)):
        assay.model("low.onnx", weights)
        outcome = run()
        kept = json.loads((assay.out / "verdicts.json").read_text("utf-8"))
        assert outcome.code == code
        assert kept["verdict"] == outcome.verdict() == {0: "pass", 1: "fail"}[code]
