from __future__ import annotations

import json

import numpy as np
import pytest
from tests.models.tflite import Network, float_dense

from quantassay.engines.litert import trial as litert_trial
from quantassay.engines.litert.engine import LiteRt
from quantassay.errors import ArtifactError

WEIGHT = np.eye(3, 4)


def ending(path):
    """Write a model whose structure is sound, and whose first operation kills LiteRT 2.3."""
    net = Network()
    fed, made = net.tensor((1, 4)), net.tensor((1, 4))
    net.operate("RESHAPE", [fed, -1], made)
    return net.write(path, [fed], [made])


@pytest.mark.parametrize("delegate", ["xnnpack", "none"])
def test_a_file_that_ends_the_process_is_refused(tmp_path, delegate):
    path = ending(tmp_path / "ending.tflite")
    with pytest.raises(ArtifactError) as caught:
        LiteRt.open(path, {"delegate": delegate})
    said = str(caught.value)
    assert said.startswith(f"{path}: damaged or hostile: LiteRT ended a trial process by SIG")
    assert "\n" not in said


@pytest.mark.parametrize("kept", [0, 4, 8, 100, 300])
def test_a_truncated_file_is_refused_in_one_line(tmp_path, kept):
    path = float_dense(tmp_path / "whole.tflite", WEIGHT, np.zeros(3))
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ArtifactError) as caught:
        LiteRt.open(path, {})
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_model_that_never_ends_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(litert_trial, "SECONDS", 0.01)
    path = float_dense(tmp_path / "slow.tflite", WEIGHT, np.zeros(3))
    with pytest.raises(ArtifactError, match="did not finish one batch"):
        LiteRt.open(path, {})


def test_a_file_is_tried_once_until_it_changes(tmp_path, monkeypatch):
    path = float_dense(tmp_path / "once.tflite", WEIGHT, np.zeros(3))
    calls = []
    run = litert_trial.subprocess.run
    monkeypatch.setattr(
        litert_trial.subprocess, "run", lambda *a, **k: calls.append(a) or run(*a, **k)
    )
    for _ in range(2):
        LiteRt.open(path, {})
    assert len(calls) == 1
    float_dense(path, np.eye(2, 4), np.zeros(2))
    LiteRt.open(path, {})
    assert len(calls) == 2


def test_says_what_came_of_a_trial(tmp_path, capsys):
    path = float_dense(tmp_path / "said.tflite", WEIGHT, np.zeros(3))
    trial = litert_trial._run(path, litert_trial.LiteRtOptions())
    assert (trial.batches, trial.why) == (True, "")
    assert json.loads(json.dumps(vars(trial))) == {"batches": True, "why": ""}


def test_an_output_that_does_not_grow_is_found_out(tmp_path):
    net = Network()
    fed, made = net.tensor((1, 4)), net.tensor((1, 4))
    axis = net.constant(np.array([0], np.int32))
    net.operate("MEAN", [fed, axis], made, "Reducer", keepDims=True)
    path = net.write(tmp_path / "mean.tflite", [fed], [made])
    trial = litert_trial.tried(path, litert_trial.LiteRtOptions())
    assert (trial.batches, trial.why) == (False, "its outputs do not grow with the batch")


def test_integers_are_fed_as_indices(tmp_path):
    net = Network()
    fed, made = net.tensor((1,), "int32"), net.tensor((1, 4))
    rows = net.constant(np.arange(8, dtype=np.float32).reshape(2, 4))
    net.operate("GATHER", [rows, fed], made, "Gather", axis=0)
    path = net.write(tmp_path / "rows.tflite", [fed], [made])
    assert LiteRt.open(path, {}).fixed_batch is None
