from __future__ import annotations

import json
import subprocess
import sys
import threading
from time import perf_counter, sleep

import numpy as np
import pytest

from quantassay.errors import InputError
from quantassay.timing.loadgen import run as loadgen_run
from quantassay.timing.loadgen.drivers import LoadGen, LoadGenArrivals
from quantassay.timing.loadgen.log import samples
from quantassay.timing.workload import workload


class Noting:
    """Answers after a while, and notes what it was asked and when."""

    def __init__(self, seconds=0.0):
        self.seconds, self.asked, self.times = seconds, [], []

    def __call__(self, feeds):
        start = perf_counter()
        sleep(self.seconds)
        self.asked.append(feeds["x"].ravel().tolist())
        self.times.append(perf_counter() - start)
        return {}


@pytest.fixture
def eights(batches):
    return workload(batches(8, 8, 8), 8, 8)


@pytest.fixture
def ones(batches):
    return lambda count, batch=1: workload(batches(count), batch, 1)


@pytest.mark.parametrize("protocol", ["offline", "single-stream", "multi-stream"])
def test_exactly_the_chosen_queries_are_asked_in_their_order(protocol, eights):
    work = Noting()
    trial = LoadGen(protocol).trial("a", work, eights, [2, 0, 2, 1], seed=5)
    assert [asked[0] for asked in work.asked] == [16, 0, 16, 8]
    assert len(trial.latencies) == 4
    assert trial.samples == 32
    assert trial.rate is None


@pytest.mark.parametrize("protocol", ["offline", "single-stream", "multi-stream"])
@pytest.mark.parametrize("queries", [1, 2, 300])
def test_any_number_of_queries_runs(protocol, queries, eights):
    trial = LoadGen(protocol).trial("a", lambda feeds: {}, eights, [0] * queries, seed=0)
    assert len(trial.latencies) == queries
    assert trial.span == pytest.approx(trial.latencies.sum())


@pytest.mark.parametrize("protocol", ["offline", "single-stream", "multi-stream"])
def test_latencies_are_those_of_the_variant_and_a_little_of_loadgen(protocol, eights):
    work = Noting(0.003)
    trial = LoadGen(protocol).trial("a", work, eights, [0, 1, 2] * 5, seed=0)
    beyond = trial.latencies - np.array(work.times)
    assert (beyond > 0).all(), "its clock starts before ours and ends after it"
    assert np.median(beyond) < 0.003, "LoadGen's own work is microseconds"


@pytest.mark.parametrize("batch", [1, 4])
def test_server_counts_from_arrival_and_joins_what_waits(batch, ones):
    work = Noting(0.002)
    found = LoadGenArrivals()(work, ones(60, batch), list(range(60)), 2000.0, seed=3)
    asked = [one for call in work.asked for one in call]
    assert asked == list(range(60)), "in order of arrival"
    assert max(map(len, work.asked)) == batch
    assert found.calls.sizes.tolist() == [len(call) for call in work.asked]
    assert (np.diff(found.arrivals) >= 0).all()
    assert found.arrivals[-1] == pytest.approx(60 / 2000, rel=0.5)
    assert found.latencies[-1] > 0.01, "a queue built up"


def test_arrivals_come_from_the_seed(ones):
    def arrivals(seed):
        return LoadGenArrivals()(lambda feeds: {}, ones(20), list(range(20)), 5000.0, seed).arrivals

    assert arrivals(1) == pytest.approx(arrivals(1), abs=1e-8)
    assert arrivals(1) != pytest.approx(arrivals(2), abs=1e-8)


@pytest.mark.parametrize("protocol", ["offline", "single-stream", "multi-stream", "server"])
@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("at", [0, 7])
def test_what_a_variant_raises_is_raised_and_nothing_hangs(protocol, kind, at, ones):
    asked = []

    def run(feeds):
        asked.append(feeds)
        if len(asked) > at:
            raise kind("of the model")

    load, chosen = ones(20), list(range(20))
    with pytest.raises(kind, match="of the model"):
        if protocol == "server":
            LoadGenArrivals()(run, load, chosen, 2000.0, 0)
        else:
            LoadGen(protocol).trial("a", run, load, chosen, 0)
    assert len(asked) == at + 1, "nothing is asked after it"
    trial = LoadGen("single-stream").trial("a", lambda feeds: {}, load, chosen, 0)
    assert len(trial.latencies) == 20, "and LoadGen still works"


