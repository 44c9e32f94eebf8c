import pytest

from quantassay.errors import DataError
from quantassay.readers.throughput.onnxruntime_perf_test import OnnxRuntimePerfTest


@pytest.fixture
def printed(logs):
    return (logs / "onnxruntime_perf_test" / "printed.txt").read_text(encoding="utf-8")


@pytest.fixture
def read(tmp_path):
    def call(text):
        (tmp_path / "log").write_text(text, encoding="utf-8")
        return OnnxRuntimePerfTest.read_speed(tmp_path / "log")

    return call


def test_what_it_prints(read, printed):
    (found,) = read(printed)
    assert (found.queries, found.threads, found.peak_memory) == (200, 1, 41234432)
    assert found.throughput == pytest.approx(found.queries / found.span, rel=1e-4)
    assert list(found.percentiles) == [0.5, 0.9, 0.95, 0.99, 0.999]
    assert (found.unit, found.runtime, found.load_seconds) == ("queries", "onnxruntime", 0.0123)
    assert found.notes == ()


def test_queries_at_a_time_are_told(read):
    text = (
        "Total inference time cost: 4 s\nTotal inference requests: 100\n"
        "Total inference run time: 1 s\nNumber of inferences per second: 100 \n"
    )
    assert read(text)[0].notes == ("about 4 queries ran at a time",)


def test_every_run_that_was_appended_is_a_measurement(logs):
    found = OnnxRuntimePerfTest.read_speed(logs / "onnxruntime_perf_test" / "result.csv")
    assert [(one.name, one.queries) for one in found] == [("run 1", 120), ("run 2", 120)]
    assert found[0].throughput == pytest.approx(120 / found[0].latencies.sum())
    assert "how many queries ran at a time" in found[0].notes[0]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "Number of inferences per second: ",
            "Number of inferences per second: 9",
            "over run time",
        ),
        ("Total inference requests: 200", "Total inference requests: 0", "not above zero"),
        ("Total inference requests: 200", "Total inference requests: 2.5", "no count"),
        ("P99 Latency: ", "P99 Latency: -", "no figure of zero or more"),
        ("Max Latency: 0.", "Max Latency: 0.0000", "below"),
        ("Min Latency", "P50 Latency: 9 s\nMin Latency", "'P50 Latency' is there twice"),
        ("Average inference time cost: ", "Average inference time cost: 7", "time over requests"),
    ],
)
def test_printed_figures_that_contradict_each_other_are_refused(read, printed, old, new, message):
    assert old in printed
    with pytest.raises(DataError, match=message):
        read(printed.replace(old, new))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("m,0.1,5,9,0\nm,0.1,5,9,2\n", "line 2: query 2 does not follow"),
        ("m,0.1,5,9,1\n", "query 1 does not follow"),
        ("m,0,5,9,0\n", "line 1: 'seconds' is 0.0, not above zero"),
        ("m,1e999,5,9,0\n", "'seconds' is inf"),
        ("m,1.1.1,5,9,0\n", "'seconds' is '1.1.1'"),
        ("m,0.1,5,9,0\na,b\n", "line 2: no row of model"),
        ("", "0 runs"),
    ],
)
def test_damaged_rows_are_one_line(read, text, message):
    with pytest.raises(DataError, match=message):
        read(text)
