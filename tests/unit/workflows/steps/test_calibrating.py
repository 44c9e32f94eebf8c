"""Calibration sets against a test set, before any model is opened."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from quantassay.errors import DataError
from quantassay.rubrics.load import load
from quantassay.workflows.steps.asking import read_exam
from quantassay.workflows.steps.calibrating import calibration_sets
from quantassay.workflows.steps.drawing import drawn_study

PREPARE = """
from zlib import crc32

import numpy as np


def numbers(batch):
    texts = [text.split() for text in batch.column("text").to_pylist()]
    tokens = np.zeros((len(texts), 24), np.int64)
    for row, words in zip(tokens, texts):
        row[: len(words)] = [crc32(word.encode()) % 50_000 for word in words]
    return tokens
"""


def sets_of(folder, test, own, task=None, **more):
    """Write a rubric with a test set and one calibration set, and read its exam."""
    pq.write_table(pa.table(test), folder / "test.parquet")
    pq.write_table(pa.table(own), folder / "own.parquet")
    column = next(name for name in test if name not in ("id", "target", "part"))
    value = {
        "rubric": "small/1",
        "task": {
            "name": "t",
            "data": {"path": "test.parquet", "id": "id", "input": column, "target": "target"},
            "clusters": "unknown",
            **(task or {}),
        },
        "metrics": [{"name": "top1", "margin": 0.1}],
        "reference": "fp32",
        "variants": {
            "fp32": {"model": "fp32.onnx"},
            "int8": {"scheme": "onnxruntime-static", "of": "fp32", "calibration": "own"},
        },
        "calibrations": {"own": {"data": {"path": "own.parquet", "id": "id"}}},
        **more,
    }
    path = folder / "assay.yaml"
    path.write_text(yaml.safe_dump(value))
    exam = read_exam(load(path))
    return exam, calibration_sets(exam)


def numbers(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 6)).astype(np.float32).tolist()


def test_texts_are_compared_before_they_are_numbers(tmp_path):
    texts = [f"sentence {i} of the test set tells a story of {i * i} birds and {i} cats" for i in
             range(20)]  # fmt: skip
    (tmp_path / "prepare.py").write_text(PREPARE)
    own = [texts[7].upper() + " And one sentence more!", "something else entirely, of other words"]
    _, sets = sets_of(
        tmp_path,
        {"id": [str(i) for i in range(20)], "text": texts, "target": [0, 1] * 10},
        {"id": ["a", "b"], "text": own},
        {"preprocess": "prepare:numbers"},
    )
    found = sets("own").facts
    assert (found.exact_overlap, found.near_duplicates) == (0, 1)
    assert "words" in found.compared
    (finding,) = sets.findings
    assert finding.startswith("calibration 'own': 1 test samples are near-duplicates")
    assert finding.endswith(": '7'")


def test_an_exact_copy_stops(tmp_path):
    rows = numbers(30)
    _, sets = sets_of(
        tmp_path,
        {"id": [str(i) for i in range(20)], "x": rows[:20], "target": [0, 1] * 10},
        {"id": ["a", "b"], "x": [rows[3], rows[25]]},
    )
    with pytest.raises(DataError, match="1 of 2 drawn samples stand in the test set too: '3'"):
        sets("own")


def test_an_exact_copy_stops_a_study_before_anything_runs(tmp_path):
    rows = numbers(60)
    exam, sets = sets_of(
        tmp_path,
        {"id": [str(i) for i in range(20)], "x": rows[:20], "target": [0, 1] * 10},
        {"id": [str(i) for i in range(30)], "x": [*rows[30:59], rows[3]]},
        calibration_study={"of": "int8", "draws": 3, "samples": 10},
    )
    with pytest.raises(DataError, match="1 of 30 drawn samples stand in the test set too: '3'"):
        drawn_study(exam, sets)


def test_a_draw_is_fed_as_the_same_rows_of_the_declared_set(tmp_path):
    rows = numbers(60)
    _, sets = sets_of(
        tmp_path,
        {"id": [str(i) for i in range(20)], "x": rows[:20], "target": [0, 1] * 10},
        {"id": [str(i) for i in range(40)], "x": rows[20:]},
    )
    whole, drawn = sets("own"), sets.drawn(sets.pool("own"), np.arange(40))
    assert drawn.facts.digest == whole.facts.digest
    assert [len(batch[""]) for batch in drawn.batches] == [32, 8]
    some = sets.drawn(sets.pool("own"), np.array([2, 5]))
    np.testing.assert_array_equal(some.batches[0][""], np.array(rows, np.float32)[[22, 25]])


def test_a_model_exported_for_single_samples_is_calibrated_on_single_samples(tmp_path):
    rows = numbers(5)
    _, sets = sets_of(
        tmp_path,
        {"id": ["a", "b"], "x": rows[:2], "target": [0, 1]},
        {"id": ["c", "d", "e"], "x": rows[2:]},
        inference={"batch": 1},
    )
    assert [len(batch[""]) for batch in sets("own").batches] == [1, 1, 1]


def test_strata_without_calibration_samples_are_found(tmp_path):
    rows, part = numbers(60), ["a", "b"] * 10
    _, sets = sets_of(
        tmp_path,
        {"id": [str(i) for i in range(20)], "x": rows[:20], "target": [0, 1] * 10, "part": part},
        {"id": ["x", "y"], "x": rows[30:32], "part": ["a", "a"]},
        strata=["part"],
    )
    found = sets("own").facts.coverage["part"]
    assert (found.samples, found.test) == ({"a": 2, "b": 0}, {"a": 10, "b": 10})
    assert sets.findings == [
        "calibration 'own': no calibration sample is of part=b; test set 50.0 %"
    ]


def test_what_no_range_follows_from_stops(tmp_path):
    own = numbers(6, seed=1)
    own[4][2] = float("nan")
    _, sets = sets_of(
        tmp_path,
        {"id": [f"t{i}" for i in range(9)], "x": numbers(9), "target": [0] * 9},
        {"id": [f"c{i}" for i in range(6)], "x": own},
    )
    with pytest.raises(DataError, match=r"calibration 'own': NaN in 'c4': no range"):
        sets("own")


def test_a_column_to_stratify_by_that_is_not_there(tmp_path):
    data = {"path": "own.parquet", "id": "id"}
    _, sets = sets_of(
        tmp_path,
        {"id": [f"t{i}" for i in range(9)], "x": numbers(9), "target": [0] * 9},
        {"id": [f"c{i}" for i in range(6)], "x": numbers(6, seed=1), "kind": [1, 2] * 3},
        calibrations={"own": {"data": data, "stratify": "kid"}},
    )
    with pytest.raises(DataError, match=r"own\.parquet: no column 'kid' \(did you mean 'kind'"):
        sets("own")
