from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quantassay.records.artifacts import Artifact
from quantassay.records.samples import Samples
from quantassay.rubrics.load import load
from quantassay.runs.recording import record_predictions, record_samples
from quantassay.workflows.steps.asking import read_exam
from quantassay.workflows.steps.keeping import (
    SAMPLES,
    keep,
    kept_predictions,
    kept_samples,
    published,
)

RUBRIC = """
rubric: small/1
task: {name: t, data: {path: test.parquet, id: id, target: target}, clusters: unknown}
metrics: [{name: top1, margin: 0.1}]
strata: [part]
reference: a
variants: {a: {engine: "python:mine:predict"}, b: {engine: "python:mine:predict"}}
"""


def test_an_input_that_is_not_named_is_not_kept(tmp_path):
    x = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(6.0)), 2)
    columns = {"id": ["a", "b", "c"], "target": [0, 1, 0], "part": ["u", "u", "v"], "x": x}
    pq.write_table(pa.table({**columns, "raw": [b"1", b"2", b"3"]}), tmp_path / "test.parquet")
    (tmp_path / "assay.yaml").write_text(RUBRIC)
    exam = read_exam(load(tmp_path / "assay.yaml"))
    keep(tmp_path, exam, None, {})
    samples, units = kept_samples(tmp_path / SAMPLES)
    assert samples.table.column_names == ["id", "target", "part"]
    assert samples.ids.tolist() == ["a", "b", "c"] and units is None
    assert samples.target.dtype == np.int64


@pytest.mark.parametrize("kind", ["labels", "correct"])
def test_answers_read_back_as_they_came(tmp_path, make_predictions, kind):
    values = {"labels": [3, -1, 2, 7], "correct": [True, False, True, False]}[kind]
    table = pa.table({"note": ["x", "y", None, "z"]})
    given = make_predictions(**{kind: values}, failed=[1], absent=[3], classes=("0", "1"))
    object.__setattr__(given, "table", table)
    record_predictions(tmp_path / "a.parquet", given)
    found = kept_predictions(tmp_path / "a.parquet", given.ids)
    assert getattr(found, kind).tolist() == values
    assert getattr(found, kind).dtype == getattr(given, kind).dtype
    assert found.failed.tolist() == given.failed.tolist()
    assert found.absent.tolist() == given.absent.tolist()
    assert found.classes == ("0", "1")
    assert found.table.equals(table)


def test_a_column_that_parquet_cannot_hold_costs_the_others_alone(tmp_path):
    odd = pa.UnionArray.from_dense(
        pa.array([0, 1], pa.int8()), pa.array([0, 0], pa.int32()), [pa.array([1]), pa.array(["a"])]
    )
    samples = Samples(np.array(["a", "b"]), np.array([1, 0]), pa.table({"odd": odd}), "")
    record_samples(tmp_path / SAMPLES, samples, np.array([0, 0]), frozenset())
    found, units = kept_samples(tmp_path / SAMPLES)
    assert found.table.column_names == []
    assert (found.target.tolist(), units.tolist()) == ([1, 0], [0, 0])


@pytest.mark.parametrize(
    ("model", "files"),
    [
        ("int8.xml", ["int8.xml", "int8.bin"]),
        ("int8.onnx", ["int8.onnx", "int8.onnx.data"]),
        ("int8", ["int8/config.json", "int8/weights/a.safetensors"]),
    ],
)
def test_a_run_commits_itself_to_every_file_of_a_model(tmp_path, model, files):
    for name in [*files, "other.bin", "int8-static.onnx"]:
        path = tmp_path / "artifacts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    artifact = Artifact(tmp_path / "artifacts" / model, "", 0)
    variants = [SimpleNamespace(name="int8", artifact=artifact)]
    told = published(SimpleNamespace(folder=str(tmp_path), variants=variants))
    kept = [name for name in told if name.startswith("artifacts/")]
    assert sorted(kept) == sorted(Path("artifacts", name).as_posix() for name in files)
