import pytest

from quantassay import plugins
from quantassay.errors import InputError, PluginError
from quantassay.readers.throughput.recognized import throughput_reader_of

KNOWN = {
    "llama_bench/bench.json": "llama_bench",
    "llama_bench/bench.jsonl": "llama_bench",
    "mlperf/offline": "mlperf",
    "mlperf/offline/mlperf_log_summary.txt": "mlperf",
    "onnxruntime_perf_test/printed.txt": "onnxruntime_perf_test",
    "onnxruntime_perf_test/result.csv": "onnxruntime_perf_test",
    "trtexec": "trtexec",
    "trtexec/printed.txt": "trtexec",
    "trtexec/times.json": "trtexec",
    "vllm/latency.json": "vllm",
    "vllm/serve.json": "vllm",
    "vllm/throughput.json": "vllm",
}


def test_every_format_has_a_log(logs):
    assert set(KNOWN.values()) == set(plugins.names("throughput_logs"))


@pytest.mark.parametrize("name", KNOWN)
def test_every_log_is_recognized_by_its_reader_alone(logs, name):
    assert throughput_reader_of(logs / name).name == KNOWN[name]
    found = throughput_reader_of(logs / name, KNOWN[name]).read_speed(logs / name)
    assert all(one.throughput > 0 and one.queries > 0 for one in found)


def test_what_no_reader_knows_is_refused(tmp_path):
    (tmp_path / "other.txt").write_text("hello")
    with pytest.raises(InputError, match="no throughput log of a known format"):
        throughput_reader_of(tmp_path / "other.txt")
    with pytest.raises(InputError, match=r"no such file .*did you mean 'other\.txt'"):
        throughput_reader_of(tmp_path / "othr.txt")
    with pytest.raises(PluginError, match="vlm"):
        throughput_reader_of(tmp_path / "other.txt", "vlm")
