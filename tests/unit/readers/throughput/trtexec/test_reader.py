import json
import shutil
from pathlib import Path

import pytest

from quantassay.errors import DataError
from quantassay.readers.throughput.trtexec.reader import TrtExec

LOGS = Path(__file__).parents[4] / "fixtures" / "throughput" / "trtexec"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(LOGS, tmp_path / "run")


def test_a_folder_joins_what_was_exported_and_printed(folder):
    (found,) = TrtExec.read_speed(folder)
    assert (found.program, found.model, found.device) == (
        "trtexec 101300", "int8.onnx", "NVIDIA Made-up 100",
    )  # fmt: skip
    assert found.layers == {"int8": 3}
    assert len(found.latencies) == found.queries == 300
    assert found.facts["precision"] == "FP32+INT8"
    assert found.file == "run"


def test_what_is_printed_alone(folder):
    (found,) = TrtExec.read_speed(folder / "printed.txt")
    assert list(found.percentiles) == [0.5, 0.99]
    assert (found.unit, found.per_query) == ("queries", 1)


def test_an_implicit_batch_counts_samples(folder):
    path = folder / "printed.txt"
    path.write_text(path.read_text().replace("Batch: Explicit", "Batch: 4"))
    (found,) = TrtExec.read_speed(path)
    assert (found.unit, found.per_query, found.queries) == ("samples", 4, 75)


def test_times_of_another_run_are_refused(folder):
    rows = json.loads((folder / "times.json").read_text())
    (folder / "times.json").write_text(json.dumps(rows[:100] + rows[-1:]))
    with pytest.raises(DataError, match="keep one run"):
        TrtExec.read_speed(folder)


def test_two_logs_of_a_kind_are_refused(folder):
    shutil.copy(folder / "printed.txt", folder / "second.txt")
    with pytest.raises(DataError, match=r"printed\.txt and second\.txt both hold printed"):
        TrtExec.read_speed(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Throughput: ", "Throughput: 9", "'Throughput' is 9"),
        ("Timing trace has 300", "Timing trace has 0", "'queries' is 0"),
        ("&&&& PASSED", "&&&& FAILED", "FAILED"),
        ("Total Host Walltime: ", "Total Host Walltime: 1 s\nTotal Host Walltime: ", "twice"),
        ("percentile(99%) = 0.", "percentile(99%) = 0.0000", "below"),
        ("[I] Throughput", "[I] throughput", "does not tell 'Throughput'"),
    ],
)
def test_printed_figures_that_contradict_each_other_are_refused(folder, old, new, message):
    path = folder / "printed.txt"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(DataError, match=message):
        TrtExec.read_speed(path)


def test_layers_alone_are_no_throughput(folder):
    with pytest.raises(DataError, match="neither times"):
        TrtExec.read_speed(folder / "layers.json")
