"""Trials in a run folder that no run wrote: said in one line, never a crash."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from quantassay.errors import DataError
from quantassay.runs.recording import record_timings
from quantassay.timing.contract import Trial
from quantassay.workflows.steps.timing.kept_trials import kept_trials


def trials(rate=None):
    return [Trial(np.array([0.5, 0.25]), 0.75, 8, rate, block, 0) for block in range(3)]


@pytest.fixture
def path(tmp_path):
    record_timings(tmp_path / "timings.parquet", {"fp32": trials(), "int8": trials(4.0)})
    return tmp_path / "timings.parquet"


def test_trials_read_back(path):
    found = kept_trials(path, "fp32")
    assert list(found) == ["fp32", "int8"]
    assert [trial.block for trial in found["int8"]] == [0, 1, 2]
    assert found["fp32"][0].latencies.tolist() == [0.5, 0.25]
    assert (found["fp32"][0].rate, found["int8"][0].rate) == (None, 4.0)


def spoilt(path, column, value):
    table = pq.read_table(path)
    values = table.column(column).to_pylist()
    values[1] = value
    at = table.column_names.index(column)
    made = pa.array(values, table.schema.field(column).type)
    pq.write_table(table.set_column(at, column, made), path)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("span", 0.0, "row 1: a trial that cannot be"),
        ("span", -1.0, "row 1: a trial that cannot be"),
        ("span", float("nan"), "row 1: a trial that cannot be"),
        ("span", None, "row 1: a trial that cannot be"),
        ("span", 5e-324, "row 1: a trial that cannot be"),
        ("span", 1e300, "row 1: a trial that cannot be"),
        ("samples", 0, "row 1: a trial that cannot be"),
        ("samples", 2**62, "row 1: a trial that cannot be"),
        ("rate", 1e308, "row 1: a trial that cannot be"),
        ("latencies", [-1.0], "row 1: a trial that cannot be"),
        ("rate", float("inf"), "row 1: a trial that cannot be"),
        ("latencies", [], "row 1: a trial that cannot be"),
        ("latencies", [float("nan")], "row 1: a trial that cannot be"),
        ("latencies", None, "row 1: a trial that cannot be"),
        ("variant", None, "row 1: a trial that cannot be"),
        ("block", 0, "holds several trials of 'fp32' in one block"),
    ],
)
def test_a_figure_that_cannot_be(path, column, value, said):
    spoilt(path, column, value)
    with pytest.raises(DataError, match=said):
        kept_trials(path, "fp32")


def test_a_column_of_another_kind(path):
    table = pq.read_table(path)
    at = table.column_names.index("span")
    pq.write_table(table.set_column(at, "span", pa.array(["a"] * 6)), path)
    with pytest.raises(DataError, match="column 'span' holds string; no run wrote it"):
        kept_trials(path, "fp32")


def test_latencies_that_are_no_figures(path):
    table = pq.read_table(path)
    at = table.column_names.index("latencies")
    pq.write_table(table.set_column(at, "latencies", pa.array([["a"]] * 6)), path)
    with pytest.raises(DataError, match=r"column 'latencies' holds list<.*no run wrote it"):
        kept_trials(path, "fp32")


def test_a_column_that_is_gone(path):
    pq.write_table(pq.read_table(path).drop_columns(["place"]), path)
    with pytest.raises(DataError, match="has no column 'place'"):
        kept_trials(path, "fp32")


def test_the_reference_is_gone(path):
    with pytest.raises(DataError, match="holds no trial of the reference 'bf16'"):
        kept_trials(path, "bf16")
