"""Our own readers, engines, schemes, exports and backends obey, and what does not is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from quantassay import plugins
from quantassay.engines.python import Python, PythonSession
from quantassay.exports.csv import Csv
from quantassay.readers.data.table.reader import Table
from quantassay.testing import (
    check_backend,
    check_engine,
    check_export,
    check_reader,
    check_scheme,
    random_comparison,
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("id,x,label\n" + "".join(f"s{i},{i / 2},c{i % 3}\n" for i in range(9)))
    return path


@pytest.fixture
def options(tmp_path):
    (tmp_path / "mine_of_testing.py").write_text("def predict(x): return x @ x.T[:, :2]\n")
    return {"function": "mine_of_testing:predict", "folder": tmp_path}


BATCH = {"": np.arange(12.0).reshape(4, 3)}


def test_a_table(table):
    check_reader(Table, table)


# mlflow, which needs a place, is checked beside its other tests
@pytest.mark.parametrize("name", [n for n in plugins.names("exports") if n != "mlflow"])
def test_exports(name):
    check_export(plugins.load("exports", name))


@pytest.mark.parametrize("name", plugins.names("backends"))
def test_backends(name):
    check_backend(plugins.load("backends", name))


def test_comparisons_have_undefined_cells():
    cells = random_comparison(0, 1).cells
    assert {cell.verdict for cell in cells} >= {"insufficient"}
    assert None in [cell.loss for cell in cells]


class Renamed(Table):
    @staticmethod
    def columns(path):
        return pa.schema([("one", pa.string())])


class Longer(Table):
    @staticmethod
    def read(path, columns=None, batch=1024, text=()):
        yield from Table.read(path, columns)


class Lenient(Table):
    @staticmethod
    def read(path, columns=None, batch=1024, text=()):
        there = [c for c in columns or () if c in Table.columns(path).names] or None
        yield from Table.read(path, there, batch)


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        (Renamed, r"Renamed|table: batches are those of the columns"),
        (Longer, "a batch of 1 has 9 rows"),
        (Lenient, "a column that is not there: no DataError"),
        (Csv, "it has neither"),
    ],
)
def test_a_reader_that_breaks_a_law(reader, words, table):
    with pytest.raises(AssertionError, match=words):
        check_reader(reader, table)


def test_an_engine(options):
    check_engine(Python, None, BATCH, options)


class Reusing(PythonSession):
    """One buffer for every answer."""

    buffer = np.zeros((4, 1))

    def run(self, batch):
        self.buffer[: len(batch[""])] = batch[""].sum(axis=1, keepdims=True)
        self.outputs = ("output",)
        return {"output": self.buffer[: len(batch[""])]}


class Short(PythonSession):
    def run(self, batch):
        return {"output": np.zeros(1)}


class Writing(PythonSession):
    def run(self, batch):
        batch[""][:] += 1.0
        return {"output": np.array(batch[""])}


@pytest.mark.parametrize(
    ("session", "words"),
    [
        (Reusing, "a second batch changes the outputs of the first"),
        (Short, "'output' has 1 rows for 4 samples"),
        (Writing, "it writes to the batch"),
    ],
)
def test_an_engine_that_breaks_a_law(session, words, options):
    class Engine(Python):
        @staticmethod
        def open(artifact, given):
            Python.open(artifact, given)
            return session(given["function"], Path(given["folder"]))

    with pytest.raises(AssertionError, match=words):
        check_engine(Engine, None, {"": BATCH[""].copy()}, options)


class Copy:
    """A scheme that copies, whatever it is told."""

    name, precision, needs_calibration = "copy", "int8", False
    reads, writes, engine, packages = ("onnx",), "same", "onnxruntime", ()

    @staticmethod
    def quantize(reference, calibration, options, out):
        out.write_bytes(reference.read_bytes())


def test_a_scheme_that_takes_any_option(tmp_path):
    (tmp_path / "m.onnx").write_bytes(b"x")
    with pytest.raises(
        AssertionError, match=r"copy: .*an option that is not there: no PluginError"
    ):
        check_scheme(Copy, tmp_path / "m.onnx")


class SpeedAlone(Csv):
    def text(self, claim, comparison):
        return str([one["throughput"]["throughput"] for one in claim["candidates"].values()])


class Changing(Csv):
    def text(self, claim, comparison):
        claim["verdict"] = "pass"
        return super().text(claim, comparison)


class Dropping(Csv):
    drops = ("everything",)


class Nothing:
    drops = ()


@pytest.mark.parametrize(
    ("export", "words"),
    [
        (SpeedAlone, "it writes the throughput without the accuracy|no text"),
        (Changing, "it changes the claim"),
        (Dropping, "drops names no part of a claim: everything"),
        (Nothing, "it is no TextExport or PlaceExport"),
    ],
)
def test_an_export_that_breaks_a_law(export, words):
    with pytest.raises(AssertionError, match=words):
        check_export(export)
