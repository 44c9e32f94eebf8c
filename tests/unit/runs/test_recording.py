from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
import pytest

from quantassay.runs.recording import record_predictions
from quantassay.workflows.steps.tables import Columns, read


def test_what_is_recorded_reads_back(tmp_path, make_predictions):
    rows = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]])
    given = make_predictions(labels=[0, 1], probabilities=rows, classes=("0", "1", "2"))
    record_predictions(tmp_path / "deep" / "int8.parquet", given)
    found = read(tmp_path / "deep" / "int8.parquet", Columns()).predictions
    assert found.ids.tolist() == given.ids.tolist()
    assert found.labels.tolist() == [0, 1]
    assert found.probabilities.tobytes() == rows.tobytes()
    assert not found.failed.any()


@pytest.mark.parametrize("labels", [[0, -1], ["a", ""], [True, False]])
@pytest.mark.parametrize("how", ["failed", "absent"])
def test_an_output_that_failed_fails_again_when_it_is_read(tmp_path, make_predictions, labels, how):
    record_predictions(tmp_path / "fp32.parquet", make_predictions(labels=labels, **{how: [1]}))
    found = read(tmp_path / "fp32.parquet", Columns()).predictions
    assert found.failed.tolist() == [False, True]


def test_correctness_and_marks_are_kept(tmp_path, make_predictions):
    given = make_predictions(correct=[True, False, True], failed=[0], absent=[2])
    record_predictions(tmp_path / "fp32.parquet", given)
    table = pq.read_table(tmp_path / "fp32.parquet")
    assert table["correct"].to_pylist() == [None, False, None]
    assert table["failed"].to_pylist() == [True, False, False]
    assert table["absent"].to_pylist() == [False, False, True]


def test_scores_are_kept_bit_by_bit(tmp_path, make_predictions):
    rows = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    record_predictions(tmp_path / "fp32.parquet", make_predictions(scores=rows))
    table = pq.read_table(tmp_path / "fp32.parquet")
    assert np.array(table["scores"].to_pylist(), np.float32).tobytes() == rows.tobytes()
