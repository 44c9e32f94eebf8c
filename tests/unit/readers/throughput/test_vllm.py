import json

import pytest

from quantassay.errors import DataError
from quantassay.readers.throughput.vllm import Vllm


@pytest.fixture
def served(logs):
    return json.loads((logs / "vllm" / "serve.json").read_text(encoding="utf-8"))


@pytest.fixture
def read(tmp_path):
    def call(*values):
        text = "\n".join(json.dumps(value) for value in values)
        (tmp_path / "log.json").write_text(text, encoding="utf-8")
        return Vllm.read_speed(tmp_path / "log.json")

    return call


def test_serving_counts_requests_and_tokens(read, served):
    found = read(served)
    assert [one.name for one in found] == ["requests", "output tokens", "total tokens"]
    assert [one.unit for one in found] == ["requests", "tokens", "tokens"]
    assert found[0].throughput == served["request_throughput"]
    assert len(found[0].latencies) == 64
    assert found[0].percentiles[0.99] == pytest.approx(served["p99_e2el_ms"] / 1000)
    assert found[0].facts["median_ttft_ms"] == "41"
    assert (found[0].protocol, found[0].rate) == ("offline", None)
    assert found[0].model == "made-up/tiny-lm-w4a16"


def test_an_arrival_rate_makes_it_a_server(read, served):
    found = read({**served, "request_rate": 4.0})[0]
    assert (found.protocol, found.rate) == ("server", 4)


def test_failed_requests_are_told_and_their_times_left_out(read, served):
    kept = {**served, "failed": 2, "num_prompts": 66, "latencies": [*served["latencies"], 0, 0]}
    found = read(kept)[0]
    assert found.notes == ("2 requests failed: the figure is of the others",)
    assert not len(found.latencies)


def test_offline_and_latency(logs):
    found = Vllm.read_speed(logs / "vllm" / "throughput.json")
    assert [(one.name, one.throughput) for one in found] == [
        ("requests", 16),
        ("total tokens", 4896),
    ]
    (one,) = Vllm.read_speed(logs / "vllm" / "latency.json")
    assert (one.unit, one.queries) == ("queries", 30)
    assert one.throughput == pytest.approx(1 / one.latencies.mean())


def test_results_that_were_appended_have_numbers(read, served):
    names = [one.name for one in read(served, served)]
    assert names[0] == "requests, result 1"
    assert names[3] == "requests, result 2"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"request_throughput": 1.0}, "'request_throughput' is 1, but completed over the duration"),
        ({"output_throughput": 1.0}, "'output_throughput' is 1, but"),
        ({"total_token_throughput": 9.0}, "'total_token_throughput' is 9, but tokens over"),
        ({"duration": 0}, "'duration' is 0, not above zero"),
        ({"duration": float("nan")}, "'duration' is nan"),
        ({"completed": 0}, "'completed' is 0"),
        ({"completed": 65}, "65 completed and 0 failed of 64 prompts"),
        ({"request_rate": -2}, "'request_rate' is -2"),
        ({"p99_e2el_ms": 1.0}, "'p99_e2el_ms' is 1, below 'median_e2el_ms'"),
        ({"mean_ttft_ms": "x"}, "'mean_ttft_ms' is 'x'"),
        ({"latencies": [1, None]}, "does not tell"),
    ],
)
def test_what_contradicts_itself_is_refused(read, served, change, message):
    with pytest.raises(DataError, match=message):
        read({**served, **change})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ({"elapsed_time": 1}, "tells none of request_throughput"),
        ({"avg_latency": 1, "latencies": []}, "holds no iteration"),
        ({"avg_latency": 1, "latencies": [3.0]}, "'avg_latency' is 1, but the mean"),
        ([1], "holds list"),
    ],
)
def test_what_is_no_benchmark_is_refused(read, value, message):
    with pytest.raises(DataError, match=message):
        read(value)
