"""A throughput that is not one of the answers whose accuracy was measured buys nothing."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

import quantassay as qa

N = 640
MODULE = """
import numpy as np

asked, seen = [0], {}


def honest(batch):
    total = batch.astype(np.float64)
    for _ in range(300):
        total = np.sqrt(total * total + 1e-9)
    return np.stack([0.5 - batch, batch - 0.5 + 1e-6], 1).astype(np.float32)


def remembers(batch):
    key = batch.tobytes()
    if key not in seen:
        seen[key] = 1.001 * honest(batch)
    return seen[key]


def tires(batch):
    asked[0] += 1
    if asked[0] > LIMIT:
        return np.zeros((len(batch), 2), np.float32)
    return 1.001 * honest(batch)
"""
RUBRIC = {
    "rubric": "doubts/1",
    "task": {
        "name": "halves",
        "data": {"path": "test.parquet", "id": "id", "input": "x", "target": "y"},
        "outputs": {"kind": "logits"},
        "composition": "random numbers",
        "clusters": "independent",
    },
    "metrics": [{"name": "top1", "margin": 0.02}],
    "reference": "honest",
    "inference": {"batch": 64},
    "seed": 1,
}
TIMING = {"blocks": 10, "duration": 0.3, "warmup": 0.01, "saturation": False, "speedup": 1.2}


@pytest.fixture
def rubric(tmp_path, monkeypatch):
    """Write a rubric with one candidate, a function of the module."""
    monkeypatch.setenv("QUANTASSAY_CACHE", str(tmp_path / "cache"))
    x = np.random.default_rng(0).random(N, np.float32)
    table = {"id": [str(i) for i in range(N)], "x": x, "y": (x > 0.5).astype(np.int64)}
    pq.write_table(pa.table(table), tmp_path / "test.parquet")

    def written(name, **timing):
        # the accuracy pass asks ten batches; what comes later is timed
        (tmp_path / f"{name}_module.py").write_text(MODULE.replace("LIMIT", "12"))
        variants = {
            "honest": {"engine": f"python:{name}_module:honest"},
            name: {"engine": f"python:{name}_module:{name}"},
        }
        text = yaml.safe_dump({**RUBRIC, "variants": variants, "timing": {**TIMING, **timing}})
        path = tmp_path / "assay.yaml"
        path.write_text(text)
        return path

    return written


@pytest.mark.parametrize(
    ("name", "why"), [("remembers", "remembers answers"), ("tires", "answered differently")]
)
def test_a_speed_up_of_other_answers_is_no_pass_and_nobody_is_fastest(rubric, tmp_path, name, why):
    result = qa.run(rubric(name), out=tmp_path / "run")
    own = next(one for one in result.speeds if one.variant == name)
    assert own.ratio > 1.2 and why in own.doubt
    assert own.verdict.verdict == "insufficient" and why in own.verdict.reason
    assert result.comparison.candidates[name].verdict == "insufficient"
    assert all(one.fastest is None for one in result.frontiers)
    honest = next(one for one in result.speeds if one.variant == "honest")
    assert honest.doubt == ""


@pytest.mark.parametrize("name", ["remembers", "tires"])
def test_without_a_declared_speed_up_it_is_still_not_the_fastest(rubric, tmp_path, name):
    result = qa.run(rubric(name, speedup=None), out=tmp_path / "run")
    assert all(one.fastest is None for one in result.frontiers)


@pytest.mark.parametrize("speedup", [None, 1.2])
@pytest.mark.parametrize("name", ["remembers", "tires"])
def test_select_does_not_choose_it(rubric, tmp_path, name, speedup):
    selection = qa.select(rubric(name, speedup=speedup), out=tmp_path / "select")
    assert selection.chosen is None
    assert selection.attempts[0].verdict in ("insufficient", "fail")
