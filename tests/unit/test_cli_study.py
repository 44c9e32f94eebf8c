"""`study` from outside: killed, interrupted, gone on with; what is printed and the exit code."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from quantassay.__main__ import run_command

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
RUBRIC = """
rubric: digits/1
task:
  name: handwritten-digits
  data: {path: test.parquet, id: image_id, input: pixels, target: digit}
  preprocess: {tensor: {shape: [1, 8, 8], divide: 16}}
  outputs: {kind: logits}
  composition: in-domain
  clusters: independent
metrics: [{name: top1, margin: 0.1}]
reference: fp32
variants:
  fp32: {model: one.onnx}
  other: {scheme: onnxruntime-fp16, of: fp32}
timing: null
"""
STUDY = """
study: small/1
tasks: {digits: {rubric: digits.yaml, models: {one: {model: one.onnx}, two: {model: two.onnx}}}}
schemes:
  fp16: {scheme: onnxruntime-fp16}
  dynamic: {scheme: onnxruntime-dynamic}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    test = pq.read_table(DIGITS / "test.parquet")
    pq.write_table(test.filter(pc.equal(test["domain"], "in-domain")).slice(0, 100), "test.parquet")
    for name in ("one.onnx", "two.onnx"):
        shutil.copy(DIGITS / "fp32.onnx", name)
    Path("digits.yaml").write_text(RUBRIC)
    Path("study.yaml").write_text(STUDY)
    return tmp_path


def stopped_at(words: str, by: signal.Signals) -> int:
    """Run the real command, and send a signal once it says something; return its exit code."""
    command = [sys.executable, "-m", "quantassay", "study", "study.yaml"]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=os.environ.copy()
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if words in line:
                process.send_signal(by)
                break
        else:
            pytest.fail(f"it never said {words!r}")
        process.stderr.read()
        return process.wait()


def journals() -> dict[str, bytes]:
    found = Path("runs").glob("small-1/cells/*/*/*/run/journal.jsonl")
    return {path.as_posix(): path.read_bytes() for path in found}


def finished() -> dict[str, bytes]:
    return {name: text for name, text in journals().items() if b'"finished"' in text}


@pytest.mark.parametrize(
    ("by", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)], ids=["kill", "int"]
)
def test_a_study_that_was_cut_off_goes_on(folder, capfd, by, code):
    assert stopped_at("cell 3 of 4 (digits / two / fp16): running fp32", by) == code
    before = finished()
    assert len(before) == 2 < len(journals())
    assert not Path("runs/small-1/study.json").exists()
    capfd.readouterr()
    assert run_command(["study", "study.yaml"]) == 0
    told = capfd.readouterr()
    assert "4 cells: 2 finished before, 2 to run" in told.err
    assert "cell 1 of 4" not in told.err and "cell 2 of 4" not in told.err
    assert {name: journals()[name] for name in before} == before
    assert len(finished()) == 4
    # and says what one that was never cut off does
    first = json.loads(Path("runs/small-1/study.json").read_text())
    shutil.rmtree("runs")
    assert run_command(["study", "study.yaml", "--json"]) == 0
    printed = json.loads(capfd.readouterr().out)
    assert printed == json.loads(Path("runs/small-1/study.json").read_text())
    assert printed["schema"] == "quantassay/cross/1"
    assert {**printed, "made": ""} == {**first, "made": ""}


def test_the_report_is_named_last_and_stdout_is_data(folder, capsys):
    assert run_command(["study", "study.yaml", "--out", "there"]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines()[-1] == "report: there/study.html"
    assert "cell 1 of 4" not in printed.out


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("two.onnx", "too.onnx", "no such file: too.onnx (did you mean 'two.onnx'?)"),
        ("rubric: digits.yaml", "rubric: digit.yaml", "(did you mean 'digits.yaml'?)"),
        ("fp16: {scheme: onnxruntime-fp16}", "fp16: {sheme: onnxruntime-fp16}", "'scheme'"),
        ("onnxruntime-dynamic", "onnxruntime-dinamic", "did you mean 'onnxruntime-dynamic'?"),
        ("onnxruntime-dynamic", "onnxruntime-static", "declares no calibration"),
        ("  dynamic:", "  FP16:", "would be one folder"),
        ("  dynamic:", "  ..:", "names no folder"),
    ],
)
def test_bad_input_is_told_before_anything_is_written(folder, capsys, old, new, told):
    Path("study.yaml").write_text(STUDY.replace(old, new))
    assert run_command(["study", "study.yaml"]) == 2
    printed = capsys.readouterr()
    assert told in printed.err
    assert printed.err.startswith("error: study.yaml:") and not printed.out
    assert not Path("runs").exists()
