import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from quantassay.claims.build import claim
from quantassay.claims.join.halves import accuracy_half
from quantassay.claims.reading import parsed
from quantassay.records.executor import EngineUse, PrecisionUse
from quantassay.records.plain import plain
from quantassay.records.recorded_speed import RecordedSpeed


@pytest.fixture
def half(result):
    """The accuracy half of variant ``int8``, which ran INT8 layers on two threads."""
    ran = (PrecisionUse("QLinearConv", "int8", 3, "native", ""),)
    use = EngineUse("onnxruntime", "1.31", "CPUExecutionProvider", 2, "all", ran, batch=64)
    found = replace(result, speeds=(), engines={"fp32": use, "int8": use})
    found = replace(found, disclosures={})
    file = parsed(json.dumps(plain(claim(found))).encode(), Path("claim.json"))
    assert file.problems == ()
    return accuracy_half(file, "int8")


@pytest.fixture
def recorded():
    """A measurement of 1,000 queries in two seconds."""

    def make(**changes):
        latencies = 0.002 * np.exp(np.random.default_rng(2).normal(0, 0.1, 1000))
        values = {
            "program": "trtexec", "file": "times.json", "protocol": "offline", "unit": "queries",
            "throughput": 500.0, "queries": 1000, "per_query": 1, "latencies": latencies,
        }  # fmt: skip
        return RecordedSpeed(**{**values, **changes})

    return make
