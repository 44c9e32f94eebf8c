import json
import shutil

import pytest

from quantassay.errors import DataError
from quantassay.readers.throughput.mlperf import DETAIL, SUMMARY, MlPerfPerformance


@pytest.fixture
def copy(logs, tmp_path):
    def call(name, old="", new="", file=SUMMARY):
        folder = shutil.copytree(logs / "mlperf" / name, tmp_path / name)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return call


def detail(folder):
    lines = (folder / DETAIL).read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line.removeprefix(":::MLLOG ")) for line in lines]
    return {entry["key"]: entry["value"] for entry in entries}


@pytest.mark.parametrize(
    ("name", "protocol", "key"),
    [
        ("offline", "offline", "result_samples_per_second"),
        ("single_stream", "single-stream", "result_qps_with_loadgen_overhead"),
        ("server", "server", "result_completed_samples_per_sec"),
    ],
)
def test_throughput_is_loadgens_own(logs, name, protocol, key):
    folder = logs / "mlperf" / name
    (found,) = MlPerfPerformance.read_speed(folder)
    assert (found.protocol, found.unit) == (protocol, "samples")
    assert found.throughput == detail(folder)[key]
    assert found.queries == detail(folder)["result_query_count"]
    assert found.program.startswith("MLPerf LoadGen ")


def test_many_streams_tell_latency_alone(logs):
    folder = logs / "mlperf" / "multi_stream"
    (found,) = MlPerfPerformance.read_speed(folder)
    mean = detail(folder)["result_mean_query_latency_ns"]
    assert found.throughput == pytest.approx(8e9 / mean)
    assert found.per_query == 8
    assert "mean latency" in found.notes[0]


def test_percentiles_are_of_queries(logs):
    folder = logs / "mlperf" / "single_stream"
    (found,) = MlPerfPerformance.read_speed(folder / SUMMARY)
    assert list(found.percentiles) == [0.5, 0.9, 0.95, 0.97, 0.99, 0.999]
    assert found.percentiles[0.5] == detail(folder)["result_50.00_percentile_latency_ns"] / 1e9
    assert not MlPerfPerformance.read_speed(logs / "mlperf" / "offline")[0].percentiles


def test_an_arrival_rate_is_kept(logs):
    assert MlPerfPerformance.read_speed(logs / "mlperf" / "server")[0].rate == 2000


def test_an_invalid_run_is_refused_with_its_reason(logs):
    with pytest.raises(DataError, match=r"LoadGen says INVALID: Reduce target QPS.*run it again"):
        MlPerfPerformance.read_speed(logs / "mlperf" / "invalid")


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (SUMMARY, "Result is : VALID", "Result is : INVALID", "says INVALID and VALID"),
        (SUMMARY, "Mode     : Perf", "Mode     : Find", "'Mode' is 'Find"),
        (SUMMARY, "Scenario : Offline", "Scenario : Server", "in the summary 'Server'"),
        (SUMMARY, "Scenario : Offline", "Scenario : Other", "'Scenario' is 'Other'"),
        (SUMMARY, "Scenario : Offline", "", "no summary of LoadGen"),
        (SUMMARY, "Samples per second: ", "Samples per second: 9", "'Samples per second' is 9"),
        (SUMMARY, "Samples per second: ", "Samples per second: nan", "no figure"),
        (SUMMARY, "Scenario :", "Scenario : Server\nScenario :", "'Scenario' is there twice"),
        (DETAIL, '"result_validity", "value": "VALID"', '"result_validity", "value": 1', "says 1"),
        (DETAIL, '"key": "result_query_count"', '"key": "x"', "does not tell 'result_query_count'"),
        (DETAIL, '"num_errors", "value": 0', '"num_errors", "value": 2', "with 2 errors"),
        (DETAIL, 'min_duration_ms", "value": 50', 'min_duration_ms", "value": 99999', "is 99999"),
        (DETAIL, '"result_query_count", "value": 1', '"result_query_count", "value": 5',
         "samples over the last end"),
        (DETAIL, ":::MLLOG {", ":::MLLOG [", "cut short or damaged"),
        (DETAIL, '"key": "result_min_latency_ns"', '"key": "result_max_latency_ns"', "told twice"),
    ],
)  # fmt: skip
def test_logs_that_contradict_each_other_are_refused(copy, file, old, new, message):
    with pytest.raises(DataError, match=message) as raised:
        MlPerfPerformance.read_speed(copy("offline", old, new, file))
    assert "\n" not in str(raised.value)


def test_both_logs_are_needed(copy):
    folder = copy("offline")
    (folder / DETAIL).unlink()
    assert not MlPerfPerformance.recognizes(folder)
    with pytest.raises(DataError, match=r"mlperf_log_detail\.txt: cannot be read"):
        MlPerfPerformance.read_speed(folder)
