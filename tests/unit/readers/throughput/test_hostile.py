"""Whatever a file holds: a measurement with figures that can be, or one line of error."""

import json
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quantassay import plugins
from quantassay.errors import DataError

LOGS = Path(__file__).parents[3] / "fixtures" / "throughput"
FILES = {
    "llama_bench": "llama_bench/bench.json",
    "mlperf": "mlperf/server/mlperf_log_detail.txt",
    "onnxruntime_perf_test": "onnxruntime_perf_test/printed.txt",
    "trtexec": "trtexec/printed.txt",
    "vllm": "vllm/serve.json",
}
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def survives(name: str, path: Path) -> None:
    """Read a file: what comes of it are figures, or one printable line."""
    try:
        found = plugins.load("throughput_logs", name).read_speed(path)
    except DataError as error:
        assert "\n" not in str(error)
        return
    assert found
    for one in found:
        assert isfinite(one.throughput) and one.throughput > 0
        assert one.queries > 0
        assert all(isfinite(value) and value > 0 for value in one.percentiles.values())
        assert all(text.isprintable() for text in (*one.facts.values(), one.model, one.name))


@pytest.mark.parametrize("name", FILES)
@FEW
@given(data=st.data())
def test_bytes_are_lost_or_changed(name, data, tmp_path):
    content = bytearray((LOGS / FILES[name]).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=12))
    path = tmp_path / Path(FILES[name]).name
    path.write_bytes(content)
    if name == "mlperf":
        summary = (LOGS / "mlperf/server/mlperf_log_summary.txt").read_bytes()
        (tmp_path / "mlperf_log_summary.txt").write_bytes(summary)
    survives(name, path)


@pytest.mark.parametrize("name", ["llama_bench", "vllm"])
@FEW
@given(data=st.data())
def test_values_are_others(name, data, tmp_path):
    value = json.loads((LOGS / FILES[name]).read_text(encoding="utf-8"))
    row = value[0] if isinstance(value, list) else value
    for key in data.draw(st.lists(st.sampled_from(sorted(row)), min_size=1, max_size=4)):
        row[key] = data.draw(VALUES)
    path = tmp_path / "log.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    survives(name, path)


@pytest.mark.parametrize("name", plugins.names("throughput_logs"))
@FEW
@given(value=VALUES)
def test_any_json_is_read_or_refused(name, value, tmp_path):
    path = tmp_path / "log.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    survives(name, path)


@pytest.mark.parametrize("name", plugins.names("throughput_logs"))
@pytest.mark.parametrize(
    "content", [b"", b"[", b"\xff\xfe", b"[" * 100_000, b"{}", b"null", b"\0" * 99]
)
def test_what_is_no_log_is_refused(name, content, tmp_path):
    path = tmp_path / "log.json"
    path.write_bytes(content)
    with pytest.raises(DataError):
        plugins.load("throughput_logs", name).read_speed(path)


@pytest.mark.parametrize("name", plugins.names("throughput_logs"))
def test_a_folder_is_refused(name, tmp_path):
    assert plugins.load("throughput_logs", name).recognizes(tmp_path) is False
    with pytest.raises(DataError):
        plugins.load("throughput_logs", name).read_speed(tmp_path)
