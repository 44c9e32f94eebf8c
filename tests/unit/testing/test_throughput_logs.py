from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from quantassay import plugins
from quantassay.readers.throughput.vllm import Vllm
from quantassay.testing import check_throughput_log

LOGS = Path(__file__).parents[2] / "fixtures" / "throughput"
OURS = {
    "llama_bench": "llama_bench/bench.jsonl",
    "mlperf": "mlperf/server",
    "onnxruntime_perf_test": "onnxruntime_perf_test/result.csv",
    "trtexec": "trtexec",
    "vllm": "vllm/serve.json",
}


@pytest.mark.parametrize("name", plugins.names("throughput_logs"))
def test_ours_obey(name):
    check_throughput_log(plugins.load("throughput_logs", name), LOGS / OURS[name])


class Eager(Vllm):
    @staticmethod
    def recognizes(path):
        return True


class Silent(Vllm):
    tells = ""


class Endless(Vllm):
    @staticmethod
    def read_speed(path):
        return [replace(one, throughput=float("inf")) for one in Vllm.read_speed(path)]


class Careless(Vllm):
    @staticmethod
    def read_speed(path):
        return Vllm.read_speed(path) if path.read_text() else [][0]


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        (Eager, "recognizes a path that is not there"),
        (Silent, "tells is ''"),
        (Endless, "inf a second"),
        (Careless, "what is cut short is refused"),
    ],
)
def test_a_reader_that_breaks_a_law(reader, words):
    with pytest.raises(AssertionError, match=words):
        check_throughput_log(reader, LOGS / OURS["vllm"])