INTERRUPTED = """
import signal
import numpy as np
from quantassay.timing.loadgen.drivers import LoadGen
from quantassay.timing.workload import workload

signal.signal(signal.SIGINT, signal.default_int_handler)
asked = []


def run(feeds):
    asked.append(feeds)
    if len(asked) == 3:
        signal.raise_signal(signal.SIGINT)


try:
    load = workload([(0, {"x": np.arange(20.0)[:, None]})], 1, 1)
    LoadGen("single-stream").trial("a", run, load, list(range(20)), 0)
except KeyboardInterrupt:
    print(len(asked), signal.getsignal(signal.SIGINT) is signal.default_int_handler)
"""


def test_an_interrupt_ends_the_trial():
    # in a process of its own, as one that goes astray would end the process of the tests
    ran = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "3 True\n"), ran.stderr


def test_it_runs_in_a_thread(ones):
    found = []
    work = threading.Thread(
        target=lambda: found.append(
            LoadGen("single-stream").trial("a", lambda feeds: {}, ones(5), [0, 1, 2], 0)
        )
    )
    work.start()
    work.join()
    assert len(found[0].latencies) == 3


def test_nothing_is_printed_or_left_behind(tmp_path, monkeypatch, capfd, eights):
    temporary, working = tmp_path / "temporary", tmp_path / "working"
    temporary.mkdir()
    working.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.chdir(working)
    for protocol in ("offline", "single-stream", "multi-stream"):
        LoadGen(protocol).trial("a", lambda feeds: {}, eights, [0, 1], 0)
    assert not list(tmp_path.rglob("*.*"))
    assert capfd.readouterr() == ("", "")


def test_an_audit_file_in_the_working_directory_changes_nothing(tmp_path, monkeypatch, eights):
    (tmp_path / "audit.config").write_text("*.*.min_query_count = 50\n*.*.mode = 2\n")
    monkeypatch.chdir(tmp_path)
    trial = LoadGen("single-stream").trial("a", lambda feeds: {}, eights, [0, 1], 0)
    assert len(trial.latencies) == 2


def test_a_test_that_ends_early_is_not_used():
    def serve(issued, complete):
        sleep(0.002)
        complete(issued)

    with pytest.raises(
        InputError, match=r"did not run the test as asked: .*'timing: \{driver: own"
    ):
        loadgen_run.tested("single-stream", 100, 100, {"max_duration_ms": 1}, 0, serve)


@pytest.fixture
def logged(tmp_path, monkeypatch, eights):
    """Return a folder with the log of a test."""

    class Kept:
        def __init__(self, prefix):
            pass

        def __enter__(self):
            return str(tmp_path)

        def __exit__(self, *error):
            pass

    monkeypatch.setattr(loadgen_run, "TemporaryDirectory", Kept)
    LoadGen("single-stream").trial("a", lambda feeds: {}, eights, [0, 1, 2], 0)
    return tmp_path


def test_the_log_is_read(logged):
    found = samples(logged, 3)
    assert found.query.tolist() == [0, 1, 2]
    assert (np.diff(found.scheduled) > 0).all()
    assert (found.latency > 0).all()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("result_min_queries_met", False, "result_min_queries_met is False"),
        ("result_min_duration_met", False, "result_min_duration_met is False"),
        ("result_max_latency_ns", 1, "the longest latency of its trace"),
    ],
)
def test_a_log_that_says_otherwise_is_refused(logged, key, value, words):
    path = logged / "mlperf_log_detail.txt"
    lines = path.read_text().splitlines()
    entries = [json.loads(line.removeprefix(":::MLLOG ")) for line in lines]
    for entry in entries:
        if entry["key"] == key:
            entry["value"] = value
    path.write_text("".join(f":::MLLOG {json.dumps(entry)}\n" for entry in entries))
    with pytest.raises(InputError, match=words):
        samples(logged, 3)


def test_an_error_in_the_log_is_refused(logged):
    path = logged / "mlperf_log_detail.txt"
    path.write_text(
        path.read_text()
        + ':::MLLOG {"key": "error_runtime", "value": "too hot", "metadata": {"is_error": true}}\n'
    )
    with pytest.raises(InputError, match="too hot"):
        samples(logged, 3)


def test_a_trace_that_lacks_samples_is_refused(logged):
    with pytest.raises(InputError, match="4 samples were to be issued, its trace has 3"):
        samples(logged, 4)


def test_the_module_is_loaded_only_when_it_is_used():
    code = "import quantassay.timing.drivers, sys; sys.exit('mlperf_loadgen' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
