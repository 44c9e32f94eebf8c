"""`select` from outside, on real models: what is printed, what is written, the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quantassay.__main__ import run_command

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
RUBRIC = f"""
rubric: small/1
task:
  name: handwritten-digits
  data:
    path: {DIGITS / "test.parquet"}
    id: image_id
    input: pixels
    target: digit
    where: {{domain: in-domain}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  composition: in-domain
metrics:
  - {{name: top1, margin: MARGIN}}
reference: fp32
variants:
  fp32: {{model: {DIGITS / "fp32.onnx"}}}
  fp16: {{scheme: onnxruntime-fp16, of: fp32}}
  dynamic: {{scheme: onnxruntime-dynamic, of: fp32}}
stopping: {{looks: [0.5]}}
timing: {{blocks: 10, warmup: 20ms, duration: 50ms}}
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def select(cache, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("QUANTASSAY_CACHE", str(cache))
    monkeypatch.chdir(tmp_path)

    def run(margin, *options, more=""):
        Path("assay.yaml").write_text(RUBRIC.replace("MARGIN", str(margin)) + more)
        code = run_command(["select", "assay.yaml", *options])
        return code, capsys.readouterr()

    return run


def test_the_choice_comes_first_and_is_written(select):
    code, printed = select(0.05)
    lines = printed.out.splitlines()
    written = json.loads(Path("runs/small-1-select/selection.json").read_text())
    chosen = written["chosen"]
    assert code == 0
    assert lines[0].startswith(f"✓ PASS  {chosen}: ")
    assert lines[0].endswith("passes its gate cell at alpha .025/2.")
    assert lines[-1] == "written: runs/small-1-select/selection.json"
    assert "Bonferroni over 2 declared candidates" in " ".join(printed.out.split())
    # the other one was made and timed, and not run: nothing is told of its speed
    other = next(one for one in written["attempts"] if one["candidate"] != chosen)
    assert (other["verdict"], other["speed"], other["samples"]) == (None, None, 0)
    assert other["reason"] == "not tried: a faster one passed"
    own = next(one for one in written["attempts"] if one["candidate"] == chosen)
    assert own["speed"]["same_outputs"]["n"] > 0
    assert {cell["candidate"] for cell in written["comparison"]["cells"]} == {chosen}
    kept = {path.stem for path in Path("runs/small-1-select/predictions").iterdir()}
    assert kept == {"fp32", chosen}


def test_json_alone_on_stdout_and_the_folder_that_was_named(select):
    code, printed = select(0.05, "--json", "--out", "chosen")
    found = json.loads(printed.out)
    assert (code, found["schema"], found["verdict"]) == (0, "quantassay/selection/1", "pass")
    assert found == json.loads(Path("chosen/selection.json").read_text())
    assert found["level"] == pytest.approx(0.0125)


def test_a_margin_too_small_for_the_test_set_is_undecided(select):
    code, printed = select(0.0001)
    assert code == 3
    assert printed.out.startswith("○ INSUFFICIENT  None was chosen")
    assert "running" not in printed.err


def test_a_sequence_on_the_command_line(select):
    more = "selection: {procedure: fixed-sequence, order: [fp16, dynamic]}\n"
    code, printed = select(0.05, more=more)
    assert code == 0
    assert "dynamic: " in printed.out.splitlines()[0]
    assert "fixed-sequence among 2 candidates" in " ".join(printed.out.split())


def test_what_is_wrong_is_one_line(select):
    more = "selection: {procedure: fixed-sequence, order: [fp16, dinamic]}\n"
    code, printed = select(0.05, more=more)
    assert code == 2
    assert printed.err.count("\n") == 1
    assert "selection.order[1]: no variant is called 'dinamic' (did you mean 'dynamic'?)" in (
        printed.err
    )
