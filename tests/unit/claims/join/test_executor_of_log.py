from pathlib import Path

import pytest

from quantassay.claims.join.executor_of_log import told_of_executor
from quantassay.errors import InputError
from quantassay.records.executor import ExecutorSpecification, Layer

LOG = Path("log")
FACTS = {
    "processor": Layer({"model": "AMD EPYC 7", "architecture": "x86_64"}),
    "driver": Layer({"NVIDIA devices": ("NVIDIA A100, 8.0, 80 GiB",)}),
}


@pytest.fixture
def told(half, recorded):
    def call(**changes):
        executor = ExecutorSpecification("2026-01-01", FACTS)
        found = recorded(**{"runtime": "onnxruntime", **changes})
        return list(told_of_executor(LOG, found, half, executor))

    return call


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"threads": 2},
        {"processor": "amd  EPYC 7"},
        {"device": "NVIDIA A100"},
        {"layers": {"int8": 5, "fp32": 1, "reformat": 2}},
        {"facts": {"provider": "CPUExecutionProvider"}},
    ],
)
def test_what_fits_is_taken_in_silence(told, changes):
    assert told(**changes) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"runtime": "TensorRT"}, r"trtexec runs TensorRT, .* ran in onnxruntime \(CPUExec"),
        ({"runtime": "vLLM"}, "runs vLLM"),
        ({"threads": 3}, "says 3 threads, and the accuracy half ran on 2"),
        ({"processor": "Intel Xeon"}, "says processor 'Intel Xeon'"),
        ({"device": "NVIDIA H200"}, "says device 'NVIDIA H200', .* has NVIDIA A100"),
        ({"layers": {"int8": 5, "fp16": 1}}, "has layers in fp16, int8, .* computed in int8"),
        ({"layers": {"fp32": 5}}, "has layers in no low precision"),
        ({"facts": {"provider": "CUDAExecutionProvider"}}, "says CUDAExecutionProvider"),
    ],
)
def test_what_contradicts_the_executor_is_refused(told, changes, message):
    with pytest.raises(InputError, match=message) as raised:
        told(**changes)
    assert str(raised.value).startswith("log: ")


def test_a_program_that_names_no_runtime_is_said(told):
    assert told(runtime="") == [
        "trtexec does not say what computed: engine and version are those declared"
    ]
