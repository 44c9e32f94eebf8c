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
    print("much " * 100_000)
    raise ValueError("no such thing")

def texts(batch):
    if [type(one) for one in batch] != [str, str]:
        raise TypeError(f"not texts: {batch!r}")
    return np.array([1, 2])

def endless(batch):
    while True:
        pass
"""
FEEDS = [{"odd name: 0": np.zeros((4, 2), np.float32)}]


@pytest.fixture
def options(tmp_path):
    (tmp_path / "memory_of_mine.py").write_text(SERVING)
    return {"function": "memory_of_mine:predict", "folder": tmp_path}


def test_growth_of_a_fresh_process(options):
    found, note = peak_memory("python", None, options, FEEDS)
    assert 35_000_000 < found < 400_000_000
    assert "answers one query" in note


def test_what_could_not_be_measured_is_none_with_the_reason(options):
    found, note = peak_memory(
        "python", None, {**options, "function": "memory_of_mine:broken"}, FEEDS
    )
    assert found is None
    assert "no such thing" in note


def test_texts_are_asked_as_texts(options):
    texts = [{"": np.array(["one", "another"], object)}]
    found, note = peak_memory(
        "python", None, {**options, "function": "memory_of_mine:texts"}, texts
    )
    assert found is not None, note


def test_a_process_that_does_not_end_is_ended(options):
    found, note = peak_memory(
        "python", None, {**options, "function": "memory_of_mine:endless"}, FEEDS, patience=3
    )
    assert (found, note) == (None, "not measured: the process that measures it took over 3 s")


def test_the_memory_of_a_server_is_not_that_of_its_client():
    found, note = peak_memory("endpoint", None, {"url": "http://localhost:1"}, FEEDS)
    assert found is None
    assert "what answers is elsewhere" in note
