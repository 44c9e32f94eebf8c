from __future__ import annotations

import json

import jsonschema
import pandas as pd
import pytest

from quantassay.__main__ import run_command
from quantassay.claims.schema import claim_schema
from quantassay.errors import InputError
from quantassay.workflows.compare import compare
from quantassay.workflows.verify import verify


@pytest.fixture
def files(tmp_path, counted):
    for name, table in zip(("ref", "low"), counted(4, 2, 300), strict=True):
        table["part"] = ["a", "b"] * 150
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    return tmp_path / "ref.csv", tmp_path / "low.csv"


def test_recorded_answers_make_half_a_claim(files, tmp_path):
    compare(*files, margin=0.05, strata="part", claim=tmp_path / "claim.json")
    found = json.loads((tmp_path / "claim.json").read_text())
    jsonschema.validate(found, claim_schema())
    assert found["trade_off"].startswith("half of the trade-off")
    assert found["decision_grade"] is False
    assert set(found["missing"]) == {
        "task", "base model", "quantized model", "reference", "calibration",
        "test-set composition", "executor", "throughput", "noise floor", "rubric", "reproduction",
    }  # fmt: skip
    assert found["task"]["n"] == 300
    assert found["task"]["strata"] == {"part": {"a": 150, "b": 150}}
    assert verify(tmp_path / "claim.json").agrees


def test_every_task_is_counted(tmp_path, counted):
    for name, table in zip(("ref", "low"), counted(4, 2, 200), strict=True):
        (tmp_path / name).mkdir()
        for task in ("first", "second"):
            table.to_csv(tmp_path / name / f"{task}.csv", index=False)
    compare(tmp_path / "ref", tmp_path / "low", margin=0.05, claim=tmp_path / "claim.json")
    found = json.loads((tmp_path / "claim.json").read_text())
    assert found["task"]["strata"] == {"task": {"first": 200, "second": 200}}
    assert found["task"]["n"] == 400
    assert verify(tmp_path / "claim.json").agrees


def test_answers_that_lack_are_counted(files, tmp_path):
    table = pd.read_csv(files[1])
    table.iloc[3:].to_csv(files[1], index=False)
    compare(*files, margin=0.05, allow_missing=True, claim=tmp_path / "claim.json")
    found = json.loads((tmp_path / "claim.json").read_text())["candidates"]["low"]
    assert (found["failed"], found["failed_ids"]) == (3, ["s0", "s1", "s2"])


def test_only_a_claim_is_written_over(files, tmp_path, capsys):
    out = tmp_path / "claim.json"
    words = [str(files[0]), str(files[1]), "--claim", str(out)]
    for _ in range(2):
        assert run_command(["compare", *words]) == 0
    for path in (*files, tmp_path):
        with pytest.raises(InputError, match="is no claim: name another file"):
            compare(*files, claim=path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="is no claim"):
        compare(*files, claim=tmp_path / "notes.txt")
    assert (tmp_path / "notes.txt").read_text() == "mine"
    capsys.readouterr()


def test_targets_that_lack_are_no_hindrance(files, tmp_path):
    tables = [pd.read_csv(path).drop(columns="target") for path in files]
    compare(*tables, margin=0.1, claim=tmp_path / "claim.json")
    assert verify(tmp_path / "claim.json").agrees
