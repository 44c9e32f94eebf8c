"""A candidate that is really 10 % faster: how often it is found so in runs of ten seconds.

``python -m benchmarks.timing.ten_percent --runs 100`` times two functions that hash the same
bytes, the reference a tenth more often than the candidate, and counts intervals (95 %) of the speed
ratio that lie above 1. The bar is 82 of 100.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .timed_runs import Asked, timed_runs

MODULE = """
import hashlib
import numpy as np

BYTES = bytes(200_000)


def work(batch, times):
    for _ in range(times):
        hashlib.sha256(BYTES)
    return np.zeros((len(batch), 2), np.float32)


def slow(batch):
    return work(batch, 11)


def fast(batch):
    return work(batch, 10)
"""
RUBRIC = """
rubric: ten-percent/1
task:
  name: hashing
  data: {{path: test.parquet, id: id, input: x, target: y}}
  outputs: {{kind: logits}}
  composition: zeros
  clusters: independent
metrics: [{{name: top1, margin: 0.02}}]
reference: slow
variants:
  slow: {{engine: "python:hashing:slow"}}
  fast: {{engine: "python:hashing:fast"}}
timing: {{blocks: BLOCKS, duration: DURATIONs, warmup: 500ms, saturation: false}}
seed: {seed}
"""


def main() -> None:
    asked = Asked.of(__doc__, duration=10.0)
    text = asked.rubric(RUBRIC)
    found_so = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        asked.load(),
    ):
        _write(Path(folder))
        for at, found in enumerate(timed_runs(text, Path(folder), asked.runs), 1):
            low, high = found["ratio_interval"]
            found_so += low > 1
            print(f"{at:4d}  {found['ratio']:.4f} [{low:.4f}, {high:.4f}]  above 1: {found_so}")
    print(f"10 % faster: found so in {found_so} of {asked.runs} runs (bar: 82 of 100)")


def _write(folder: Path) -> None:
    (folder / "hashing.py").write_text(MODULE)
    n = 640
    table = {
        "id": [str(i) for i in range(n)],
        "x": np.random.default_rng(0).random(n, np.float32),
        "y": np.zeros(n, np.int64),
    }
    pq.write_table(pa.table(table), folder / "test.parquet")


if __name__ == "__main__":
    main()
