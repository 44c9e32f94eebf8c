"""The executor of a rubric, of its run, and of this machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from onnx import TensorProto, helper, numpy_helper
from pydantic import TypeAdapter

from quantassay.__main__ import run_command
from quantassay.claims.executors.compare import compared
from quantassay.claims.executors.digests import executor_digest
from quantassay.claims.executors.document import ExecutorDocument
from quantassay.claims.executors.reading import read_executor, specified
from quantassay.errors import InputError, RunFolderError
from quantassay.workflows.executor import executor, write_executor
from quantassay.workflows.run import run
from quantassay.workflows.verify import verify

N, CLASSES = 60, 3
MINE = "import numpy as np\n\ndef predict(x):\n    print('noise')\n    return np.array(x)\n"


def model(path, scale):
    weights = numpy_helper.from_array(np.eye(CLASSES, dtype=np.float32) * scale, "w")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", CLASSES])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", CLASSES])],
        [weights],
    )
    opsets = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), str(path))


def assay(folder: Path, **variants: object) -> Path:
    """Write data, a model, a function and a rubric of them; return the rubric."""
    noise = np.random.default_rng(1).normal(0, 0.01, (N, CLASSES))
    values = (np.eye(CLASSES)[np.arange(N) % CLASSES] + noise).astype(np.float32)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), CLASSES)
    ids = [f"s{i}" for i in range(N)]
    table = pa.table({"id": ids, "x": flat, "target": np.arange(N) % CLASSES})
    pq.write_table(table, folder / "test.parquet")
    model(folder / "fp32.onnx", 1)
    model(folder / "twice.onnx", 2)
    (folder / "own_serving.py").write_text(MINE)
    rubric = {
        "rubric": "small/1",
        "task": {
            "name": "argmax",
            "data": {"path": "test.parquet", "id": "id", "input": "x", "target": "target"},
            "outputs": {"kind": "logits"},
            "clusters": "independent",
        },
        "metrics": [{"name": "top1", "margin": 0.2}],
        "reference": "fp32",
        "variants": {
            "fp32": {"model": "fp32.onnx"},
            "twice": {"model": "twice.onnx"},
            "mine": {"engine": "python:own_serving:predict", "gate": False},
            **variants,
        },
        "inference": {"batch": 8},
        "timing": None,
    }
    path = folder / "assay.yaml"
    path.write_text(yaml.safe_dump(rubric, sort_keys=False), "utf-8")
    return path


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A rubric, and the folder of a run of it."""
    folder = tmp_path_factory.mktemp("executor")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUANTASSAY_CACHE", str(folder / "cache"))
        rubric = assay(folder)
        run(rubric, folder / "out")
        yield rubric, folder / "out"


def test_a_run_and_its_rubric_name_one_executor(finished):
    rubric, folder = finished
    there, here = executor(folder), executor(rubric)
    found = compared(there, here)
    assert not found.differs
    assert found.one == found.other
    assert [one.standing for one in found.layers] == ["same"] * 8


def test_what_every_variant_ran_and_is_asked(finished):
    found = executor(finished[0])
    assert found.facts("engine", "twice")["batch"] == 8
    assert found.facts("engine", "mine")["engine"] == "python"
    assert found.facts("application", "mine")["own code"][0].startswith("source sha256=")
    assert found.facts("application")["timing protocol"] == "none"
    assert "onnxruntime build" in found.facts("framework", "fp32")
    assert found.variants["fp32"].criterion is None
    assert found.variants["twice"].criterion.margins == {"top1": {"overall": 0.2}}
    assert not found.variants["mine"].criterion.gate


def test_a_claim_carries_it_and_agrees_with_it(finished):
    checks = {check.what: check.outcome for check in verify(finished[1]).checks}
    assert checks["executor specification"] == "agrees"
    assert checks["criteria of the executor"] == "agrees"
    assert "executor here" not in checks


def edited(folder, target, change):
    """Copy the claim of a run with its specification changed, digests and all."""
    claim = json.loads((folder / "claim.json").read_text())
    change(claim)
    target.write_text(json.dumps(claim))
    return target


def older(claim):
    """Make a claim one that was written before executors were specified, of another machine."""
    del claim["executor_specification"]
    claim["executor"]["processor"] = "Other CPU"
    claim["executor"]["instructions"] = []


