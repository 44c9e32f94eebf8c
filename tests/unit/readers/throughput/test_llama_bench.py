import json

import pytest

from quantassay.errors import DataError
from quantassay.readers.throughput.llama_bench import LlamaBench


@pytest.fixture
def rows(logs):
    return json.loads((logs / "llama_bench" / "bench.json").read_text(encoding="utf-8"))


@pytest.fixture
def read(tmp_path):
    def call(value):
        (tmp_path / "bench.json").write_text(json.dumps(value), encoding="utf-8")
        return LlamaBench.read_speed(tmp_path / "bench.json")

    return call


@pytest.mark.parametrize("name", ["bench.json", "bench.jsonl"])
def test_each_test_is_a_measurement(logs, rows, name):
    found = LlamaBench.read_speed(logs / "llama_bench" / name)
    assert [one.name for one in found] == ["pp512", "tg128"]
    assert [one.throughput for one in found] == [row["avg_ts"] for row in rows]
    assert {(one.unit, one.threads, one.model_bytes) for one in found} == {("tokens", 2, 1_000_000)}
    assert found[0].repeats == pytest.approx(rows[0]["samples_ts"], rel=1e-5)
    assert found[1].model == "models/tiny-lm-q4_0.gguf"


def test_depth_and_both_kinds_are_in_the_name(read, rows):
    rows[0] |= {"n_gen": 512, "n_depth": 64, "n_prompt": 0}
    assert read(rows[:1])[0].name == "tg512 @ d64"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"avg_ts": 1.0}, "'avg_ts' is 1, but the mean of its repetitions"),
        ({"avg_ts": float("nan")}, "'avg_ts' is nan"),
        ({"avg_ts": None}, "does not tell 'avg_ts'"),
        ({"samples_ns": []}, "holds no repetition"),
        ({"samples_ns": [1, -1]}, "is -1, no figure"),
        ({"samples_ns": "5"}, "no list of figures"),
        ({"samples_ts": [1.0]}, "1 'samples_ts' for 5 'samples_ns'"),
        ({"samples_ts": [1.0] * 5}, "tokens over its nanoseconds"),
        ({"n_prompt": 0}, "nothing was computed"),
        ({"n_threads": 1.5}, "'n_threads' is 1.5, no count"),
    ],
)
def test_what_contradicts_itself_is_refused(read, rows, change, message):
    with pytest.raises(DataError, match=message) as raised:
        read([{**rows[0], **change}])
    assert "bench.json, test 1" in str(raised.value)


@pytest.mark.parametrize(("value", "message"), [([], "holds no test"), ([3], "holds int")])
def test_what_is_no_test_is_refused(read, value, message):
    with pytest.raises(DataError, match=message):
        read(value)
