"""Results that would be those of other code, other files or another rubric."""

from __future__ import annotations

import sys

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _imported_anew(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in ("serving", "ready", "helping"):
        sys.modules.pop(name, None)


MINE = {"variants": {"low": {"model": ..., "engine": "python:serving:predict"}}}
SERVING = "def predict(x):\n    return x * {}\n"


def test_code_that_changed_between_runs_in_one_process(run, assay):
    for factor, code in ((1.01, 0), (-1, 1), (1.02, 0)):
        assay.module("serving", SERVING.format(factor))
        assert run(MINE).code == code, factor


def test_code_of_the_same_name_in_another_folder(command, assay, tmp_path_factory):
    other = type(assay)(tmp_path_factory.mktemp("other"))
    for each, factor, code in ((assay, 1.01, 0), (other, -1, 1), (assay, 1.01, 0)):
        each.module("serving", SERVING.format(factor))
        assert command("run", each.write(MINE), "--out", each.out).code == code


def test_what_the_code_reads_changed_between_runs(run, assay):
    text = """\
import numpy as np
from pathlib import Path
def predict(x):
    return x * float(Path(__file__).with_name("factor.txt").read_text())
"""
    assay.module("serving", text)
    for factor, code in (("1.01", 0), ("-1", 1)):
        (assay.folder / "factor.txt").write_text(factor)
        assert run(MINE).code == code


def test_preprocessing_that_changed_between_runs(run, assay):
    text = """\
import numpy as np
def prepare(rows):
    x = rows.column("x").flatten().to_numpy(zero_copy_only=False).reshape(-1, 4)
    return np.maximum(x, {}).astype("float32")
"""
    values = []
    for floor in (-10, 0.5):
        assay.module("ready", text.format(floor))
        outcome = run({"task": {"preprocess": "ready:prepare"}})
        values.append(outcome.json["cells"][0]["reference_value"])
    assert values[0] > values[1]


def test_models_and_data_that_changed_between_runs(run, assay):
    assert run().code == 0
    assay.model("low.onnx", -np.eye(4))
    assert run().code == 1
    assay.model("low.onnx", np.eye(4) * 1.01)
    assay.data(assay.values[:40], assay.target[:40])
    assert run().code == 3


@pytest.mark.parametrize("option", [{"outputs": {"kind": "scores"}}, {"inference": 32}])
def test_options_that_changed_between_runs(run, option):
    changes = {"inference": {"batch": 32}} if "inference" in option else {"task": option}
    assert run().code == 0
    assert run(changes).code == 0