def test_a_claim_read_on_another_machine_says_which_layers_differ(finished, tmp_path, capsys):
    path = edited(finished[1], tmp_path / "claim.json", older)
    checks = {check.what: check for check in verify(path).checks}
    told = checks["executor here"]
    assert told.outcome == "not checked"
    assert told.found.startswith("made on another: processor (instructions: ")
    assert "model Other CPU against " in told.found
    assert told.found.endswith("; not recorded: driver")
    assert run_command(["executor", str(path), "--here"]) == 1
    assert "processor: " in capsys.readouterr().out


def test_a_criterion_that_the_rubric_does_not_declare_is_told(finished, tmp_path):
    def soften(claim):
        told = claim["executor_specification"]
        told["variants"]["twice"]["criterion"]["margins"]["top1"]["overall"] = 0.9
        told["digest"] = executor_digest(
            specified(TypeAdapter(ExecutorDocument).validate_json(json.dumps(told)))
        )

    path = edited(finished[1], tmp_path / "claim.json", soften)
    found = [str(check) for check in verify(path).checks if check.outcome == "differs"]
    assert found == ["the claim says: 0.9; its rubric says: 0.2"]


def test_a_report_says_it_beside_what_it_prints(finished, tmp_path, capsys):
    folder = finished[1]
    assert run_command(["report", str(folder)]) == 0
    printed = capsys.readouterr()
    assert "executor: made on another" not in printed.err
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("report.md", "verdicts.json", "journal.jsonl"):
        (moved / name).write_bytes((folder / name).read_bytes())
    edited(folder, moved / "claim.json", older)
    assert run_command(["report", str(moved)]) == 0
    again = capsys.readouterr()
    assert again.out == printed.out
    assert again.err.startswith("executor: made on another: processor (")


def test_a_variant_whose_engine_is_not_here_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setitem(sys.modules, "openvino", None)
    rubric = assay(tmp_path, ov={"model": "fp32.onnx", "engine": "openvino"})
    found = executor(rubric).variants["ov"]
    assert found.layers == {}
    assert found.note.startswith("does not run here: variants.ov: ")


def test_recorded_answers_have_no_executor(tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    answers = pa.table({"id": [f"s{i}" for i in range(N)], "prediction": np.arange(N) % CLASSES})
    pq.write_table(answers, tmp_path / "answers.parquet")
    rubric = assay(tmp_path, theirs={"predictions": "answers.parquet", "precision": "int8"})
    found = executor(rubric).variants["theirs"]
    assert (found.layers, found.note) == ({}, "its answers were recorded elsewhere")
    assert found.precision == "int8"


def test_this_machine_is_the_same_at_the_next_look(tmp_path, capsys):
    path = tmp_path / "executor.json"
    assert run_command(["executor", "-o", str(path)]) == 0
    assert capsys.readouterr().err == f"wrote {path}\n"
    assert executor_digest(read_executor(path)) == executor_digest(executor())
    assert run_command(["executor", str(path), "--here"]) == 0
    capsys.readouterr()
    assert run_command(["executor", str(path), str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["differs"] is False


def test_the_digest_is_the_same_in_another_process(tmp_path):
    path = tmp_path / "executor.json"
    command = [sys.executable, "-m", "quantassay", "executor", "--json"]
    told = subprocess.run(command, capture_output=True, check=True).stdout
    path.write_bytes(told)
    assert executor_digest(read_executor(path)) == executor_digest(executor())


def test_a_file_of_another_kind_is_never_written_over(tmp_path):
    path = tmp_path / "notes.json"
    path.write_text("{}")
    with pytest.raises(InputError, match="is no executor"):
        write_executor(path, executor())
    assert path.read_text() == "{}"
    with pytest.raises(InputError, match="is no executor"):
        write_executor(tmp_path, executor())
    mine = tmp_path / "executor.json"
    write_executor(mine, executor())
    write_executor(mine, executor())


@pytest.mark.parametrize(
    "arguments",
    [
        ["a.json", "b.json", "c.json"],
        ["--here"],
        ["a.json", "b.json", "--here"],
        ["a.json", "--here", "-o", "c.json"],
        ["absent.json"],
        ["absent.yaml"],
    ],
)
def test_what_cannot_be_shown_is_one_line(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert run_command(["executor", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_run_that_did_not_finish_has_no_executor(finished, tmp_path):
    journal = (finished[1] / "journal.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "journal.jsonl").write_text("".join(journal[:-1]))
    with pytest.raises(RunFolderError, match="did not finish"):
        executor(tmp_path)


def test_what_a_users_own_code_prints_is_not_the_result(finished, capsys):
    assert run_command(["executor", str(finished[0]), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "quantassay/executor/1"
