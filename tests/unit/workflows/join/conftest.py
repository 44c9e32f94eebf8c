"""A small run that timed nothing, its executor as a file, and logs of its models."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from tests.models.linear import linear

from quantassay.claims.executors.document import executor_document
from quantassay.claims.executors.reading import read_executor
from quantassay.records.executor import ExecutorSpecification
from quantassay.workflows.executor import executor
from quantassay.workflows.join import Pair, join
from quantassay.workflows.run import run

N, CLASSES = 300, 4
RUBRIC: dict[str, Any] = {
    "rubric": "joined/1",
    "task": {
        "name": "argmax",
        "data": {"path": "test.parquet", "id": "id", "input": "x", "target": "target"},
        "outputs": {"kind": "logits"},
        "composition": "in-domain",
        "clusters": "independent",
    },
    "metrics": [{"name": "top1", "margin": 0.05}],
    "reference": "fp32",
    "variants": {"fp32": {"model": "fp32.onnx"}, "low": {"model": "low.onnx"}},
    "timing": None,
}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models, a finished run in ``out`` and ``executor.json``; not to be changed."""
    folder = tmp_path_factory.mktemp("joined")
    patch = pytest.MonkeyPatch()
    patch.setenv("QUANTASSAY_CACHE", str(tmp_path_factory.mktemp("cache")))
    patch.setenv("OMP_NUM_THREADS", "1")
    rng = np.random.default_rng(3)
    target = rng.integers(0, CLASSES, N)
    values = (rng.normal(0, 0.3, (N, CLASSES)) + np.eye(CLASSES)[target]).astype(np.float32)
    flat = pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), CLASSES)
    ids = [f"s{i:04d}" for i in range(N)]
    pq.write_table(pa.table({"id": ids, "x": flat, "target": target}), folder / "test.parquet")
    linear(folder / "fp32.onnx", np.eye(CLASSES))
    linear(folder / "low.onnx", np.eye(CLASSES) + rng.normal(0, 0.02, (CLASSES, CLASSES)))
    (folder / "assay.yaml").write_text(yaml.safe_dump(RUBRIC, sort_keys=False), "utf-8")
    run(folder / "assay.yaml", folder / "out")
    write_executor(executor(folder / "assay.yaml"), folder / "executor.json")
    patch.undo()
    return folder


def write_executor(found: ExecutorSpecification, path: Path) -> Path:
    path.write_text(json.dumps(executor_document(found)), "utf-8")
    return path


@dataclass
class Halves:
    """A copy of the run that may be changed, and what joins logs to it."""

    folder: Path

    def log(self, speed: float = 500.0, name: str = "perf.txt", first: str = "") -> Path:
        """Write what onnxruntime_perf_test prints of 1,000 queries."""
        text = (
            f"{first}Total inference time cost: {1000 / speed:g} s\n"
            "Total inference requests: 1000\n"
            f"Total inference run time: {1000 / speed:g} s\n"
            f"Number of inferences per second: {speed:g} \n"
        )
        (self.folder / name).write_text(text, "utf-8")
        return self.folder / name

    def bench(self, **changes: Any) -> Path:
        """Write a test of llama-bench."""
        row = {
            "build_commit": "0badcafe", "cpu_info": "", "gpu_info": "", "n_prompt": 0,
            "model_filename": "models/low.onnx", "n_gen": 100, "avg_ts": 100.0,
            "samples_ns": [10**9] * 3, **changes,
        }  # fmt: skip
        (self.folder / "bench.json").write_text(json.dumps([row]), "utf-8")
        return self.folder / "bench.json"

    def join(self, log: Path, **options: Any) -> Pair:
        """Join a log to variant ``low``, unless options say otherwise."""
        given = {
            "variant": "low",
            "model": self.folder / "low.onnx",
            "executor": self.folder / "executor.json",
            "samples_per_query": 8,
        }
        claim = options.pop("claim", self.folder / "out")
        return join(claim, log, **{**given, **options})

    def executor(self, change: Callable[[dict[str, Any]], object]) -> Path:
        """Write the executor with changed facts, digested anew as on another machine."""
        path = self.folder / "executor.json"
        found = read_executor(path)
        layers = {name: {"facts": dict(one.facts)} for name, one in found.layers.items()}
        own = found.variants["low"].layers
        mine = {name: {"facts": dict(one.facts)} for name, one in own.items()}
        change({"layers": layers, "low": mine})
        for name, one in layers.items():
            found.layers[name].facts.clear()  # type: ignore[attr-defined]
            found.layers[name].facts.update(one["facts"])  # type: ignore[attr-defined]
        for name, one in mine.items():
            own[name].facts.clear()  # type: ignore[attr-defined]
            own[name].facts.update(one["facts"])  # type: ignore[attr-defined]
        return write_executor(found, self.folder / "other.json")


@pytest.fixture
def halves(made: Path, tmp_path: Path) -> Halves:
    return Halves(shutil.copytree(made, tmp_path / "assay"))
