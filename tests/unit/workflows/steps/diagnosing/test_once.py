"""A look that ends the process: the verdict is got at the next call."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import quantassay as qa
from quantassay.workflows.steps.diagnosing import once

DIGITS = Path(__file__).parents[5] / "examples" / "digits"
RUBRIC = f"""
rubric: once/1
task:
  name: handwritten-digits
  data: {{path: {DIGITS / "test.parquet"}, id: image_id, input: pixels, target: digit}}
  preprocess: {{tensor: {{shape: [1, 8, 8], divide: 16}}}}
  outputs: {{kind: logits}}
  composition: both domains
  clusters: independent
metrics: [{{name: top1, margin: 0.1}}]
reference: fp32
variants:
  fp32: {{model: {DIGITS / "fp32.onnx"}}}
  fp16: {{scheme: onnxruntime-fp16, of: fp32}}
timing: null
tendencies: {{samples: 8, budget: 1s}}
"""
CRASHES = """
import os
import quantassay as qa
from quantassay.workflows.steps.diagnosing import once
once.looked = lambda *_: os._exit(9)
qa.run("assay.yaml", "run")
"""


def test_a_model_that_ends_the_process_when_it_is_looked_into_costs_no_verdict(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    Path("assay.yaml").write_text(RUBRIC)
    ended = subprocess.run([sys.executable, "-c", CRASHES], check=False)
    assert ended.returncode == 9
    assert not Path("run/verdicts.json").exists()
    result = qa.run("assay.yaml", "run")
    assert result.comparison.verdict == "pass"
    assert result.tendencies is None
    assert any("`quantassay diagnose` tries again" in one for one in result.findings)
    assert qa.verify("run").agrees


def test_a_look_that_fails_or_is_interrupted_leaves_no_mark(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    Path("assay.yaml").write_text(RUBRIC)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(once, "looked", interrupted)
    with pytest.raises(KeyboardInterrupt):
        qa.run("assay.yaml", "run")
    assert not Path("run", once.BEGUN).exists()
