from __future__ import annotations

import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quantassay.errors import InputError
from quantassay.workflows.run import run
from quantassay.workflows.verify import verify


def test_a_run_agrees_with_its_claim(folder, differing, unchecked):
    found = folder.verify()
    assert differing(found) == {}
    assert found.agrees
    assert unchecked(found).keys() == {
        "signature",
        "rubric file",
        "test set",
        "model file of fp32",
        "model file of low",
        "what the scheme did to low",
        "what ran",
    }
    agreed = {check.what for check in found.checks if check.outcome == "agrees"}
    assert agreed >= {
        "claim as committed", "files as committed", "rubric as locked", "cells of low",
        "agreements", "noise floor", "throughput", "verdicts.json", "outcomes as noted",
    }  # fmt: skip


def test_what_stands_beside_the_rubric_is_digested_again(finished, monkeypatch, unchecked):
    claim = finished / "out" / "claim.json"
    monkeypatch.chdir(finished / "out")
    assert "model file of low" in unchecked(verify(claim))
    monkeypatch.chdir(finished)
    assert unchecked(verify(claim)).keys() == {"signature", "what ran"}
    text = claim.read_text("utf-8")
    assert str(finished) not in text, "a claim names no folder of a machine"


def test_a_run_folder_stands_for_its_claim(finished, differing):
    found = verify(finished / "out")
    assert found == verify(finished / "out" / "claim.json")
    assert differing(found) == {}


def test_a_moved_run_is_checked_from_anywhere(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copy(folder.claim_path, tmp_path / "elsewhere.json")
    found = verify("elsewhere.json", folder.out)
    assert found.agrees
    assert found.run == str(folder.out)


LOOKS = {"stopping": {"looks": [200, 400], "spending": "obrien-fleming"}}
KINDS = {
    "stopping early": LOOKS,
    "stopping with clusters": {
        **LOOKS,
        "task": {"clusters": {"column": "who", "between": "independent"}},
    },
    "several references": {
        "variants": {
            "fp32": {"model": "fp32.onnx"},
            "low": {"model": "low.onnx"},
            "third": {"model": "other.onnx", "gate": False},
        },
        "reference": ["fp32", "third"],
    },
    "strict, lists and contrasts": {
        "strict": True,
        "proven_fine": True,
        "contrasts": ["part=a:b"],
    },
    "pooled strata": {
        "small_strata": "pool",
        "metrics": [{"name": "top1", "margin": 0.05, "by": {"part": 0.005}}],
    },
    "not timed": {"timing": None},
    "a scheme": {
        "variants": {
            "fp32": {"model": "fp32.onnx"},
            "low": {"scheme": "onnxruntime-dynamic", "of": "fp32"},
        },
    },
    "the same model twice": {
        "variants": {"fp32": {"model": "fp32.onnx"}, "low": {"model": "fp32.onnx"}}
    },
    "unknown clusters": {"task": {"clusters": "unknown"}},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_run_computes_again(
    kind, tmp_path, cache, make_assay, differing, monkeypatch
):
    changes = dict(KINDS[kind])
    rubric = make_assay(tmp_path)
    import yaml

    value = yaml.safe_load(rubric.read_text())
    value["timing"] = None if kind != "a scheme" else value["timing"]
    for key, change in changes.items():
        value[key] = {**value[key], **change} if key == "task" else change
    rubric.write_text(yaml.safe_dump(value, sort_keys=False))
    monkeypatch.chdir(tmp_path)
    run("assay.yaml", "out")
    found = verify("out/claim.json")
    assert differing(found) == {}
    files = {check.what for check in found.checks if check.outcome == "agrees"}
    assert {"rubric file", "test set", "model file of low"} <= files


def test_recorded_answers_with_failures_compute_again(
    tmp_path, cache, make_assay, differing, monkeypatch
):
    rubric = make_assay(tmp_path)
    target = pq.read_table(tmp_path / "test.parquet")["target"].to_numpy()
    for name, lost in (("ref", 3), ("cand", 7)):
        answers = [None if i < lost else int(t) for i, t in enumerate(target)]
        answers[20 + lost] = (answers[20 + lost] + 1) % 4
        rows = len(answers) - (5 if name == "cand" else 0)
        ids = [f"s{i:04d}" for i in range(rows)]
        note = [f"text {i}" for i in range(rows)]
        table = {"id": ids, "pred": answers[:rows], "note": note}
        pq.write_table(pa.table(table), tmp_path / f"{name}.parquet")
    text = rubric.read_text().replace("model: fp32.onnx", "predictions: ref.parquet")
    text = text.replace("model: low.onnx", "predictions: cand.parquet")
    rubric.write_text(text.replace("- name: brier\n", ""))
    monkeypatch.chdir(tmp_path)
    result = run("assay.yaml", "out", allow_missing=True)
    assert {one.name: one.failed for one in result.variants} == {"fp32": 3, "low": 12}
    found = verify("out/claim.json")
    assert differing(found) == {}


def test_a_second_run_in_the_folder_computes_again(folder, finished, tmp_path, cache, differing):
    rubric = finished / "assay.yaml"
    text = rubric.read_text().replace("margin: 0.05", "margin: 0.06")
    (finished / "later.yaml").write_text(text)
    run(finished / "later.yaml", folder.out)
    found = folder.verify()
    assert differing(found) == {}
    assert folder.claim["amendments"][0]["new"] == "0.06"
    assert np.isclose(
        folder.claim["rubric"]["declared"]["metrics"]["top1"]["margin"]["value"], 0.06
    )


def test_without_a_run_folder_only_the_claim_is_checked(folder, tmp_path, unchecked):
    alone = tmp_path / "alone.json"
    shutil.copy(folder.claim_path, alone)
    found = verify(alone)
    assert found.agrees and found.run is None
    assert unchecked(found)["figures"].startswith("there is no run folder")
    assert unchecked(found)["journal"].startswith("there is no run folder")


def test_what_is_no_claim_or_no_run_is_bad_input(folder, tmp_path):
    with pytest.raises(InputError, match=r"no run folder: there is no journal\.jsonl"):
        folder.verify(run=tmp_path)
    with pytest.raises(InputError, match=r"is a folder: name .*run$"):
        verify(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        verify(tmp_path / "none.json")
    for text, words in (
        ("{", "not JSON"),
        ('{"schema": "quantassay/claim/1", "n": NaN}', "NaN is not a figure"),
        ('{"schema": "a", "schema": "quantassay/claim/1"}', "stands twice"),
        ("[1]", "not a claim"),
        ('{"schema": "another/1"}', "not a claim: its schema is 'another/1'"),
        ("[" * 100_000, "not JSON"),
    ):
        (tmp_path / "odd.json").write_text(text)
        with pytest.raises(InputError, match=words):
            verify(tmp_path / "odd.json")
