from __future__ import annotations

import os

import numpy as np
import pytest

from quantassay.timing.memory import peak_memory

pytestmark = pytest.mark.skipif(os.name == "nt", reason="not measured on this system")

SERVING = """
import numpy as np
kept = []

def predict(batch):
    kept.append(np.ones(40_000_000 // 8))
    return np.zeros(len(batch["odd name: 0"]))

def broken(batch):
    raise ValueError("no such thing")
"""
FEEDS = [{"odd name: 0": np.zeros((4, 2), np.float32)}]


@pytest.fixture
def options(tmp_path):
    (tmp_path / "memory_of_mine.py").write_text(SERVING)
    return {"function": "memory_of_mine:predict", "folder": tmp_path}


def test_growth_of_a_fresh_process(options):
    found, note = peak_memory("python", None, options, FEEDS)
    assert 35_000_000 < found < 400_000_000
    assert "runs 1 batches" in note


def test_what_could_not_be_measured_is_none_with_the_reason(options):
    found, note = peak_memory(
        "python", None, {**options, "function": "memory_of_mine:broken"}, FEEDS
    )
    assert found is None
    assert "no such thing" in note
